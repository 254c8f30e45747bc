#pragma once

#include <cstdint>

#include "models/cost/analytic/few.hpp"
#include "models/mapping/tile.hpp"

/// The analytic engine counts kinds of blocks, not blocks: a dimension is a few runs of blocks that
/// are all alike.
namespace ridgeline::analytic {

/// A run of `count` blocks alike, of which `range` is the first.
struct Segment {
  Range range;
  std::int64_t count;
};

using Segments = Few<Segment, 6>;

/// How the windows of one axis of the ofmap lie over the ifmap: blocks at its edges touch less of
/// it than those inside.
struct WindowAxis {
  int kernel = 1, stride = 1, dilation = 1;
  int pad = 0;     ///< in front
  int extent = 1;  ///< of the ifmap
  [[nodiscard]] Range touched(Range out) const {
    return ridgeline::touched(out, kernel, stride, dilation, pad, extent);
  }
};
[[nodiscard]] WindowAxis window_rows(const ConvShape& shape);
[[nodiscard]] WindowAxis window_cols(const ConvShape& shape);

/// The blocks of `size` that cover `range`, in order.
void cut(Segments& into, Range range, int size);
/// Likewise for blocks of ofmap positions; blocks of a segment touch equally much of the ifmap.
void cut(Segments& into, Range range, int size, const WindowAxis& axis);
/// Likewise with the first block and the last one on their own.
void cut_ends_apart(Segments& into, Range range, int size);
/// Every block on its own.
void cut_singly(Segments& into, Range range, int size);

/// A dimension cut into tiles of `tile`, and each of them into passes of `pass`.
struct TwoLevels {
  int total = 1, tile = 1, pass = 1;
  /// Sum of value(size) over all passes' blocks.
  template <class Value>
  [[nodiscard]] std::int64_t sum(Value&& value) const {
    const auto of_tile = [&](int size) {
      if (size <= pass) return value(size);
      const int rest = size % pass;
      return (size / pass) * value(pass) + (rest > 0 ? value(rest) : 0);
    };
    if (total <= tile) return of_tile(total);
    const int rest = total % tile;
    return (total / tile) * of_tile(tile) + (rest > 0 ? of_tile(rest) : 0);
  }
  [[nodiscard]] std::int64_t blocks() const {
    return sum([](int) { return std::int64_t{1}; });
  }
  /// Ifmap rows (or columns) that the blocks touch, all together.
  [[nodiscard]] std::int64_t touched(const WindowAxis& axis) const;
};

}  // namespace ridgeline::analytic
