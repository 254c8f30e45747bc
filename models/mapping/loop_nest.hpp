#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/mapping/mapping.hpp"
#include "models/mapping/pass.hpp"

/// A mapping as the loop nest that architects draw (Parashar et al., Timeloop, ISPASS 2019, Fig.
/// 4): each dimension of the layer is cut level by level, from DRAM down to the PEs, until blocks
/// of one are left. Loops that make a single trip are left out.
///
/// What is shown are the full tile and the full pass; those at an edge are smaller, which each loop
/// says of its last block.
namespace ridgeline {

/// `for dimension` over `extent` in blocks of `size`. Dimensions are those of the layer ("N", with
/// M and C within a group), or flattened ones: "C*R*S" and "P*Q".
struct Loop {
  std::string dimension;
  std::int64_t extent = 1, size = 1;
  [[nodiscard]] std::int64_t trips() const { return (extent + size - 1) / size; }
  [[nodiscard]] std::int64_t last() const { return extent - (trips() - 1) * size; }
  bool operator==(const Loop&) const = default;
};

struct LoopNest {
  std::vector<Loop> tiles{};   ///< a tile after another from DRAM to the buffer; outermost first
  std::vector<Loop> passes{};  ///< a pass after another from the buffer to the array
  std::vector<Loop> steps{};   ///< within a pass, in time
  std::vector<Loop> rows{};    ///< unrolled over the rows of PEs
  std::vector<Loop> cols{};    ///< unrolled over their columns
  std::vector<Loop> sets{};    ///< sets of PEs side by side or below one another
};

/// Steps of a layer of the vector unit are those over its tile; nothing is unrolled.
[[nodiscard]] LoopNest loop_nest(const Architecture& arch, const LoweredLayer& layer,
                                 const Mapping& mapping);

}  // namespace ridgeline
