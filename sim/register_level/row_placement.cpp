#include "sim/register_level/row_placement.hpp"

#include <algorithm>
#include <cassert>

namespace ridgeline::sim::register_level {
namespace {

/// Part `index` of parts of `size` that cover [0, total).
Range part(int index, int size, int total) {
  return {index * size, std::min((index + 1) * size, total)};
}

}  // namespace

RowPlacement place_rows(const PeArray& array, const RowWork& work) {
  RowPlacement placed{.channels = ceil_div(work.C, work.sets.C),
                      .filters = ceil_div(work.M, work.sets.M)};
  placed.roles.resize(static_cast<std::size_t>(array.rows * array.cols));
  const int chain = work.R * ceil_div(work.C, placed.channels);
  const int width = std::min(work.P, array.cols);
  const int folds = ceil_div(work.P, width);
  const int blocks_upwards = array.rows / (chain * folds);
  assert(blocks_upwards > 0);
  for (int block = 0; block * placed.filters < work.M; ++block) {
    const int bottom = block % blocks_upwards * chain * folds;
    const int left = block / blocks_upwards * width;
    assert(left + width <= array.cols);
    for (int p = 0; p < work.P; ++p) {
      const int foot = bottom + (folds - 1 - p / width) * chain;
      for (int i = 0; i < chain; ++i) {
        const auto at = static_cast<std::size_t>((foot + i) * array.cols + left + p % width);
        const int r = work.R - 1 - i % work.R;
        placed.roles[at] = {.used = true,
                            .r = r,
                            .p = p,
                            .ifmap_row = p * work.stride + r * work.dilation,
                            .channels = part(i / work.R, placed.channels, work.C),
                            .filters = part(block, placed.filters, work.M),
                            .foot = i == 0,
                            .top = i + 1 == chain};
        if (i + 1 == chain) placed.tops.push_back(at);
      }
    }
  }
  return placed;
}

}  // namespace ridgeline::sim::register_level
