#pragma once

#include "models/cost/analytic/tile_costs.hpp"
#include "models/cost/analytic/tile_walk.hpp"
#include "models/cost/analytic/timeline.hpp"

/// The time of a layer, from the time of its tiles.
namespace ridgeline::analytic {

class TimedLayer {
 public:
  TimedLayer(const LayerQuestion& question, LayerMemory& memory);
  TimedLayer(const TimedLayer&) = delete;
  TimedLayer& operator=(const TimedLayer&) = delete;

  /// The layer alone takes no less: its array has all its tiles to work on, the bus all its bursts
  /// to carry, and some of either comes before or after all of the other. Much sooner known than
  /// how long it takes.
  [[nodiscard]] Cycles least() const;
  /// What it takes alone.
  [[nodiscard]] CycleBreakdown alone() const;
  /// The next layer of a run. @param needs see RunLayer. The timeline refers to this layer's costs
  /// until its end.
  void run(Timeline& timeline, int needs = -1) const;

 private:
  /// Nothing else works before the first tile has come, nor while the last one leaves.
  struct Ends {
    Time before = 0, after = 0;
  };
  [[nodiscard]] Ends ends() const;
  [[nodiscard]] bool array_never_waits() const;

  LayerQuestion question_;
  TileWalk walk_;
  TileCosts costs_;
};

}  // namespace ridgeline::analytic
