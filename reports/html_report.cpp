#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "models/cost/roofline_analysis.hpp"
#include "models/mapping/spatial_use.hpp"
#include "reports/html.hpp"
#include "reports/report.hpp"
#include "reports/run_json.hpp"
#include "reports/run_text.hpp"

/// The HTML report: ridgeline.run/1 as the JSON report has it, and beside it, as "view", what
/// charts draw and the report does not say. The view is for the page's own scripts, and no schema.
namespace ridgeline::reports {
namespace {

using Json = nlohmann::ordered_json;

/// Seven digits: charts and tips show no more, and reports stay small.
Json drawn(double value) {
  return Json::parse(fmt::format("{:.7g}", value));
}
Json drawn(const std::optional<double>& value) {
  return value ? drawn(*value) : Json();
}

/// A value for each layer.
template <class Value>
Json column(const RooflineAnalysis& analysis, Value value) {
  Json json = Json::array();
  for (const RooflineLayer& layer : analysis.layers) json.push_back(value(layer));
  return json;
}

Json level_json(const RooflineAnalysis& analysis, std::size_t level) {
  const MemoryLevel& memory = analysis.levels[level];
  const auto points = [&](auto value) {
    return column(analysis, [&](const RooflineLayer& l) { return value(l.levels[level]); });
  };
  return {{"key", roof_name(memory.roof)},
          {"label", roof_label(memory.roof)},
          {"bytes_per_cycle", memory.bytes_per_cycle},
          {"macs_per_byte", points([](const LevelPoint& p) { return drawn(p.macs_per_byte); })},
          {"optimal_macs_per_byte",
           points([](const LevelPoint& p) { return drawn(p.optimal_macs_per_byte); })},
          {"roof_macs_per_cycle",
           points([](const LevelPoint& p) { return drawn(p.roof_macs_per_cycle); })}};
}

Json roofline_json(const RooflineAnalysis& analysis) {
  Json json{{"peak", analysis.peak_macs_per_cycle}};
  json["attained"] =
      column(analysis, [](const RooflineLayer& l) { return drawn(l.attained_macs_per_cycle); });
  json["levels"] = Json::array();
  for (std::size_t i = 0; i < kMemoryLevels; ++i) json["levels"].push_back(level_json(analysis, i));
  return json;
}

/// Points of an arch line from 1/1024 to 2^20 MACs a byte, four an octave.
Json arch_json(const EnergyRoofline& roofline, double energy_per_mac) {
  constexpr int kFrom = -10, kTo = 20, kAnOctave = 4;
  Json json = Json::array();
  for (int i = kFrom * kAnOctave; i <= kTo * kAnOctave; ++i) {
    const double intensity = std::exp2(static_cast<double>(i) / kAnOctave);
    const double macs = arch_line(roofline, energy_per_mac, intensity);
    if (std::isfinite(macs) && macs > 0) json.push_back({drawn(intensity), drawn(macs)});
  }
  return json;
}

Json energy_roofline_json(const RooflineAnalysis& analysis) {
  const EnergyRoofline& roofline = analysis.energy;
  return {
      {"balance", roofline.effective_balance_macs_per_byte},
      {"arch", arch_json(roofline, roofline.energy_per_mac)},
      {"bound", arch_json(roofline, roofline.multiplier_energy_per_mac)},
      {"macs_per_byte",
       column(analysis,
              [](const RooflineLayer& l) { return drawn(l.at(Roof::dram).macs_per_byte); })},
      {"macs_per_energy",
       column(analysis, [](const RooflineLayer& l) { return drawn(l.energy.macs_per_energy); })},
      {"roof_macs_per_energy", column(analysis, [](const RooflineLayer& l) {
         return drawn(l.energy.roof_macs_per_energy);
       })}};
}

/// The peak, each loss and the executed MACs.
Json waterfall_values(const LossWaterfall& waterfall) {
  Json json{waterfall.peak};
  for (const auto& loss : LossWaterfall::losses()) json.push_back(waterfall.*loss.member);
  json.push_back(waterfall.macs);
  return json;
}

Json waterfall_json(const RooflineAnalysis& analysis) {
  Json json{{"losses", Json::array()}};
  for (const auto& loss : LossWaterfall::losses())
    json["losses"].push_back({loss.name, loss.label});
  json["layers"] =
      column(analysis, [](const RooflineLayer& l) { return waterfall_values(l.waterfall); });
  json["total"] = waterfall_values(analysis.total.waterfall);
  return json;
}

/// Run lengths: [rows alike, [[columns alike, MACs of each PE], ...]]. Null for no PE.
Json runs_json(const SpatialUse& use) {
  if (use.macs.empty()) return {};
  Json json = Json::array();
  for (int row = 0; row < use.rows; ++row) {
    Json line = Json::array();
    for (int col = 0; col < use.cols; ++col) {
      if (col > 0 && use.at(row, col) == use.at(row, col - 1)) {
        line.back()[0] = line.back()[0].get<int>() + 1;
      } else {
        line.push_back({1, use.at(row, col)});
      }
    }
    if (!json.empty() && json.back()[1] == line) {
      json.back()[0] = json.back()[0].get<int>() + 1;
    } else {
      json.push_back({1, std::move(line)});
    }
  }
  return json;
}

Json heat_json(const RunStats& run) {
  const PeArray& array = run.arch.pe_array;
  Json json{{"rows", array.rows}, {"cols", array.cols}, {"layers", Json::array()}};
  SpatialUse total;
  for (const LayerStats& layer : run.layers) {
    const SpatialUse use = spatial_use(array, layer.shape, layer.mapping, layer.accesses.mac);
    json["layers"].push_back(runs_json(use));
    total += use;
  }
  json["total"] = runs_json(total);
  return json;
}

Json view_json(const RunStats& run) {
  const RooflineAnalysis analysis = analyse_roofline(run);
  Json json{{"energy_unit", energy_unit_text(run.arch.energy)}, {"ops", Json::array()}};
  for (const LayerStats& layer : run.layers) json["ops"].push_back(op_text(layer));
  json["bounds"] = column(analysis, [](const RooflineLayer& l) { return roof_label(l.bound); });
  json["percent_of_roof"] =
      column(analysis, [](const RooflineLayer& l) { return drawn(l.percent_of_roof); });
  json["headroom_cycles"] =
      column(analysis, [](const RooflineLayer& l) { return drawn(l.headroom_cycles); });
  json["total_bound"] = roof_label(analysis.total.bound);
  json["total_percent_of_roof"] = analysis.total.percent_of_roof;
  json["roofline"] = roofline_json(analysis);
  json["energy_roofline"] = energy_roofline_json(analysis);
  json["waterfall"] = waterfall_json(analysis);
  json["heat"] = heat_json(run);
  return json;
}

}  // namespace

std::string render_html(const RunStats& run) {
  const Json report = run_json(run);
  const Json view = view_json(run);
  const std::array<PageData, 2> data{{{"run", report}, {"view", view}}};
  return html_page(run.network + " on " + run.arch.name, data);
}

}  // namespace ridgeline::reports
