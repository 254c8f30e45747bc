#include "models/cost/analytic/layer_passes.hpp"

namespace ridgeline {
namespace {

/// Pairs of one of `outs` windows and a tap that lies on the real ifmap.
std::int64_t taps_inside(const analytic::WindowAxis& axis, int outs) {
  std::int64_t pairs = 0;
  for (int tap = 0; tap < axis.kernel; ++tap) {
    // The ifmap begins `before` elements after the tap of window 0, and ends `until` after it.
    const int before = axis.pad - tap * axis.dilation;
    const int until = before + axis.extent;
    const int first = before <= 0 ? 0 : ceil_div(before, axis.stride);
    const int end = until <= 0 ? 0 : ceil_div(until, axis.stride);
    pairs += std::max(0, std::min(end, outs) - first);
  }
  return pairs;
}

}  // namespace

std::int64_t LayerPasses::position_blocks() const {
  if (extent.X == 0) return n().blocks() * p().blocks() * q().blocks();
  const analytic::TwoLevels rows{shape.P(), tile.P, tile.P}, cols{shape.Q(), tile.Q, tile.Q};
  return n().blocks() * rows.sum([&](int height) {
    return cols.sum([&](int width) { return std::int64_t{ceil_div(height * width, extent.X)}; });
  });
}

std::int64_t LayerPasses::chain() const {
  if (extent.K == 0) return c().blocks() * r().blocks() * s().blocks();
  const int taps = shape.R() * shape.S();
  return c().sum([&](int channels) { return std::int64_t{ceil_div(channels * taps, extent.K)}; });
}

std::int64_t LayerPasses::ifmap_words() const {
  return std::int64_t{shape.N} * shape.C * taps_inside(analytic::window_rows(shape), shape.P()) *
         taps_inside(analytic::window_cols(shape), shape.Q());
}

}  // namespace ridgeline
