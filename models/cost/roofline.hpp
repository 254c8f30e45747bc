#pragma once

#include <algorithm>

#include "models/cost/run_stats.hpp"

namespace ridgeline {

/// The fewest cycles that each part of the machine needs for a layer, whatever the others do
/// (Williams, Waterman and Patterson, "Roofline", CACM 52(4), 2009).
struct Roofs {
  double compute = 0;  ///< the array, or the vector unit
  double dram = 0;
  double glb = 0;  ///< the slowest port of the global buffer
  [[nodiscard]] double slowest() const { return std::max({compute, dram, glb}); }
};

/// @param dram_bytes read and written
[[nodiscard]] Roofs roofs_of(const AccessCounts& counts, const PortWords& ports, Bytes dram_bytes,
                             const Architecture& arch);

}  // namespace ridgeline
