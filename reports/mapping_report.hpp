#pragma once

#include <string>
#include <vector>

#include "models/cost/run_stats.hpp"
#include "models/mapping/mapping_json.hpp"
#include "models/mapping/search.hpp"

/// What `ridgeline map` prints: the mappings of layers as loop nests, and what each level of the
/// machine has to do for them. Pure functions.
///
/// Costs are those that the search judges by: every weight counts, feature maps lie plain and alone
/// in DRAM. A run, which has data, may measure fewer.
namespace ridgeline::reports {

struct MappedLayer {
  LoweredLayer layer;
  std::vector<FoundMapping> best;  ///< the chosen one first
  std::int64_t tried = 0;          ///< mappings that the search looked at
  bool fixed = false;              ///< said by the user, not found
};

struct MappingReport {
  Architecture arch;
  std::string network;
  Precision precision = Precision::int8;
  std::string dataflow;  ///< as asked: "auto", "ws", ...
  Objective objective = Objective::latency;
  std::vector<MappedLayer> layers;
};

/// The loop nest of each layer, from DRAM to the PEs, with what its levels hold, move and cost; and
/// its other mappings, if there are any.
[[nodiscard]] std::string render_loop_nests(const MappingReport& report);
/// One line a mapping: every layer's chosen one, or its best ones.
[[nodiscard]] std::string render_mappings(const MappingReport& report);
/// Schema ridgeline.map/1: the same, for programs.
[[nodiscard]] std::string render_mappings_json(const MappingReport& report);

/// A mapping's cost as a run would report the layer; without its buffer bytes and parameters.
[[nodiscard]] LayerStats stats_of(const MappedLayer& layer, const FoundMapping& found,
                                  const MappingReport& report);
/// "ws", "vector", ...
[[nodiscard]] std::string dataflow_text(const Mapping& mapping);

}  // namespace ridgeline::reports
