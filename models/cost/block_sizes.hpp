#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace ridgeline {

/// The sizes of the blocks that cover a dimension: whole ones and perhaps a smaller last one.
/// Closed forms walk these at most two kinds instead of every block.
class BlockSizes {
 public:
  struct Kind {
    int size = 0;
    std::int64_t count = 0;
  };
  constexpr BlockSizes(int total, int block) {
    if (total / block > 0) kinds_[used_++] = {total < block ? total : block, total / block};
    if (total % block > 0) kinds_[used_++] = {total % block, 1};
  }
  [[nodiscard]] constexpr const Kind* begin() const { return kinds_.data(); }
  [[nodiscard]] constexpr const Kind* end() const { return kinds_.data() + used_; }

 private:
  std::array<Kind, 2> kinds_{};
  std::size_t used_ = 0;
};

}  // namespace ridgeline
