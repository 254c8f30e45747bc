#include <nlohmann/json.hpp>

#include "reports/roofline_fields.hpp"
#include "reports/roofline_report.hpp"

/// Schema ridgeline.roofline/1. Keys are only ever added. What has no value is null.
namespace ridgeline::reports {
namespace {

using Json = nlohmann::ordered_json;

template <class Value>
Json figure_json(const Value& value) {
  return value;
}
Json figure_json(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// All figures of a layer or level.
template <class Figures>
void put_figures(Json& json, const Figures& figures) {
  each_figure(figures,
              [&](const char* name, const auto& value) { json[name] = figure_json(value); });
}

Json waterfall_json(const LossWaterfall& waterfall) {
  Json json{{"peak", waterfall.peak}};
  for (const auto& loss : LossWaterfall::losses()) json[loss.name] = waterfall.*loss.member;
  json["macs"] = waterfall.macs;
  return json;
}

Json energy_json(const EnergyPoint& energy) {
  return {{"total", energy.total},
          {"mac", energy.mac},
          {"on_chip", energy.on_chip},
          {"dram", energy.dram},
          {"leakage", energy.leakage},
          {"macs_per_energy", energy.macs_per_energy},
          {"roof_macs_per_energy", energy.roof_macs_per_energy}};
}

Json layer_json(const RooflineLayer& layer) {
  Json json{{"name", layer.name}};
  put_figures(json, layer);
  for (const Roof roof : kMemoryRoofs) {
    put_figures(json["levels"][std::string(roof_name(roof))], layer.at(roof));
  }
  json["waterfall_pe_cycles"] = waterfall_json(layer.waterfall);
  json["energy"] = energy_json(layer.energy);
  return json;
}

Json energy_roofline_json(const EnergyRoofline& energy) {
  return {{"energy_per_mac", energy.energy_per_mac},
          {"multiplier_energy_per_mac", energy.multiplier_energy_per_mac},
          {"energy_per_dram_byte", energy.energy_per_dram_byte},
          {"static_energy_per_cycle", energy.static_energy_per_cycle},
          {"time_balance_macs_per_byte", energy.time_balance_macs_per_byte},
          {"energy_balance_macs_per_byte", energy.energy_balance_macs_per_byte},
          {"effective_balance_macs_per_byte", energy.effective_balance_macs_per_byte}};
}

Json levels_json(const RooflineAnalysis& analysis) {
  Json json = Json::array();
  for (const MemoryLevel& level : analysis.levels) {
    json.push_back({{"name", roof_name(level.roof)},
                    {"bytes_per_cycle", level.bytes_per_cycle},
                    {"ridge_macs_per_byte", level.ridge_macs_per_byte}});
  }
  return json;
}

Json measured_json(const RooflineAnalysis& analysis) {
  Json json = Json::array();
  for (const MeasuredRoof& roof : analysis.measured) {
    json.push_back({{"roof", roof_name(roof.roof)},
                    {"unit", roof.unit},
                    {"theoretical_per_cycle", roof.theoretical},
                    {"measured_per_cycle", roof.measured},
                    {"benchmark", roof.benchmark}});
  }
  return json;
}

}  // namespace

std::string render_roofline_json(const RooflineAnalysis& analysis) {
  Json layers = Json::array();
  for (const RooflineLayer& layer : analysis.layers) layers.push_back(layer_json(layer));
  Json document{{"schema", "ridgeline.roofline/1"},
                {"engine", analysis.engine},
                {"architecture", analysis.arch},
                {"network", analysis.network},
                {"precision", precision_name(analysis.precision)},
                {"clock_mhz", analysis.clock.count() / 1e6},
                {"energy_unit", analysis.energy.unit},
                {"peak_macs_per_cycle", analysis.peak_macs_per_cycle},
                {"peak_vector_operations_per_cycle", analysis.peak_vector_operations_per_cycle},
                {"levels", levels_json(analysis)},
                {"energy_roofline", energy_roofline_json(analysis.energy)},
                {"layers", std::move(layers)},
                {"total", layer_json(analysis.total)}};
  if (!analysis.measured.empty()) document["measured_roofs"] = measured_json(analysis);
  constexpr int kIndent = 1;
  return document.dump(kIndent, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace ridgeline::reports
