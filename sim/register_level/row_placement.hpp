#pragma once

#include <cstddef>
#include <vector>

#include "models/arch/architecture.hpp"
#include "sim/register_level/work.hpp"

/// Where the PE sets of a pass of rs lie in the array, rows counted from its foot upwards.
namespace ridgeline::sim::register_level {

/// What a PE does in a pass: which filter row it slides over which ifmap row, of which channels and
/// filters. Indices count in the pass.
struct RowRole {
  bool used = false;
  int r = 0;          ///< filter row
  int p = 0;          ///< ofmap row
  int ifmap_row = 0;  ///< the diagonal that it lies on
  Range channels{}, filters{};
  bool foot = false, top = false;  ///< of the chain of PEs that adds up a psum
};

/// A psum's chain is R PEs for each set on other channels, one above the other, the bottom filter
/// row at the foot. Chains of neighbouring ofmap rows stand side by side, and where there are more
/// of them than the array is wide, below one another: the part that does not fill the width is the
/// lowest. This block of PEs is repeated for other filters, upwards and then to the right. Sets
/// that have no channels or filters take no room.
struct RowPlacement {
  int channels = 0, filters = 0;    ///< most of a PE: q and p
  std::vector<RowRole> roles{};     ///< [row][column] of the array
  std::vector<std::size_t> tops{};  ///< PEs at the tops of the chains
};

[[nodiscard]] RowPlacement place_rows(const PeArray& array, const RowWork& work);

}  // namespace ridgeline::sim::register_level
