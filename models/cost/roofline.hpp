#pragma once

#include <algorithm>
#include <cmath>

#include "models/cost/analytic.hpp"
#include "models/cost/run_stats.hpp"

namespace ridgeline {

/// The fewest cycles that each part of the machine needs for a layer, whatever the others do
/// (Williams, Waterman and Patterson, "Roofline", CACM 52(4), 2009).
struct Roofs {
  double compute = 0;  ///< the array, or the vector unit
  double dram = 0;
  double glb = 0;  ///< the slowest port of the global buffer
  [[nodiscard]] double slowest() const { return std::max({compute, dram, glb}); }
  /// No run takes fewer.
  [[nodiscard]] Cycles cycles() const {
    return Cycles(static_cast<std::int64_t>(std::ceil(slowest())));
  }
};

/// @param dram_bytes read and written
[[nodiscard]] Roofs roofs_of(const AccessCounts& counts, const PortWords& ports, Bytes dram_bytes,
                             const Architecture& arch);

[[nodiscard]] inline Roofs roofs_of(const LayerCost& cost, const Architecture& arch) {
  return roofs_of(cost.counts, cost.ports, cost.dram_read + cost.dram_write, arch);
}

}  // namespace ridgeline
