#pragma once

#include <cstdint>
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

  [[nodiscard]] bool empty() const { return sums_.empty(); }
  /// Zero weights of filters m (counting all groups) in channels c (within the group).
  [[nodiscard]] std::int64_t count(Range m, Range c) const;

 private:
  [[nodiscard]] std::int64_t before(int m, int c) const {
    return sums_[static_cast<std::size_t>(m) * stride_ + static_cast<std::size_t>(c)];
  }

  std::size_t stride_ = 1;
  std::vector<std::int64_t> sums_;  // sums over all filters and channels before (m, c)
};

}  // namespace ridgeline
