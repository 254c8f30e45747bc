#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>

namespace ridgeline {

/// Smallest integer not below a / b, for a >= 0 and b > 0.
template <std::integral T>
[[nodiscard]] constexpr T ceil_div(T a, T b) {
  return (a + b - 1) / b;
}

/// Smallest multiple of `step` not below `a`.
template <std::integral T>
[[nodiscard]] constexpr T round_up(T a, T step) {
  return ceil_div(a, step) * step;
}

/// Half-open range [begin, end) of one dimension.
struct Range {
  int begin = 0;
  int end = 0;

  [[nodiscard]] constexpr int size() const { return end - begin; }
  constexpr bool operator==(const Range&) const = default;
};

/// Block number `index` of the blocks of `size` that cover [0, total); the last may be shorter.
[[nodiscard]] constexpr Range block_of(int index, int size, int total) {
  return {index * size, std::min((index + 1) * size, total)};
}

}  // namespace ridgeline
