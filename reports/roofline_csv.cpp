#include <fmt/format.h>

#include <utility>

#include "reports/format.hpp"
#include "reports/roofline_report.hpp"

namespace ridgeline::reports {
namespace {

/// (header, value) of each column; all rows have the same headers.
using Fields = std::vector<std::pair<std::string, std::string>>;

template <class Value>
void put(Fields& fields, std::string header, const Value& value) {
  fields.emplace_back(std::move(header), fmt::format("{}", value));
}

void put_optional(Fields& fields, std::string header, const std::optional<double>& value) {
  fields.emplace_back(std::move(header), value ? fmt::format("{}", *value) : "");
}

void put_level(Fields& fields, Roof roof, const LevelPoint& level) {
  const std::string prefix = std::string(roof_name(roof)) + '_';
  put(fields, prefix + "bytes", level.bytes);
  put(fields, prefix + "compulsory_bytes", level.compulsory_bytes);
  put(fields, prefix + "cycles", level.cycles);
  put_optional(fields, prefix + "macs_per_byte", level.macs_per_byte);
  put_optional(fields, prefix + "optimal_macs_per_byte", level.optimal_macs_per_byte);
  put(fields, prefix + "roof_macs_per_cycle", level.roof_macs_per_cycle);
}

void put_energy(Fields& fields, const EnergyPoint& energy) {
  put(fields, "energy_total", energy.total);
  put(fields, "energy_mac", energy.mac);
  put(fields, "energy_on_chip", energy.on_chip);
  put(fields, "energy_dram", energy.dram);
  put(fields, "energy_leakage", energy.leakage);
  put(fields, "macs_per_energy", energy.macs_per_energy);
  put(fields, "roof_macs_per_energy", energy.roof_macs_per_energy);
}

Fields fields_of(const RooflineAnalysis& analysis, const RooflineLayer& layer) {
  Fields fields;
  put(fields, "network", analysis.network);
  put(fields, "architecture", analysis.arch);
  put(fields, "layer", layer.name);
  put(fields, "op", layer.op);
  put(fields, "dataflow", layer.dataflow);
  put(fields, "macs", layer.macs);
  put(fields, "vector_operations", layer.vector_operations);
  put(fields, "cycles", layer.cycles.count());
  put(fields, "bound", roof_name(layer.bound));
  put(fields, "roof_cycles", layer.roof_cycles);
  put(fields, "headroom_cycles", layer.headroom_cycles);
  put(fields, "percent_of_roof", layer.percent_of_roof);
  put(fields, "roof_macs_per_cycle", layer.roof_macs_per_cycle);
  put(fields, "attained_macs_per_cycle", layer.attained_macs_per_cycle);
  put(fields, "pe_array_cycles", layer.pe_array_cycles);
  put(fields, "vector_unit_cycles", layer.vector_unit_cycles);
  for (const Roof roof : kMemoryRoofs) put_level(fields, roof, layer.at(roof));
  put(fields, "peak_pe_cycles", layer.waterfall.peak);
  for (const auto& loss : LossWaterfall::losses()) {
    put(fields, std::string(loss.name) + "_pe_cycles", layer.waterfall.*loss.member);
  }
  put(fields, "energy_unit", analysis.energy.unit);
  put_energy(fields, layer.energy);
  return fields;
}

}  // namespace

std::string render_roofline_csv(const RooflineAnalysis& analysis) {
  std::vector<std::string> cells;
  for (auto& [header, value] : fields_of(analysis, analysis.total)) cells.push_back(header);
  std::string text = csv_record(cells);
  const auto add = [&](const RooflineLayer& layer) {
    cells.clear();
    for (auto& [header, value] : fields_of(analysis, layer)) cells.push_back(value);
    text += csv_record(cells);
  };
  for (const RooflineLayer& layer : analysis.layers) add(layer);
  add(analysis.total);
  return text;
}

}  // namespace ridgeline::reports
