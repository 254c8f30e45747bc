#include "models/numeric/histogram.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "models/numeric/random.hpp"

namespace ridgeline {
namespace {

/// Values with a Laplace distribution of scale 1; those below zero left out if `relu`, as zeros.
std::vector<float> laplace(std::size_t count, std::uint64_t seed, bool relu = false) {
  SplitMix64 random(seed);
  std::vector<float> values(count);
  for (float& value : values) {
    const double u = random.uniform() - 0.5;
    const double x = -std::copysign(std::log1p(-2 * std::abs(u)), u);
    value = static_cast<float>(relu ? std::max(x, 0.0) : x);
  }
  return values;
}

Histogram histogram_of(const std::vector<float>& values) {
  Histogram histogram;
  histogram.add(values);
  return histogram;
}

/// The mean square error of really rounding every value to one of `steps` words over the range.
double rounded_error(const std::vector<float>& values, ValueRange range, int steps) {
  const double step = (range.highest - range.lowest) / (steps - 1);
  double sum = 0;
  for (const double x : values) {
    const double word = std::round(std::clamp(x, range.lowest, range.highest) / step);
    const double difference = x - word * step;
    sum += difference * difference;
  }
  return sum / static_cast<double>(values.size());
}

std::int64_t outside(const std::vector<float>& values, ValueRange range) {
  return std::ranges::count_if(values,
                               [&](double x) { return x < range.lowest || x > range.highest; });
}

}  // namespace

TEST_CASE("A percentile leaves out as many values as it may, to a 64th of the range") {
  std::vector<float> values;
  for (int i = 1; i <= 10000; ++i) values.push_back(static_cast<float>(i % 2 == 0 ? i : -i));
  const Histogram histogram = histogram_of(values);
  for (const double percentile : {100.0, 99.99, 99.0, 90.0, 50.0}) {
    INFO(percentile);
    const double exact = 100 * percentile;  // of 1..10000
    const ValueRange symmetric = histogram.percentile_range(percentile, false);
    CHECK(symmetric.lowest == -symmetric.highest);
    CHECK(symmetric.highest >= exact - 1);
    CHECK(symmetric.highest <= std::min(exact * (1 + 1.0 / 64) + 1, 10000.0));
    CHECK(outside(values, symmetric) <= std::lround((100 - percentile) * 100));
    const ValueRange two_sided = histogram.percentile_range(percentile, true);
    const auto half = std::lround((100 - percentile) * 50);
    CHECK(outside(values, {two_sided.lowest, HUGE_VAL}) <= half);
    CHECK(outside(values, {-HUGE_VAL, two_sided.highest}) <= half);
    CHECK(two_sided.highest <= std::min(exact * (1 + 1.0 / 64) + 2, 10000.0));
  }
}

TEST_CASE("Zeros count as values of a percentile, but never are all that is left") {
  std::vector<float> values(98, 0.0F);
  values.push_back(1);
  values.push_back(8);
  const Histogram histogram = histogram_of(values);
  CHECK(histogram.percentile_range(99.5, false).highest == 8);
  CHECK(histogram.percentile_range(99, false).highest == Approx(1).epsilon(1.0 / 64));
  CHECK(histogram.percentile_range(98, false).highest == 8);  // nothing but zeros inside
  CHECK(histogram.percentile_range(98, true).lowest == 0);
  CHECK(Histogram().percentile_range(99, false).highest == 0);
  CHECK(Histogram().least_error_range(255, false).highest == 0);
  CHECK(Histogram().least_error_range(256, true).highest == 0);
}

TEST_CASE("Of a Laplace distribution mse clips where Banner et al. say it is best") {
  // NeurIPS 2019, section 3.1: 2.83 b, 3.89 b and 5.03 b for 2, 3 and 4 bits, whose step is
  // 2 a / 2^bits. They count step^2 / 12 for values near zero too, of which there are many.
  const Histogram histogram = histogram_of(laplace(1'000'000, 3));
  CHECK(histogram.least_error_range(9, false).highest == Approx(3.89).epsilon(0.1));
  CHECK(histogram.least_error_range(17, false).highest == Approx(5.03).epsilon(0.05));
}

TEST_CASE("The error of the range that mse finds is that of the best range, each value rounded") {
  const bool relu = GENERATE(false, true);
  const bool asymmetric = GENERATE(false, true);
  const int steps = GENERATE(15, 63, 255);
  INFO("relu " << relu << ", asymmetric " << asymmetric << ", steps " << steps);
  std::vector<float> values = laplace(20000, 11, relu);
  for (float& value : values) value *= value < 0 ? 0.02F : 0.3F;  // one side longer
  values.push_back(12);                                           // an outlier
  const ValueRange found =
      histogram_of(values).least_error_range(steps + (asymmetric ? 1 : 0), asymmetric);
  double least = HUGE_VAL;
  for (double highest = 12; highest > 0.1; highest *= 0.97) {
    if (!asymmetric) {
      least = std::min(least, rounded_error(values, {-highest, highest}, steps));
      continue;
    }
    for (double lowest = -0.3; lowest < -0.01; lowest *= 0.8)
      least = std::min(least, rounded_error(values, {relu ? 0 : lowest, highest}, steps + 1));
  }
  const double error = rounded_error(values, found, steps + (asymmetric ? 1 : 0));
  CHECK(error <= 1.05 * least);
  // And it is worth something: the outlier alone would stretch the words.
  if (steps < 255) CHECK(error < 0.7 * rounded_error(values, {-12, 12}, steps));
}

TEST_CASE("A histogram does not depend on the order in which it saw its values") {
  std::vector<float> values = laplace(5000, 5);
  Histogram parts;
  for (std::size_t at = 0; at < values.size(); at += 1250)
    parts.add(std::span(values).subspan(at, 1250));
  std::ranges::sort(values);
  const Histogram sorted = histogram_of(values);
  for (const bool asymmetric : {false, true}) {
    CHECK(parts.percentile_range(99, asymmetric).highest ==
          sorted.percentile_range(99, asymmetric).highest);
    CHECK(parts.percentile_range(99, asymmetric).lowest ==
          sorted.percentile_range(99, asymmetric).lowest);
    CHECK(parts.least_error_range(16, asymmetric).highest ==
          sorted.least_error_range(16, asymmetric).highest);
  }
}

}  // namespace ridgeline
