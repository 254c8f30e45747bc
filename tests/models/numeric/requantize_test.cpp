#include "models/numeric/requantize.hpp"
#include "models/numeric/clamp.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <random>

namespace ridgeline {
namespace {

TEST_CASE("Scaling rounds to nearest, ties towards plus infinity, on both sides of zero") {
  const FixedPoint half{.multiplier = 1 << 23, .shift = 24};
  CHECK(scale_and_round(4, half) == 2);
  CHECK(scale_and_round(5, half) == 3);    // 2.5
  CHECK(scale_and_round(-5, half) == -2);  // -2.5
  CHECK(scale_and_round(1, half) == 1);
  CHECK(scale_and_round(-1, half) == 0);
  CHECK(scale_and_round(0, half) == 0);
  const FixedPoint tenth = to_fixed_point(0.1);
  CHECK(scale_and_round(14, tenth) == 1);
  CHECK(scale_and_round(16, tenth) == 2);
  CHECK(scale_and_round(-14, tenth) == -1);
  CHECK(scale_and_round(-16, tenth) == -2);
  // One unit of the multiplier decides on either side of a tie.
  CHECK(scale_and_round(1, {.multiplier = (1 << 23) - 1, .shift = 24}) == 0);
  CHECK(scale_and_round(-1, {.multiplier = (1 << 23) + 1, .shift = 24}) == -1);
}

TEST_CASE("Scaling is the same on either side of the 64-bit product's limit") {
  const std::int64_t limit = std::int64_t{1} << 38;
  for (const int shift : {1, 23, 30, 62}) {
    const FixedPoint factor{.multiplier = (1 << 24) - 1, .shift = shift};
    const std::int64_t far = shift < 23 ? limit : std::int64_t{1} << 61;
    for (const std::int64_t x : {limit - 1, limit, limit + 1, -limit + 1, -limit, -limit - 1, far,
                                 -far, far / (1 << 20)}) {
      const Int128 exact = static_cast<Int128>(x) * factor.multiplier;
      const Int128 unit = static_cast<Int128>(1) << shift;
      Int128 rounded = (exact + unit / 2) / unit;
      if ((exact + unit / 2) % unit < 0) --rounded;
      CHECK(scale_and_round(x, factor) == static_cast<std::int64_t>(rounded));
    }
  }
}

TEST_CASE("A fixed-point factor is within 2^-24 of what it stands for") {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> exponent(-38, 21.999);
  for (int i = 0; i < 20000; ++i) {
    const double factor = std::exp2(exponent(random));
    const FixedPoint fixed = to_fixed_point(factor);
    INFO("factor " << factor << ", draw " << i);
    CHECK(fixed.multiplier >= 1 << 23);
    CHECK(fixed.multiplier < 1 << 24);
    CHECK(std::abs(std::ldexp(fixed.multiplier, -fixed.shift) / factor - 1) < 0x1p-24);
  }
}

TEST_CASE("A fixed-point factor copes with the ends of its range") {
  CHECK(to_fixed_point(0) == FixedPoint{});
  CHECK(to_fixed_point(1) == FixedPoint{1 << 23, 23});
  CHECK(to_fixed_point(std::nextafter(1.0, 0.0)) == FixedPoint{1 << 23, 23});  // rounds up to one
  CHECK(to_fixed_point(std::nextafter(0x1p22, 0.0)) == FixedPoint{1 << 23, 1});
  CHECK(to_fixed_point(0x1p-39) == FixedPoint{1 << 23, 62});
  CHECK(to_fixed_point(0x1p-40) == FixedPoint{1 << 22, 62});
  CHECK(to_fixed_point(0x1p-64) == FixedPoint{0, 62});
}

TEST_CASE("A fixed-point factor packs into four bytes and back") {
  for (const double factor : {0.0, 1e-11, 0.00123, 0.5, 1.0, 3.7, 4e6}) {
    const FixedPoint fixed = to_fixed_point(factor);
    CHECK(FixedPoint::unpack(fixed.packed()) == fixed);
  }
  CHECK(FixedPoint{0xABCDEF, 0x2A}.packed() == 0x2AABCDEFU);
}

TEST_CASE("A pair of factors shares the shift of the larger") {
  const FixedPointPair pair = to_fixed_point_pair(0.25, 3.0);
  CHECK(pair.right == 3 << 22);
  CHECK(pair.shift == 22);
  CHECK(pair.left == 1 << 20);
  CHECK(to_fixed_point_pair(3.0, 0.25).left == 3 << 22);
  CHECK(to_fixed_point_pair(0, 0).left == 0);
}

TEST_CASE("Symmetric words saturate at a symmetric range, others at their own ends") {
  const auto symmetric = word_bounds<std::int8_t>(false, {}, {});
  CHECK(symmetric.narrow(127) == 127);
  CHECK(symmetric.narrow(128) == 127);
  CHECK(symmetric.narrow(-127) == -127);
  CHECK(symmetric.narrow(-128) == -127);
  CHECK(symmetric.narrow(std::int64_t{1} << 40) == 127);
  const auto wide = word_bounds<std::int16_t>(false, {}, {});
  CHECK(wide.narrow(32768) == 32767);
  CHECK(wide.narrow(-32768) == -32767);
  const auto whole = word_bounds<std::int8_t>(false, {}, {.zero_point = 5, .whole_range = true});
  CHECK(whole.narrow(-200) == -128);
  CHECK(whole.narrow(200) == 127);
}

TEST_CASE("A clamp's bounds are words, its zero the zero point") {
  const Quantization q{.scale = 0.5, .zero_point = -20, .whole_range = true};
  const auto relu = word_bounds<std::int8_t>(true, ClampOp{}, q);
  CHECK(int{relu.lowest} == -20);
  CHECK(int{relu.highest} == 127);
  const auto relu6 = word_bounds<std::int8_t>(true, ClampOp{0, 6}, q);
  CHECK(int{relu6.highest} == -8);
  CHECK(int{word_bounds<std::int8_t>(true, ClampOp{-100, 100}, q).lowest} == -128);
}

TEST_CASE("A residual addition rounds once") {
  const FixedPointPair halves = to_fixed_point_pair(0.5, 0.5);
  CHECK(add_and_round(1, 1, halves) == 1);  // two roundings would give 2
  CHECK(add_and_round(1, 2, halves) == 2);
  CHECK(add_and_round(-1, -2, halves) == -1);
  const FixedPointPair ones = to_fixed_point_pair(1, 1);
  CHECK(add_and_round(255, 255, ones) == 510);
  CHECK(add_and_round(-32767, -2, ones) == -32769);
}

}  // namespace
}  // namespace ridgeline
