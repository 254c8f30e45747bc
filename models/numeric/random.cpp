#include "models/numeric/random.hpp"

#include <array>
#include <cmath>

namespace ridgeline {
namespace {

constexpr int kBits = 12;
constexpr int kSamplesPerDraw = 64 / kBits;
static_assert(kNormalLevels == 1 << kBits);

/// Inverse of the normal distribution function for p > 1/2: Newton's method from the side where the
/// function is concave, where it cannot overshoot.
double upper_quantile(double p, double start) {
  double x = start;
  for (int i = 0; i < 60; ++i) {
    const double excess = 0.5 * std::erfc(-x / std::sqrt(2.0)) - p;
    const double density = std::exp(-x * x / 2) / std::sqrt(2 * 3.14159265358979323846);
    const double step = excess / density;
    x -= step;
    if (std::abs(step) < 1e-14) break;
  }
  return x;
}

std::array<float, kNormalLevels> make_levels() {
  std::array<double, kNormalLevels / 2> upper{};
  double x = 0, sum_of_squares = 0;
  for (std::size_t i = 0; i < upper.size(); ++i) {
    // Each quantile is a starting point from below for the next one.
    x = upper_quantile(0.5 + (static_cast<double>(i) + 0.5) / kNormalLevels, x);
    upper[i] = x;
    sum_of_squares += x * x;
  }
  const double scale = 1 / std::sqrt(sum_of_squares / static_cast<double>(upper.size()));
  std::array<float, kNormalLevels> levels{};
  for (std::size_t i = 0; i < upper.size(); ++i) {
    levels[2 * i] = static_cast<float>(upper[i] * scale);
    levels[2 * i + 1] = -levels[2 * i];
  }
  return levels;
}

}  // namespace

std::uint64_t sequence_key(std::uint64_t seed, Purpose purpose, std::uint64_t layer,
                           std::uint64_t item) {
  std::uint64_t key = seed;
  for (const std::uint64_t part : {static_cast<std::uint64_t>(purpose), layer, item}) {
    key = SplitMix64(key ^ (part * 0xD1342543DE82EF95U))();
  }
  return key;
}

void fill_normal(std::uint64_t key, float deviation, std::span<float> out) {
  static const std::array<float, kNormalLevels> levels = make_levels();
  SplitMix64 random(key);
  std::size_t i = 0;
  for (; i + kSamplesPerDraw <= out.size(); i += kSamplesPerDraw) {
    std::uint64_t draw = random();
    for (std::size_t j = 0; j < kSamplesPerDraw; ++j, draw >>= kBits) {
      out[i + j] = deviation * levels[draw % kNormalLevels];
    }
  }
  for (std::uint64_t draw = random(); i < out.size(); ++i, draw >>= kBits) {
    out[i] = deviation * levels[draw % kNormalLevels];
  }
}

}  // namespace ridgeline
