#include <fmt/format.h>

#include "models/arch/architecture.hpp"
#include "models/cost/energies.hpp"
#include "reports/describe.hpp"
#include "reports/format.hpp"
#include "reports/run_text.hpp"
#include "reports/table.hpp"

namespace ridgeline::reports {
namespace {

std::string text_of(const Technology& technology) {
  std::string text = fmt::format("{} nm", technology.nm);
  if (technology.volts) text += fmt::format(", {} V", *technology.volts);
  return text;
}

/// "0.2 a bit".
struct FormText {
  std::string operator()(const PerAction& form) const { return fmt::format("{}", form.energy); }
  std::string operator()(const PerBit& form) const { return fmt::format("{} a bit", form.energy); }
  std::string operator()(const PerBitAndMillimetre& form) const {
    return fmt::format("{} a bit and mm, {} mm", form.energy, form.mm);
  }
  std::string operator()(const ByPrecision& form) const {
    return fmt::format("int8 {}, int16 {}, fp32 {}", form.int8, form.int16, form.fp32);
  }
  std::string operator()(const SizeCurve& form) const {
    std::string text = fmt::format("{} bits:", form.bits);
    for (const auto& [size, energy] : form.points) {
      text += fmt::format(" {} at {} B,", energy, size.count());
    }
    text.pop_back();
    return text + (form.between == Between::power ? ", by powers" : ", linear");
  }
  std::string operator()(const Milliwatts& form) const { return fmt::format("{} mW", form.power); }
};

}  // namespace

std::string energy_text(const EnergyTable& table) {
  std::string text =
      fmt::format("{}: energies in {}", printable(table.name), energy_unit_text(table));
  if (table.technology) text += ", " + text_of(*table.technology);
  text += "\n\n";
  Table rows{.columns = {{"action", Align::left},
                         {"energy", Align::left},
                         {"technology", Align::left},
                         {"source", Align::left}}};
  const auto put = [&](const char* action, double value) {
    for (const EnergyEntry& entry : table.entries) {
      if (entry.action == action) return;
    }
    rows.rows.push_back({action, fmt::format("{}", value), "", ""});
  };
  put("mac", table.mac);
  put("mac.gated", table.mac_gated);
  put("rf", table.rf);
  put("noc", table.noc);
  put("glb", table.glb);
  put("dram", table.dram);
  put("vector", table.vector);
  put("leakage", table.leakage_per_cycle);
  std::string sources;
  int number = 0;
  for (const EnergyEntry& entry : table.entries) {
    std::string note;
    if (!entry.source.empty()) {
      note = fmt::format("[{}]", ++number);
      sources += list_item(fmt::format("[{}] {}", number, entry.source));
    }
    rows.rows.push_back({entry.action, std::visit(FormText(), entry.form),
                         entry.technology ? text_of(*entry.technology) : "", note});
  }
  for (const ComponentArea& area : table.areas) {
    rows.rows.push_back({"area of " + printable(area.component),
                         fmt::format("{} um2", area.square_micrometres), "", ""});
  }
  return text + to_text(rows) + "\nSources\n" + list_item(table.source) + sources;
}

std::string resolved_energies_text(const Architecture& arch) {
  Table rows{.columns = {{"action", Align::left}, {"int8"}, {"int16"}, {"fp32"}}};
  const Energies of[]{energies_of(arch, Precision::int8), energies_of(arch, Precision::int16),
                      energies_of(arch, Precision::fp32)};
  for (const MachineAction& action : machine_actions()) {
    std::vector<std::string> row{action.path};
    for (const Energies& energies : of) {
      row.push_back(fmt::format("{:.4g}", energies.*action.energy));
    }
    rows.rows.push_back(std::move(row));
  }
  return to_text(rows);
}

}  // namespace ridgeline::reports
