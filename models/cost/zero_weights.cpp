#include "models/cost/zero_weights.hpp"

namespace ridgeline {

ZeroWeights::ZeroWeights(std::span<const std::int32_t> zeros, int channels)
    : stride_(static_cast<std::size_t>(channels) + 1) {
  const std::size_t filters = zeros.size() / static_cast<std::size_t>(channels);
  sums_.resize(filters * stride_);
  for (std::size_t m = 0; m < filters; ++m) {
    for (std::size_t c = 0; c + 1 < stride_; ++c) {
      sums_[m * stride_ + c + 1] = sums_[m * stride_ + c] + zeros[m * (stride_ - 1) + c];
    }
  }
}

std::int64_t ZeroWeights::count(Range m, Range c) const {
  if (sums_.empty()) return 0;
  std::int64_t total = 0;
  for (int filter = m.begin; filter < m.end; ++filter) {
    const std::size_t row = static_cast<std::size_t>(filter) * stride_;
    total += sums_[row + static_cast<std::size_t>(c.end)] -
             sums_[row + static_cast<std::size_t>(c.begin)];
  }
  return total;
}

}  // namespace ridgeline
