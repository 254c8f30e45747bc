#pragma once

#include <optional>
#include <vector>

#include "models/cost/analytic/array_time.hpp"
#include "models/cost/analytic/tile_cost.hpp"
#include "models/cost/analytic/tile_walk.hpp"

/// The time of a layer, from the time of its tiles.
namespace ridgeline::analytic {

/// Kinds of tiles, costed when they first occur.
class KnownCosts {
 public:
  KnownCosts(const LayerQuestion& in, const TileWalk& walk);
  [[nodiscard]] const TileCost& operator()(const SegmentIndex& at) {
    const TileCost& cost = costs_[walk_.kind_of(at)];
    return cost.array_total >= 0 ? cost : work_out(at);
  }

 private:
  /// What the array's time depends on unless edges or zeros matter.
  struct Sizes {
    std::array<int, kDims> sizes{};
    bool first_c = true, last_c = true;
    bool operator==(const Sizes&) const = default;
  };
  const TileCost& work_out(const SegmentIndex& at);
  [[nodiscard]] CycleBreakdown array_time(const Tile& tile);

  const LayerQuestion& in_;
  const TileWalk& walk_;
  std::vector<TileCost> costs_;
  std::optional<ArrayTime> array_;
  bool alike_ = false;
  Sizes last_{};
  CycleBreakdown last_time_{};
};

class TimedLayer {
 public:
  explicit TimedLayer(const LayerQuestion& question);
  TimedLayer(const TimedLayer&) = delete;
  TimedLayer& operator=(const TimedLayer&) = delete;

  /// The layer alone takes no less: its array has all its tiles to work on, the bus all its bursts
  /// to carry, and some of either comes before or after all of the other. Much sooner known than
  /// how long it takes.
  [[nodiscard]] Cycles least();
  /// What it takes alone.
  [[nodiscard]] CycleBreakdown alone();
  /// The next layer of a run. @param needs see RunLayer. The timeline refers to this layer's costs
  /// until its end.
  void run(Timeline& timeline, int needs = -1);

 private:
  LayerQuestion question_;
  TileWalk walk_;
  KnownCosts costs_;
};

}  // namespace ridgeline::analytic
