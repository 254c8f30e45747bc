#include "models/numeric/convolution_sums.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/models/numeric/oracle.hpp"

namespace ridgeline::reference {
namespace {

constexpr int kLayers = 400;

/// The sums in NMPQ order.
template <class Word>
std::vector<AccumulatorOf<Word>> sums_of(const ConvShape& shape, const std::vector<Word>& ifmap,
                                         const std::vector<Word>& filters, Simd simd) {
  const auto sums = convolution_sums<Word>(shape, ifmap, filters, simd);
  const std::size_t plane = sums.positions / static_cast<std::size_t>(shape.N);
  std::vector<AccumulatorOf<Word>> result;
  for (std::size_t n = 0; n < static_cast<std::size_t>(shape.N); ++n) {
    for (int m = 0; m < shape.M; ++m) {
      for (const auto sum : sums.of_filter(m).subspan(n * plane, plane)) result.push_back(sum);
    }
  }
  return result;
}

/// Every set of instructions must give what the seven loops give, in the same order of additions.
template <class Word, class Sum>
void check_random_layers(std::uint64_t seed) {
  oracle::Random random(seed);
  for (int i = 0; i < kLayers; ++i) {
    const ConvShape shape = oracle::random_layer(random);
    INFO("seed " << seed << ", layer " << i << ": " << oracle::describe(shape));
    const auto ifmap = oracle::random_words<Word>(random, shape.ifmap().elements());
    const auto filters = oracle::random_words<Word>(random, shape.filter_elements());
    const std::vector<Sum> expected = oracle::convolution<Sum>(shape, ifmap, filters);
    for (const Simd simd : available_simd()) {
      const auto produced = sums_of<Word>(shape, ifmap, filters, simd);
      INFO("instructions " << static_cast<int>(simd));
      REQUIRE(std::equal(produced.begin(), produced.end(), expected.begin(), expected.end()));
    }
  }
}

TEST_CASE("int8 sums are those of seven plain loops, with all instructions") {
  check_random_layers<std::int8_t, std::int64_t>(11);
}

TEST_CASE("int16 sums are those of seven plain loops, with all instructions") {
  check_random_layers<std::int16_t, std::int64_t>(12);
}

TEST_CASE("fp32 sums are bit for bit those of seven plain loops, with all instructions") {
  check_random_layers<float, float>(13);
}

TEST_CASE("fp32 sums lie within the summation bound of sums in double") {
  oracle::Random random(14);
  for (int i = 0; i < 100; ++i) {
    const ConvShape shape = oracle::random_layer(random);
    INFO("seed 14, layer " << i << ": " << oracle::describe(shape));
    auto ifmap = oracle::random_words<float>(random, shape.ifmap().elements());
    auto filters = oracle::random_words<float>(random, shape.filter_elements());
    const auto produced = sums_of<float>(shape, ifmap, filters, fastest_simd());
    const auto expected = oracle::convolution<double>(shape, ifmap, filters);
    for (float& x : ifmap) x = std::abs(x);
    for (float& w : filters) w = std::abs(w);
    const auto magnitude = oracle::convolution<double>(shape, ifmap, filters);
    const double n = static_cast<double>(shape.filter_elements() / shape.M);
    for (std::size_t j = 0; j < expected.size(); ++j) {
      REQUIRE(std::abs(produced[j] - expected[j]) <= 1.001 * n * 0x1p-24 * magnitude[j]);
    }
  }
}

TEST_CASE("Sums of the largest words are exact up to the accumulator's limit") {
  ConvShape shape;
  shape.C = 133144;  // 133144 x 127^2 is the last multiple below 2^31
  shape.M = 9;
  const auto count = static_cast<std::size_t>(shape.C);
  const std::vector<std::int8_t> x8(count, 127), w8(9 * count, -127);
  const std::vector<std::int16_t> x16(count, -32767), w16(9 * count, 32767);
  for (const Simd simd : available_simd()) {
    CHECK(sums_of<std::int8_t>(shape, x8, w8, simd).back() == -127 * 127 * shape.C);
    CHECK(sums_of<std::int16_t>(shape, x16, w16, simd).back() ==
          std::int64_t{-32767} * 32767 * shape.C);
  }
}

TEST_CASE("int16 sums are exact on both sides of what double holds") {
  // Zero points near the end of the range make large products, and odd ones: an odd number of them
  // beyond 2^53 is no double.
  const std::vector<std::int32_t> zeros(1, 32766);
  for (const int taps : {1 << 20, (1 << 21) + 1001}) {
    ConvShape shape;
    shape.C = taps;
    const std::vector<std::int16_t> words(static_cast<std::size_t>(taps), -32767);
    for (const Simd simd : available_simd()) {
      INFO(taps << " taps, instructions " << static_cast<int>(simd));
      const OperandZeros both{.ifmap = 32766, .filters = zeros};
      const auto sums = convolution_sums<std::int16_t>(shape, words, words, simd, both);
      CHECK(sums.data[0] == std::int64_t{65533} * 65533 * taps);
    }
  }
}

TEST_CASE("The instructions that every machine has are always available, fastest last") {
  CHECK(available_simd().front() == Simd::portable);
  CHECK(available_simd().back() == fastest_simd());
}

}  // namespace
}  // namespace ridgeline::reference
