#include "models/cost/zero_weights.hpp"

#include <algorithm>
#include <cmath>

namespace ridgeline {
namespace {

/// Scattered zeros in fixed point, so that the same weights are zero on every machine.
constexpr std::uint64_t kOne = std::uint64_t{1} << 32;
constexpr int kFilters = 16;
constexpr std::uint64_t kSixteenth = kOne / kFilters;
constexpr int kStep = 7;  // from one filter's sixteenth to the next one's: neighbours lie far apart

}  // namespace

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

ZeroWeights ZeroWeights::scattered(double fraction, int taps) {
  ZeroWeights zeros;
  zeros.per_channel_ =
      static_cast<std::uint64_t>(std::llround(fraction * kOne)) * static_cast<std::uint64_t>(taps);
  return zeros;
}

/// A filter has floor(c x + i / 16) - floor(i / 16) zeros before channel c, x being those of a
/// channel. Sixteen of them, with i from 0 to 15, have floor(16 c x) together: Hermite's identity.
std::int64_t ZeroWeights::scattered_before(int m, int c) const {
  const std::uint64_t parts = per_channel_ * static_cast<std::uint64_t>(c);
  std::uint64_t zeros = static_cast<std::uint64_t>(m / kFilters) * (parts / kSixteenth);
  for (int i = 0; i < m % kFilters; ++i) {
    zeros += (parts + static_cast<std::uint64_t>(i * kStep % kFilters) * kSixteenth) / kOne;
  }
  return static_cast<std::int64_t>(zeros);
}

std::int64_t ZeroWeights::count(Range m, Range c) const {
  if (per_channel_ > 0) {
    return scattered_before(m.end, c.end) - scattered_before(m.begin, c.end) -
           scattered_before(m.end, c.begin) + scattered_before(m.begin, c.begin);
  }
  if (sums_.empty()) return 0;
  return before(m.end, c.end) - before(m.begin, c.end) - before(m.end, c.begin) +
         before(m.begin, c.begin);
}

/// floor(a + b) - floor(a) is floor(b) or one more: of each group of sixteen filters that lies
/// whole in the range, and of each filter beside them.
std::optional<ZeroWeights::Bounds> ZeroWeights::in_any_channel(Range m) const {
  if (per_channel_ == 0) return std::nullopt;
  const std::int64_t groups = std::max(0, m.end / kFilters - ceil_div(m.begin, kFilters));
  const std::int64_t others = m.size() - groups * kFilters;
  const std::int64_t least = groups * static_cast<std::int64_t>(per_channel_ / kSixteenth) +
                             others * static_cast<std::int64_t>(per_channel_ / kOne);
  return Bounds{.least = least, .most = least + groups + others};
}

}  // namespace ridgeline
