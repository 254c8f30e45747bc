#include "models/numeric/picture.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

#include "models/numeric/random.hpp"

namespace ridgeline {
namespace {

constexpr int kWaves = 8;
constexpr float kGrain = 0.02F;

/// A wave of at most `highest` periods along an axis of `size` elements, which begins anywhere.
std::vector<float> wave(int size, double highest, SplitMix64& random) {
  // One after the other: of two draws among a call's arguments either may come first.
  const double phase = random.uniform();
  const double frequency = highest * random.uniform();
  std::vector<float> values(static_cast<std::size_t>(size));
  for (int i = 0; i < size; ++i) {
    values[static_cast<std::size_t>(i)] =
        static_cast<float>(std::cos(2 * std::numbers::pi * (frequency * (i + 0.5) / size + phase)));
  }
  return values;
}

/// Adds a plane wave, weighted anew for each channel.
void add_wave(const TensorShape& shape, double frequency, SplitMix64& random,
              std::span<float> image) {
  const std::vector<float> down = wave(shape.H, frequency, random);
  const std::vector<float> across = wave(shape.W, frequency, random);
  float* out = image.data();
  for (int c = 0; c < shape.C; ++c) {
    const double size = 0.3 + random.uniform();
    const double weight = random.uniform() < 0.25 ? -size : size;
    const float amplitude = static_cast<float>(weight / frequency);
    for (const float y : down) {
      for (const float x : across) *out++ += amplitude * y * x;
    }
  }
}

}  // namespace

Tensor<float> make_picture(TensorShape shape, std::uint64_t seed) {
  Tensor<float> picture(shape);
  const std::size_t size = picture.data.size() / static_cast<std::size_t>(shape.N);
  for (int n = 0; n < shape.N; ++n) {
    const std::uint64_t item = static_cast<std::uint64_t>(n);
    SplitMix64 random(sequence_key(seed, Purpose::picture, 0, item));
    const std::span image = std::span(picture.data).subspan(item * size, size);
    fill_normal(sequence_key(seed, Purpose::picture, 1, item), kGrain, image);
    for (int i = 0; i < kWaves; ++i) add_wave(shape, 1.0 + 1.5 * i, random, image);
    float largest = 0;
    for (const float x : image) largest = std::max(largest, std::abs(x));
    for (float& x : image) x /= largest;
  }
  return picture;
}

}  // namespace ridgeline
