#pragma once

#include <optional>
#include <vector>

#include "models/cost/analytic.hpp"
#include "models/cost/analytic/units.hpp"
#include "models/mapping/mapping.hpp"

/// What mappings of one layer have in common. A search goes through tile extents with one dimension
/// at a time, so what does not depend on M mostly stays as it was for the mapping before.
namespace ridgeline::analytic {

/// Values that follow from part of a tile's extent, for as long as that part stays the same.
template <class Value>
class Remembered {
 public:
  /// The value for `extent`: the last one, or what make() says.
  template <class Make>
  [[nodiscard]] Value& at(const TileExtent& extent, Make&& make) {
    if (!value_ || extent != extent_) {
      extent_ = extent;
      value_.emplace(make());
    }
    return *value_;
  }

 private:
  TileExtent extent_{};
  std::optional<Value> value_;
};

/// Of one layer on one architecture, at one precision.
struct LayerMemory {
  /// Bus cycles of ifmap tiles, in order of their kinds; without M.
  Remembered<std::vector<Time>> ifmap_bus;
  /// Words of all ifmap tiles; by P and Q.
  Remembered<std::int64_t> ifmap_words;
};

/// Everything but the cycles of a mapping.
[[nodiscard]] LayerCost layer_counts(const LayerQuestion& question, LayerMemory& memory);

}  // namespace ridgeline::analytic
