#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ridgeline {

/// Zero points of a convolution's operands. A PE multiplies (x - ifmap) x (w - filters[m]): the
/// machine subtracts them where it reads operands, as Arm's Ethos-U NPUs do, so padding is an
/// operand of zero and the bias needs no correction. Operands of int8 words then have nine bits.
struct OperandZeros {
  std::int32_t ifmap = 0;
  std::span<const std::int32_t> filters{};  ///< by output channel; empty: zeros

  [[nodiscard]] std::int32_t of_filter(std::size_t m) const {
    return filters.empty() ? 0 : filters[m];
  }
};

}  // namespace ridgeline
