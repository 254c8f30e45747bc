#pragma once

#include <algorithm>

#include "models/cost/pass_cost.hpp"

/// A closed form for what one mapping of one layer costs, for the mapping search: it never walks
/// tiles, only the at most two sizes that tiles and passes have along each dimension. Accesses of
/// the array are exact but for words at the edge of the ifmap; cycles assume that tiles overlap
/// perfectly.
namespace ridgeline {

struct MappingEstimate {
  Cycles array;   ///< the array's own time
  Cycles dram;    ///< occupied bus
  Cycles vector;  ///< the vector unit's own time
  Cycles edges;   ///< first load and last store, which nothing hides
  AccessCounts counts;

  [[nodiscard]] Cycles latency() const { return std::max({array, dram, vector}) + edges; }
};

[[nodiscard]] MappingEstimate estimate(const Architecture& arch, const LoweredLayer& layer,
                                       Precision precision, const Mapping& mapping,
                                       const ZeroWeights& zeros);

}  // namespace ridgeline
