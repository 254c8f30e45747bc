#pragma once

#include "models/cost/analytic/array_time.hpp"
#include "models/cost/analytic/few.hpp"
#include "models/cost/analytic/layer_memory.hpp"
#include "models/cost/analytic/tile_walk.hpp"

namespace ridgeline::analytic {

/// What each kind of tile of a layer costs. Kinds that share a block of an operand share its cost.
class TileCosts {
 public:
  TileCosts(const LayerQuestion& in, const TileWalk& walk, LayerMemory& memory);

  [[nodiscard]] const TileCost& operator[](std::size_t kind) const { return costs_[kind]; }
  [[nodiscard]] const TileCost* data() const { return costs_.data(); }
  [[nodiscard]] std::size_t size() const { return costs_.size(); }
  /// The array's own work on all tiles of the layer, or the vector unit's: it waits for nothing.
  [[nodiscard]] const CycleBreakdown& work() const { return work_; }

 private:
  void cost_vector_tiles(const LayerQuestion& in, const TileWalk& walk);
  void cost_array_tiles(const LayerQuestion& in, const TileWalk& walk, LayerMemory& memory);
  void add(TileCost& cost, Time count);

  Few<TileCost, 12> costs_;
  CycleBreakdown work_{};
};

}  // namespace ridgeline::analytic
