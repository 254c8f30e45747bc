#include <array>
#include <nlohmann/json.hpp>

#include "reports/html.hpp"
#include "reports/run_comparison.hpp"

/// Schema ridgeline.comparison/1, and the page that shows it. Keys are only ever added. The keys of
/// energy_pj carry energy_unit, as in the reports of runs.
namespace ridgeline::reports {
namespace {

using Json = nlohmann::ordered_json;

Json sums_json(const ReportSums& sums) {
  Json json{{"macs", sums.macs}, {"cycles", {{"total", sums.cycles}}}};
  for (const NamedCount& cause : sums.causes) json["cycles"][cause.name] = cause.count;
  json["latency_us"] = sums.latency_us;
  json["utilization"] = sums.utilization;
  json["dram_bytes"] = sums.dram_bytes;
  json["energy_pj"] = Json::object();
  for (const NamedValue& part : sums.components) json["energy_pj"][part.name] = part.value;
  json["energy_pj"]["total"] = sums.energy;
  json["bound"] = sums.bound;
  return json;
}

Json run_json(const RunReport& run) {
  return {{"file", run.file},
          {"network", run.network},
          {"arch", run.arch},
          {"total", sums_json(run.total)}};
}

Json layer_json(const ReportLayer& layer) {
  Json json{{"name", layer.name},         {"op", layer.op},     {"shape", layer.shape},
            {"dataflow", layer.dataflow}, {"tile", layer.tile}, {"order", layer.order}};
  json.update(sums_json(layer.sums));
  return json;
}

Json ratio_json(double a, double b) {
  return a > 0 ? Json(b / a) : Json();
}

Json pair_json(const LayerPair& pair) {
  return {{"a", layer_json(*pair.a)},
          {"b", layer_json(*pair.b)},
          {"matched_by", pair.by_name() ? "name" : "shape"},
          {"cycles_ratio", ratio_json(static_cast<double>(pair.a->sums.cycles),
                                      static_cast<double>(pair.b->sums.cycles))},
          {"energy_ratio", ratio_json(pair.a->sums.energy, pair.b->sums.energy)},
          {"changes", pair.changes},
          {"cycles_mostly", pair.cycles_by},
          {"energy_mostly", pair.energy_by}};
}

Json comparison_value(const RunComparison& comparison) {
  Json json{{"schema", "ridgeline.comparison/1"},
            {"energy_unit", comparison.a->energy_unit},
            {"a", run_json(*comparison.a)},
            {"b", run_json(*comparison.b)},
            {"settings", Json::array()},
            {"layers", Json::array()},
            {"only_a", Json::array()},
            {"only_b", Json::array()}};
  for (const SettingChange& change : comparison.settings)
    json["settings"].push_back({{"setting", change.pointer}, {"a", change.a}, {"b", change.b}});
  for (const LayerPair& pair : comparison.pairs) json["layers"].push_back(pair_json(pair));
  for (const ReportLayer* layer : comparison.only_a) json["only_a"].push_back(layer_json(*layer));
  for (const ReportLayer* layer : comparison.only_b) json["only_b"].push_back(layer_json(*layer));
  return json;
}

}  // namespace

std::string comparison_json(const RunComparison& comparison) {
  constexpr int kIndent = 1;
  return comparison_value(comparison).dump(kIndent, ' ', false, Json::error_handler_t::replace) +
         '\n';
}

std::string comparison_html(const RunComparison& comparison) {
  const Json json = comparison_value(comparison);
  const std::array<PageData, 1> data{{{"comparison", json}}};
  return html_page(comparison.a->arch + " and " + comparison.b->arch + ", compared", data);
}

}  // namespace ridgeline::reports
