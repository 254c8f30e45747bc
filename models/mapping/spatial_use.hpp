#pragma once

#include <cstdint>
#include <vector>

#include "models/mapping/mapping.hpp"

/// Which PEs a layer's mapping uses, and how much: the spatial side of a mapping, pass by pass.
namespace ridgeline {

/// MACs of each PE. PE (row, column) is macs[row * cols + column]; rows count from the edge where
/// words enter, for `rs` from the foot of the array. A layer of the vector unit uses none.
struct SpatialUse {
  int rows = 0, cols = 0;
  std::vector<std::int64_t> macs{};

  [[nodiscard]] std::int64_t at(int row, int col) const {
    return macs[static_cast<std::size_t>(row * cols + col)];
  }
  SpatialUse& operator+=(const SpatialUse& other);  ///< of the same array
};

/// What the PEs execute of a layer, added up over all its passes. A block of a dimension takes the
/// first rows (or columns), as the register-level array has it; `rs` places its sets as
/// sim/register_level/row_placement.hpp does.
/// @param executed MACs of the layer without those that are skipped: skipped weights are skipped by
/// all PEs of a pass at once, so every PE's share of the layer stays the same. It is the sum of
/// all PEs, exactly.
[[nodiscard]] SpatialUse spatial_use(const PeArray& array, const ConvShape& shape,
                                     const Mapping& mapping, std::int64_t executed);

}  // namespace ridgeline
