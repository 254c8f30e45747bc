#pragma once

#include <array>

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

  /// The last tile.
  [[nodiscard]] SegmentIndex last() const;
  /// Calls visit(at, count) for every kind of block along those dimensions, which lies at the
  /// beginning of the others.
  template <std::size_t N, class Visit>
  void each_kind(const std::array<Dim, N>& dims, Visit&& visit) const;

  /// Drives `timeline` through all tiles. Where a loop has come to repeat itself, the rest of its
  /// equal iterations is one step. `cost_of(at)` gives the cost of a kind of tile.
  template <class CostOf>
  void run(Timeline& timeline, CostOf&& cost_of);

 private:
  /// A loop of more than one tile.
  struct Level {
    Dim dim = kN;
    std::int64_t count = 1;
    std::int64_t visits = 1;  ///< of an iteration, when loops inside have come to repeat themselves
    bool loads_ifmap = false, loads_filter = false;  ///< when it goes on by one
  };
  /// A comparison costs as much as so many visits.
  static constexpr std::int64_t kWorthComparing = 3;
  static constexpr std::int64_t kMostIterations = 6;
  static constexpr int kOutside = -1;  ///< before the first tile and after the last one

  void make_levels(TileOrder order, bool on_array);
  template <class CostOf>
  void run_level(int level, int entered, int left, Timeline& timeline, CostOf& cost_of);
  /// When what repeats reaches to the loop's end, its last tile releases what the next one brings.
  void release_on_leaving(int left, Timeline& timeline) const;
  [[nodiscard]] bool brings(int level, bool Level::*operand) const {
    return level == kOutside || levels_[static_cast<std::size_t>(level)].*operand;
  }
  template <class CostOf>
  void visit(int entered, int left, Timeline& timeline, CostOf& cost_of);

  bool on_array_;
  std::array<Segments, kDims> segments_{};
  std::array<Level, kDims> levels_{};  // the first depth_
  std::size_t depth_ = 0;
  SegmentIndex at_{};
};

template <std::size_t N, class Visit>
void TileWalk::each_kind(const std::array<Dim, N>& dims, Visit&& visit) const {
  SegmentIndex at{};
  const auto along = [&](const auto& self, std::size_t i, std::int64_t count) -> void {
    if (i == N) return visit(at, count);
    const Segments& segments = segments_[dims[i]];
    for (at[dims[i]] = 0; at[dims[i]] < segments.size(); ++at[dims[i]]) {
      self(self, i + 1, count * segments[at[dims[i]]].count);
    }
    at[dims[i]] = 0;
  };
  along(along, 0, 1);
}

template <class CostOf>
void TileWalk::run(Timeline& timeline, CostOf&& cost_of) {
  at_ = {};
  run_level(0, kOutside, kOutside, timeline, cost_of);
}

template <class CostOf>
void TileWalk::run_level(int level, int entered, int left, Timeline& timeline, CostOf& cost_of) {
  if (level == static_cast<int>(depth_)) return visit(entered, left, timeline, cost_of);
  const Level& loop = levels_[static_cast<std::size_t>(level)];
  const Segments& segments = segments_[loop.dim];
  std::int64_t done = 0;
  for (std::size_t s = 0; s < segments.size(); ++s) {
    at_[loop.dim] = s;
    const std::int64_t count = segments[s].count;
    const bool last = s + 1 == segments.size();
    // Brent's method: compare with a moment that moves up by powers of two.
    std::array<Timeline::Snapshot, 2> moments;  // the marked one, and now
    std::size_t other = 0;
    std::int64_t marked = -1;
    // The innermost loop has both halves to fill first.
    const std::int64_t first_moment = level + 1 == static_cast<int>(depth_) ? 1 : 0;
    bool repeats = false;
    for (std::int64_t i = 0; i < count; ++i, ++done) {
      run_level(level + 1, done == 0 ? entered : level, done + 1 == loop.count ? left : level,
                timeline, cost_of);
      if (repeats || i < first_moment || (count - 1 - i) * loop.visits < kWorthComparing) continue;
      Timeline::Snapshot& now = moments[other];
      const Timeline::Snapshot& before = moments[1 - other];
      timeline.take_snapshot(now);
      // Halves of the buffer may drift against each other for long, a cycle an iteration. What the
      // last few iterations took then stands for the rest.
      const bool settled = i >= kMostIterations && marked >= 0 && now.same_work(before);
      if (marked >= 0 && (settled || now.same_state(before))) {
        const std::int64_t period = i - marked;
        const std::int64_t times = (count - 1 - i) / period;
        timeline.skip(before, now, times);
        i += times * period;
        done += times * period;
        repeats = true;
        if (last && i + 1 == count) release_on_leaving(left, timeline);
      } else if ((i & (i - 1)) == 0) {
        marked = i;
        other = 1 - other;
      }
    }
  }
}

template <class CostOf>
void TileWalk::visit(int entered, int left, Timeline& timeline, CostOf& cost_of) {
  const std::size_t c = at_[kC];
  timeline.visit({.cost = &cost_of(at_),
                  .load_ifmap = !on_array_ || brings(entered, &Level::loads_ifmap),
                  .load_filter = on_array_ && brings(entered, &Level::loads_filter),
                  .release_ifmap = !on_array_ || brings(left, &Level::loads_ifmap),
                  .release_filter = on_array_ && brings(left, &Level::loads_filter),
                  .first_c = c == 0,
                  .last_c = c + 1 == segments_[kC].size()});
}

}  // namespace ridgeline::analytic
