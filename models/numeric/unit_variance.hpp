#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "models/network/lowering.hpp"
#include "models/numeric/trained_weights.hpp"

/// How layers are scaled whose weights were not trained; calibrate.hpp says why.
namespace ridgeline {

/// Count, sum and sum of squares of values.
struct Moments {
  double count = 0, sum = 0, sum_of_squares = 0;

  void add(std::span<const float> values);
  [[nodiscard]] double mean() const { return sum / count; }
  [[nodiscard]] double mean_square() const { return sum_of_squares / count; }
  [[nodiscard]] double variance() const { return std::max(0.0, mean_square() - mean() * mean()); }
};

/// Scales layer `index` to unit variance; `measured` are its sums of products, those of all
/// channels together.
[[nodiscard]] ChannelScaling unit_variance_scaling(const LoweredNetwork& lowered, std::size_t index,
                                                   std::uint64_t seed, const Moments& measured);

}  // namespace ridgeline
