#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <vector>

#include "models/mapping/tile.hpp"

/// The analytic engine counts kinds of blocks, not blocks: a dimension is a few runs of blocks that
/// are all alike.
namespace ridgeline::analytic {

/// A run of `count` blocks alike, of which `range` is the first.
struct Segment {
  Range range;
  std::int64_t count;
};

/// A few segments. Rarely more than six: the engine would spend its time allocating them.
class Segments {
 public:
  void clear() {
    size_ = 0;
    more_.clear();
  }
  void push_back(const Segment& segment) {
    if (size_ < kFew) {
      few_[size_] = segment;
    } else {
      more_.push_back(segment);
    }
    ++size_;
  }
  [[nodiscard]] const Segment& operator[](std::size_t i) const {
    assert(i < size_);
    return i < kFew ? few_[i] : more_[i - kFew];
  }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kFew = 6;
  std::array<Segment, kFew> few_;  // the first size_
  std::vector<Segment> more_;
  std::size_t size_ = 0;
};

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
/// Every block on its own.
void cut_singly(Segments& into, Range range, int size);

/// A dimension cut into tiles of `tile`, and each of them into passes of `pass`.
struct TwoLevels {
  int total = 1, tile = 1, pass = 1;
  /// Sum of value(size) over all passes' blocks.
  template <class Value>
  [[nodiscard]] std::int64_t sum(Value&& value) const {
    const auto of_tile = [&](int size) {
      const int rest = size % pass;
      return (size / pass) * value(pass) + (rest > 0 ? value(rest) : 0);
    };
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
