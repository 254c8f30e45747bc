#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/base/integer.hpp"

namespace ridgeline {

/// How many weights of a layer are zero, for any range of filters and input channels.
/// An empty value says that none is.
class ZeroWeights {
 public:
  ZeroWeights() = default;
  /// `zeros[m * channels + c]` counts the zero weights of filter m in input channel c of its group.
  ZeroWeights(std::span<const std::int32_t> zeros, int channels);

  /// That part of all weights, `taps` of each filter and channel, scattered as evenly as whole
  /// weights allow: a filter has its next zero whenever another whole one has come together, and
  /// each of 16 filters that follow one another begins with another sixteenth in hand. No table is
  /// kept, whatever the layer's size. `fraction` from 0 to 1; filters and channels x taps fit an
  /// int.
  [[nodiscard]] static ZeroWeights scattered(double fraction, int taps);

  [[nodiscard]] bool empty() const { return sums_.empty() && per_channel_ == 0; }
  /// Zero weights of filters m (counting all groups) in channels c (within the group).
  [[nodiscard]] std::int64_t count(Range m, Range c) const;

  struct Bounds {
    std::int64_t least = 0, most = 0;
  };
  /// Between what the counts of filters m in any one channel lie; nothing where only looking at
  /// each channel would tell.
  [[nodiscard]] std::optional<Bounds> in_any_channel(Range m) const;

 private:
  [[nodiscard]] std::int64_t before(int m, int c) const {
    return sums_[static_cast<std::size_t>(m) * stride_ + static_cast<std::size_t>(c)];
  }
  [[nodiscard]] std::int64_t scattered_before(int m, int c) const;

  std::size_t stride_ = 1;
  std::vector<std::int64_t> sums_;  // sums over all filters and channels before (m, c)
  std::uint64_t per_channel_ = 0;   // scattered: of a filter in one channel, in parts of 2^32
};

}  // namespace ridgeline
