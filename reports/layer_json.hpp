#pragma once

#include "models/cost/run_stats.hpp"
#include "reports/fields_json.hpp"

/// Parts of what a layer costs as JSON, as the reports of runs and of mappings both have them. For
/// *.cpp of reports that write JSON.
namespace ridgeline::reports {

inline nlohmann::ordered_json cycles_json(const CycleBreakdown& cycles) {
  nlohmann::ordered_json json{{"total", cycles.total().count()}};
  json.update(fields_json(cycles));
  return json;
}

/// Of all operands together.
inline nlohmann::ordered_json accesses_json(const AccessCounts& accesses) {
  auto json = nlohmann::ordered_json::object();
  for (const auto& sum : AccessCounts::sums()) json[sum.name] = sum.of(accesses);
  return json;
}

inline nlohmann::ordered_json energy_json(const EnergyBreakdown& energy) {
  nlohmann::ordered_json json = fields_json(energy);
  json["total"] = energy.total().count();
  return json;
}

inline nlohmann::ordered_json tile_json(const TileExtent& tile) {
  return {{"N", tile.N}, {"G", tile.G}, {"M", tile.M}, {"C", tile.C}, {"P", tile.P}, {"Q", tile.Q}};
}

}  // namespace ridgeline::reports
