#pragma once

#include <array>

#include "models/cost/analytic.hpp"
#include "models/cost/analytic/repetition.hpp"
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
  void make_levels(TileOrder order, bool on_array);
  template <Dim kDim, Dim... kInside, class Visit>
  void each_along(SegmentIndex& at, std::size_t kind, std::int64_t count, Visit& visit) const;
  template <class Line>
  void run_level(std::size_t level, const TileCost* costs, Duties loads, Duties next_loads,
                 Line& line) const;
  template <class Line>
  void run_innermost(const TileCost* costs, Duties loads, Duties next_loads, Line& line) const;
  template <class Line>
  void run_alike(const TileCost& cost, std::int64_t count, Duties loads, Duties last,
                 Line& line) const;
  template <class Line>
  void run_middle(const TileCost& cost, std::int64_t count, Line& line) const;

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
  depth_ == 1 ? run_innermost(costs, all_loads_, all_loads_, line)
              : run_level(0, costs, all_loads_, all_loads_, line);
}

/// A loop around others.
/// @param costs the first kind of the loops around this one
/// @param loads,next_loads those of the first tile, and of the one after the last
template <class Line>
void TileWalk::run_level(std::size_t level, const TileCost* costs, Duties loads, Duties next_loads,
                         Line& line) const {
  const Level& loop = levels_[level];
  const Segments& segments = segments_[loop.dim];
  std::int64_t left = loop.count;
  for (std::size_t s = 0; s < segments.size(); ++s, costs += steps_[loop.dim]) {
    const std::int64_t count = segments[s].count;
    Repetition repetition(count, loop.visits);
    for (std::int64_t i = 0; i < count; ++i) {
      --left;
      const Duties then = left == 0 ? next_loads : loop.loads;
      level + 2 == depth_ ? run_innermost(costs, loads, then, line)
                          : run_level(level + 1, costs, loads, then, line);
      loads = loop.loads;
      if (!repetition.worth_comparing(i)) continue;
      Units* now = line.at_work();
      if (now == nullptr) continue;
      const std::int64_t over = repetition.step_over(*now, i);
      i += over;
      left -= over;
      if (over > 0 && left == 0) now->also_free(next_loads << kToFrees);
    }
  }
}

/// The innermost loop. It has both halves to fill before it can repeat itself.
template <class Line>
void TileWalk::run_innermost(const TileCost* costs, Duties loads, Duties next_loads,
                             Line& line) const {
  const Level& loop = levels_[depth_ - 1];
  const Segments& segments = segments_[loop.dim];
  std::int64_t left = loop.count;
  for (std::size_t s = 0; s < segments.size(); ++s, costs += steps_[loop.dim]) {
    const std::int64_t count = segments[s].count;
    left -= count;
    // When what repeats reaches to the loop's end, its last tile gives back what the next one
    // brings.
    const Duties last = left == 0 ? next_loads : loop.loads;
    const Duties duties = loads | last << kToFrees;
    if ((costs->duties | duties) == kMiddle && loads == loop.loads) {
      run_middle(*costs, count, line);
    } else if (count == 1) {
      line.visit(*costs, duties);
    } else {
      run_alike(*costs, count, loads, last, line);
    }
    loads = loop.loads;
  }
}

/// Tiles of one kind.
template <class Line>
void TileWalk::run_alike(const TileCost& cost, std::int64_t count, Duties loads, Duties last,
                         Line& line) const {
  const Duties own = levels_[depth_ - 1].loads;
  Repetition repetition(count, 1);
  for (std::int64_t i = 0; i < count; ++i) {
    line.visit(cost, loads | (i + 1 == count ? last : own) << kToFrees);
    loads = own;
    if (i == 0 || !repetition.worth_comparing(i)) continue;
    Units* now = line.at_work();
    if (now == nullptr) continue;
    const std::int64_t over = repetition.step_over(*now, i);
    i += over;
    if (over > 0 && i + 1 == count) now->also_free(last << kToFrees);
  }
}

/// Tiles in the middle of a chain.
template <class Line>
void TileWalk::run_middle(const TileCost& cost, std::int64_t count, Line& line) const {
  Repetition repetition(count, 1);
  for (std::int64_t i = 0; i < count; ++i) {
    line.visit_middle(cost);
    if (i == 0 || !repetition.worth_comparing(i)) continue;
    if (Units* now = line.at_work()) i += repetition.step_over(*now, i);
  }
}

}  // namespace ridgeline::analytic
