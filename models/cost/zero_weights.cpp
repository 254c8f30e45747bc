#include "models/cost/zero_weights.hpp"

namespace ridgeline {

ZeroWeights::ZeroWeights(std::span<const std::int32_t> zeros, int channels)
    : stride_(static_cast<std::size_t>(channels) + 1) {
  const std::size_t filters = zeros.size() / static_cast<std::size_t>(channels);
  sums_.resize((filters + 1) * stride_);
  for (std::size_t m = 0; m < filters; ++m) {
    std::int64_t row = 0;
    for (std::size_t c = 0; c + 1 < stride_; ++c) {
      row += zeros[m * (stride_ - 1) + c];
      sums_[(m + 1) * stride_ + c + 1] = sums_[m * stride_ + c + 1] + row;
    }
  }
}

std::int64_t ZeroWeights::count(Range m, Range c) const {
  if (sums_.empty()) return 0;
  return before(m.end, c.end) - before(m.begin, c.end) - before(m.end, c.begin) +
         before(m.begin, c.begin);
}

}  // namespace ridgeline
