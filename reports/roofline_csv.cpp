#include <fmt/format.h>

#include <utility>

#include "reports/format.hpp"
#include "reports/roofline_fields.hpp"
#include "reports/roofline_report.hpp"

namespace ridgeline::reports {
namespace {

/// (header, value) of each column; all rows have the same headers.
using Fields = std::vector<std::pair<std::string, std::string>>;

template <class Value>
void put(Fields& fields, std::string header, const Value& value) {
  fields.emplace_back(std::move(header), fmt::format("{}", value));
}
void put(Fields& fields, std::string header, const std::optional<double>& value) {
  fields.emplace_back(std::move(header), value ? fmt::format("{}", *value) : "");
}

/// All figures of a layer or level, headers with `prefix`.
template <class Figures>
void put_figures(Fields& fields, const std::string& prefix, const Figures& figures) {
  each_figure(figures,
              [&](const char* name, const auto& value) { put(fields, prefix + name, value); });
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
  put_figures(fields, "", layer);
  for (const Roof roof : kMemoryRoofs) {
    put_figures(fields, std::string(roof_name(roof)) + '_', layer.at(roof));
  }
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
