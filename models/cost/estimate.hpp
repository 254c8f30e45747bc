#pragma once

#include <algorithm>

#include "models/cost/run_stats.hpp"
#include "models/cost/zero_weights.hpp"
#include "models/mapping/mapping.hpp"

/// A closed form for what one mapping of one layer costs, for the mapping search: it never walks
/// tiles, only the at most two sizes that tiles and passes have along each dimension. Accesses of
/// the array are exact but for words at the edge of the ifmap; cycles assume that tiles overlap
/// perfectly.
namespace ridgeline {

struct MappingEstimate {
  Cycles array;   ///< the array's own time
  Cycles dram;    ///< occupied bus
  Cycles vector;  ///< the vector unit's own time
  Cycles turns;   ///< halves of the ifmap changing hands: filling, then waiting to be used up
  Cycles edges;   ///< first load and last store, which nothing hides
  AccessCounts counts;

  [[nodiscard]] Cycles latency() const { return std::max({array, dram, vector, turns}) + edges; }
};

/// The parts of an estimate that cost next to nothing to work out: DRAM, vector unit and buffer
/// traffic of both. Their latency is a lower bound of the whole estimate's.
[[nodiscard]] MappingEstimate estimate_memory(const Architecture& arch, const LoweredLayer& layer,
                                              Precision precision, const Mapping& mapping,
                                              const Residency& residency = {});
/// Completes an estimate_memory() with the array.
[[nodiscard]] MappingEstimate estimate_array(MappingEstimate memory, const Architecture& arch,
                                             const LoweredLayer& layer, const Mapping& mapping,
                                             const ZeroWeights& zeros,
                                             const Residency& residency = {});
[[nodiscard]] MappingEstimate estimate(const Architecture& arch, const LoweredLayer& layer,
                                       Precision precision, const Mapping& mapping,
                                       const ZeroWeights& zeros, const Residency& residency = {});

}  // namespace ridgeline
