#pragma once

#include <algorithm>
#include <cstdint>

/// Requantisation: from an accumulator to a narrower word, by a fixed-point factor.
///
/// The one rounding rule of every integer path: y = floor((x * multiplier + 2^(shift-1)) /
/// 2^shift), that is round to nearest, ties towards plus infinity; then add the zero point and
/// clamp to the range of the words. It is the only arithmetic that the simulation and the reference
/// engine share.
namespace ridgeline {

/// multiplier * 2^-shift. A normalised factor has 2^23 <= multiplier < 2^24, so that multiplier
/// and shift pack into four bytes and the relative error is below 2^-24.
struct FixedPoint {
  std::int32_t multiplier = 0;
  std::int32_t shift = 1;  ///< 1 to 62

  [[nodiscard]] std::uint32_t packed() const {
    return static_cast<std::uint32_t>(multiplier) | (static_cast<std::uint32_t>(shift) << 24);
  }
  [[nodiscard]] static FixedPoint unpack(std::uint32_t word) {
    return {static_cast<std::int32_t>(word & 0xFFFFFFU), static_cast<std::int32_t>(word >> 24)};
  }
  bool operator==(const FixedPoint&) const = default;
};

/// The fixed-point number nearest to `factor`, for 0 <= factor < 2^22; factors below 2^-38 are
/// rounded to what a shift of 62 can express.
[[nodiscard]] FixedPoint to_fixed_point(double factor);

/// Two factors with one common shift, for the residual addition: y = a * left + b * right.
struct FixedPointPair {
  std::int32_t left = 0, right = 0;
  std::int32_t shift = 1;
};
[[nodiscard]] FixedPointPair to_fixed_point_pair(double left, double right);

__extension__ using Int128 = __int128;

/// x * f by the rounding rule. Exact for every int64 x: the product is taken in 128 bits when it
/// might not fit in 64.
[[nodiscard]] inline std::int64_t scale_and_round(std::int64_t x, FixedPoint f) {
  constexpr std::int64_t kSafe = std::int64_t{1} << 38;  // times 2^24 is below 2^62
  if (x > -kSafe && x < kSafe) {
    return (x * f.multiplier + (std::int64_t{1} << (f.shift - 1))) >> f.shift;
  }
  return static_cast<std::int64_t>(
      (static_cast<Int128>(x) * f.multiplier + (static_cast<Int128>(1) << (f.shift - 1))) >>
      f.shift);
}

/// Largest value of the symmetric range of a word of type T: 127, 32767.
template <class T>
inline constexpr std::int64_t kWordMax = (std::int64_t{1} << (8 * sizeof(T) - 1)) - 1;

/// The residual addition of two words, less their zero points, with one rounding for the sum.
[[nodiscard]] inline std::int64_t add_and_round(std::int64_t a, std::int64_t b, FixedPointPair f) {
  const std::int64_t sum = a * f.left + b * f.right;
  return (sum + (std::int64_t{1} << (f.shift - 1))) >> f.shift;
}

}  // namespace ridgeline
