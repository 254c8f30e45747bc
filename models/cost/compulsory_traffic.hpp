#pragma once

#include "models/cost/run_stats.hpp"

/// Words that a layer must move whatever its mapping: what the best mapping on the largest buffer
/// would still move (the compulsory misses of Hill and Smith, IEEE Trans. Computers 38(12), 1989).
namespace ridgeline {

/// How the maps of a layer are coded in DRAM, as parts of their plain length (MapZeros).
struct CodedRatios {
  double input = 1, output = 1, residual = 1;
};

/// Each operand once: the ifmap elements that any window touches, every filter with its channel
/// record, the residual operand, the ofmap. Maps that stay in the global buffer do not cross the
/// DRAM bus; psums need never come back, so that psum_in is zero. Bytes of coded maps are rounded
/// down, as the coded runs of a mapping are rounded up.
/// @param skipped_weights zero weights that the array does not read
[[nodiscard]] CompulsoryTraffic compulsory_traffic(const LoweredLayer& layer,
                                                   const LayerPrecision& precision,
                                                   const Residency& residency,
                                                   const CodedRatios& coded,
                                                   std::int64_t skipped_weights);

}  // namespace ridgeline
