#pragma once

#include <array>

#include "models/cost/analytic.hpp"
#include "models/cost/analytic/segments.hpp"
#include "models/cost/analytic/units.hpp"

/// The tiles of a layer in order of execution (tiles_of), as runs of tiles that are alike.
namespace ridgeline::analytic {

/// Dimensions of the tile loops.
enum Dim { kN, kG, kM, kC, kP, kQ, kDims };

/// Where a tile lies: for each dimension, the segment that it belongs to.
using SegmentIndex = std::array<std::size_t, kDims>;

/// The loops over tiles. Along C the first tile and the last one are segments of their own.
class TileWalk {
 public:
  /// @param singly filters and channels differ in their zeros
  TileWalk(const LayerQuestion& in, bool singly);

  /// Kinds of tiles. They are numbered in the order of Dim, Q the fastest.
  [[nodiscard]] std::size_t kinds() const { return kinds_; }
  /// From a kind to the one after it along a dimension.
  [[nodiscard]] std::size_t step(Dim dim) const { return steps_[dim]; }
  [[nodiscard]] const Segments& along(Dim dim) const { return segments_[dim]; }
  /// What the first tile loads.
  [[nodiscard]] Duties loads() const { return all_loads_; }
  /// A tile of that kind; loads and releases are not set.
  [[nodiscard]] Tile tile(const SegmentIndex& at) const;
  /// Calls visit(at, kind, count) for every kind of block along those dimensions, in order, which
  /// lies at the beginning of the others.
  template <Dim... kAlong, class Visit>
  void each_kind(Visit&& visit) const {
    SegmentIndex at{};
    each_along<kAlong...>(at, 0, 1, visit);
  }

  /// Drives `line`, Units or Timeline, through all tiles. Where a loop has come to repeat itself,
  /// the rest of its equal iterations is one step. `costs` are those of all kinds.
  template <class Line>
  void run(Line& line, const TileCost* costs) const;

 private:
  /// A loop of more than one tile.
  struct Level {
    Dim dim = kN;
    std::int64_t count = 1;
    std::int64_t visits = 1;  ///< of an iteration, when loops inside have come to repeat themselves
    Duties loads = 0;         ///< when it goes on by one
  };
  /// A comparison costs as much as so many visits.
  static constexpr std::int64_t kWorthComparing = 3;
  static constexpr std::int64_t kMostIterations = 6;

  void make_levels(TileOrder order, bool on_array);
  template <Dim kDim, Dim... kInside, class Visit>
  void each_along(SegmentIndex& at, std::size_t kind, std::int64_t count, Visit& visit) const;
  template <class Line>
  void run_level(std::size_t level, const TileCost* costs, Duties loads, Duties next_loads,
                 Line& line, Units* moments) const;

  std::array<Segments, kDims> segments_;
  std::array<std::size_t, kDims> steps_{};
  std::size_t kinds_ = 1;
  std::array<Level, kDims> levels_{};  // the first depth_
  std::size_t depth_ = 0;
  Duties all_loads_ = 0;  // before the first tile, and as if after the last one
};

template <Dim kDim, Dim... kInside, class Visit>
void TileWalk::each_along(SegmentIndex& at, std::size_t kind, std::int64_t count,
                          Visit& visit) const {
  const Segments& segments = segments_[kDim];
  for (std::size_t s = 0; s < segments.size(); ++s, kind += steps_[kDim]) {
    at[kDim] = s;
    const std::int64_t all = count * segments[s].count;
    if constexpr (sizeof...(kInside) > 0) {
      each_along<kInside...>(at, kind, all, visit);
    } else {
      visit(at, kind, all);
    }
  }
  at[kDim] = 0;
}

template <class Line>
void TileWalk::run(Line& line, const TileCost* costs) const {
  if (depth_ == 0) return line.visit(*costs, all_loads_ | all_loads_ << kToFrees);
  std::array<Units, kDims> moments;
  run_level(0, costs, all_loads_, all_loads_, line, moments.data());
}

/// @param costs the first kind of the loops around this one
/// @param loads,next_loads those of the first tile, and of the one after the last
/// @param moments room for one of this loop, and one of each inside it
template <class Line>
void TileWalk::run_level(std::size_t level, const TileCost* costs, Duties loads, Duties next_loads,
                         Line& line, Units* moments) const {
  const Level& loop = levels_[level];
  const Segments& segments = segments_[loop.dim];
  const bool innermost = level + 1 == depth_;
  // The innermost loop has both halves to fill first.
  const std::int64_t first_moment = innermost ? 1 : 0;
  std::int64_t left = loop.count;
  Units& marked = *moments;
  for (std::size_t s = 0; s < segments.size(); ++s, costs += steps_[loop.dim]) {
    const std::int64_t count = segments[s].count;
    // Brent's method: compare with a moment that moves up by powers of two.
    std::int64_t marked_at = -1;
    bool repeats = false;
    for (std::int64_t i = 0; i < count; ++i) {
      --left;
      const Duties then = left == 0 ? next_loads : loop.loads;
      innermost ? line.visit(*costs, loads | then << kToFrees)
                : run_level(level + 1, costs, loads, then, line, moments + 1);
      loads = loop.loads;
      if (repeats || i < first_moment || (count - 1 - i) * loop.visits < kWorthComparing) continue;
      Units& now = line.at_work();
      // Halves of the buffer may drift against each other for long, a cycle an iteration. What the
      // last few iterations took then stands for the rest.
      const bool settled = i >= kMostIterations && now.same_work(marked);
      if (marked_at >= 0 && (settled || now.same_but_later(marked))) {
        const std::int64_t period = i - marked_at;
        const std::int64_t times = (count - 1 - i) / period;
        now.repeat_since(marked, times);
        i += times * period;
        left -= times * period;
        repeats = true;
        // When what repeats reaches to the loop's end, its last tile gives back what the next one
        // brings.
        if (left == 0) now.also_free(next_loads << kToFrees);
      } else if ((i & (i - 1)) == 0 && (count - 2 - i) * loop.visits >= kWorthComparing) {
        marked = now;
        marked_at = i;
      }
    }
  }
}

}  // namespace ridgeline::analytic
