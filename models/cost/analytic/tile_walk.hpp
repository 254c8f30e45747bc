#pragma once

#include <array>
#include <vector>

#include "models/cost/analytic/segments.hpp"
#include "models/cost/analytic/timeline.hpp"

/// The tiles of a layer in order of execution (tiles_of), as runs of tiles that are alike.
namespace ridgeline::analytic {

/// Dimensions of the tile loops.
enum Dim { kN, kG, kM, kC, kP, kQ, kDims };

/// Where a tile lies: for each dimension, the segment that it belongs to.
using SegmentIndex = std::array<std::size_t, kDims>;

/// The loops over tiles. Along C the first tile and the last one are segments of their own.
class TileWalk {
 public:
  TileWalk(const LoweredLayer& layer, const Mapping& mapping, bool singly);

  [[nodiscard]] const Segments& along(Dim dim) const { return segments_[dim]; }
  /// Kinds of tiles.
  [[nodiscard]] std::size_t kinds() const;
  [[nodiscard]] std::size_t kind_of(const SegmentIndex& at) const;
  /// A tile of that kind; loads and releases are not set.
  [[nodiscard]] Tile tile(const SegmentIndex& at) const;

  /// Drives `timeline` through all tiles. Where a loop has come to repeat itself, the rest of its
  /// equal iterations is one step. `cost_of(at)` gives the cost of a kind of tile.
  template <class CostOf>
  void run(Timeline& timeline, CostOf&& cost_of);

 private:
  /// A loop of more than one tile.
  struct Level {
    Dim dim = kN;
    std::int64_t count = 1;
    bool loads_ifmap = false, loads_filter = false;  ///< when it goes on by one
  };
  static constexpr int kOutside = -1;  ///< before the first tile and after the last one

  void make_levels(TileOrder order, bool on_array);
  template <class CostOf>
  void run_level(int level, int entered, int left, Timeline& timeline, CostOf& cost_of);
  template <class CostOf>
  void visit(int entered, int left, Timeline& timeline, CostOf& cost_of);

  bool on_array_;
  std::array<Segments, kDims> segments_{};
  std::vector<Level> levels_{};
  SegmentIndex at_{};
};

template <class CostOf>
void TileWalk::run(Timeline& timeline, CostOf&& cost_of) {
  at_ = {};
  run_level(0, kOutside, kOutside, timeline, cost_of);
}

template <class CostOf>
void TileWalk::run_level(int level, int entered, int left, Timeline& timeline, CostOf& cost_of) {
  if (level == static_cast<int>(levels_.size())) return visit(entered, left, timeline, cost_of);
  const Level& loop = levels_[static_cast<std::size_t>(level)];
  const Segments& segments = segments_[loop.dim];
  std::int64_t done = 0;
  for (std::size_t s = 0; s < segments.size(); ++s) {
    at_[loop.dim] = s;
    const std::int64_t count = segments[s].count;
    // The iteration that leaves the loop is never part of what repeats.
    const std::int64_t alike = s + 1 == segments.size() ? count - 1 : count;
    // Brent's method: compare with a moment that moves up by powers of two.
    Timeline::Snapshot before;
    std::int64_t marked = 0;
    bool repeats = false;
    for (std::int64_t i = 0; i < count; ++i, ++done) {
      run_level(level + 1, done == 0 ? entered : level, done + 1 == loop.count ? left : level,
                timeline, cost_of);
      if (repeats || i == 0 || i + 1 >= alike) continue;
      const Timeline::Snapshot now = timeline.snapshot();
      if (marked > 0 && now.same_state(before)) {
        const std::int64_t period = i - marked;
        const std::int64_t times = (alike - 1 - i) / period;
        timeline.skip(before, now, times);
        i += times * period;
        done += times * period;
        repeats = true;
      } else if ((i & (i - 1)) == 0) {
        before = now;
        marked = i;
      }
    }
  }
}

template <class CostOf>
void TileWalk::visit(int entered, int left, Timeline& timeline, CostOf& cost_of) {
  const auto loads = [&](int level, bool Level::*operand) {
    return level == kOutside || levels_[static_cast<std::size_t>(level)].*operand;
  };
  const std::size_t c = at_[kC];
  timeline.visit({.cost = &cost_of(at_),
                  .load_ifmap = !on_array_ || loads(entered, &Level::loads_ifmap),
                  .load_filter = on_array_ && loads(entered, &Level::loads_filter),
                  .release_ifmap = !on_array_ || loads(left, &Level::loads_ifmap),
                  .release_filter = on_array_ && loads(left, &Level::loads_filter),
                  .first_c = c == 0,
                  .last_c = c + 1 == segments_[kC].size()});
}

}  // namespace ridgeline::analytic
