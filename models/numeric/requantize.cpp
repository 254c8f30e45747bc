#include "models/numeric/requantize.hpp"

#include <cassert>
#include <cmath>

namespace ridgeline {
namespace {

constexpr int kMultiplierBits = 24;
constexpr int kLargestShift = 62;

std::int32_t scaled(double factor, int shift) {
  return static_cast<std::int32_t>(std::floor(std::ldexp(factor, shift) + 0.5));
}

/// The shift that brings `factor` into [2^23, 2^24), rounding included, as far as shifts go.
int shift_for(double factor) {
  int exponent = 0;
  std::frexp(factor, &exponent);  // factor = fraction x 2^exponent, 1/2 <= fraction < 1
  const int shift = std::min(kMultiplierBits - exponent, kLargestShift);
  return scaled(factor, shift) == (1 << kMultiplierBits) ? shift - 1 : shift;
}

}  // namespace

FixedPoint to_fixed_point(double factor) {
  assert(factor >= 0 && factor < 0x1p22);
  if (factor == 0) return {};
  const int shift = shift_for(factor);
  return {scaled(factor, shift), shift};
}

FixedPointPair to_fixed_point_pair(double left, double right) {
  assert(left >= 0 && left < 0x1p22 && right >= 0 && right < 0x1p22);
  const double larger = std::max(left, right);
  if (larger == 0) return {};
  const int shift = shift_for(larger);
  return {scaled(left, shift), scaled(right, shift), shift};
}

}  // namespace ridgeline
