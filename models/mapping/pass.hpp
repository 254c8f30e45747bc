#pragma once

#include <array>
#include <optional>

#include "models/mapping/tile.hpp"

/// Passes: what the array does between two changes of its stationary operand, and the step of the
/// simulation. Ranges are those of the tile's group: m, c within group g; p, q in the ofmap; n
/// images.
///
/// Dataflows that see a convolution as a matrix product take part of a box: `k` counts within
/// c x r x s and `x` within p x q, both flattened, the last dimension the fastest. Empty means the
/// whole box.
namespace ridgeline {

/// Sets of PEs side by side in a pass of `rs`: on different channels, and on different filters.
struct PeSets {
  int C = 1, M = 1;
};

struct Pass {
  int g = 0;
  Range n{0, 1}, m{}, c{}, r{}, s{}, p{}, q{};
  Range k{}, x{};          ///< parts of c x r x s and of p x q; empty: all of it
  bool first = false;      ///< starts these psums at zero
  bool last = false;       ///< completes them
  bool ends_tile = false;  ///< no pass of the same tile follows
  PeSets sets{};

  /// Ofmap positions of the pass, those of all its images.
  [[nodiscard]] std::int64_t positions() const {
    return n.size() * (x == Range{} ? std::int64_t{p.size()} * q.size() : x.size());
  }
  /// Products that the pass adds to each psum.
  [[nodiscard]] std::int64_t depth() const {
    return k == Range{} ? std::int64_t{c.size()} * r.size() * s.size() : k.size();
  }
  [[nodiscard]] Macs macs() const { return Macs(positions() * m.size() * depth()); }
};

/// A rectangle of ofmap positions.
struct PositionBlock {
  Range p{}, q{};
};
/// The rectangles that make up the positions of a pass in each of its images: the end of a row,
/// whole rows, the beginning of a row. Those that do not occur are empty.
[[nodiscard]] std::array<PositionBlock, 3> position_blocks(const Pass& pass);

/// How much of each dimension one pass takes.
struct PassExtent {
  int N = 1, M = 1, C = 1, P = 1, Q = 1, R = 1, S = 1;
  /// Of the c x r x s box, flattened, and of the p x q box; 0: all of it. A dataflow that cuts a
  /// box takes its dimensions whole.
  int K = 0, X = 0;
  PeSets sets{};
};

/// Joins passes that follow one another, tap after tap, over the same psums and channels into one
/// pass of several taps, so that a simulator can compute them together; likewise parts of a
/// c x r x s box. What it gives out is exactly what was put in: a pass that does not continue the
/// one before starts anew.
class PassMerger {
 public:
  /// What is complete once `pass` has come, in order.
  [[nodiscard]] std::array<std::optional<Pass>, 2> add(const Pass& pass, const ConvShape& shape);
  /// What is left.
  [[nodiscard]] std::array<std::optional<Pass>, 2> rest();

 private:
  [[nodiscard]] std::array<std::optional<Pass>, 2> add_part_of_box(const Pass& pass);

  std::optional<Pass> rows_;  // whole rows of taps
  std::optional<Pass> row_;   // taps of the row after them
  std::optional<Pass> box_;   // the beginning of a c x r x s box; none of the others then
};

/// The passes of one tile in order of execution: G, N, P, Q, X, M, C, R, S, K, the later the
/// faster.
class PassSequence {
 public:
  PassSequence(const ConvShape& shape, const PassExtent& size, const Tile& tile);

  [[nodiscard]] std::int64_t size() const { return size_; }
  /// Pass number `index`, 0 <= index < size().
  [[nodiscard]] Pass operator[](std::int64_t index) const;

 private:
  PassExtent extent_;
  Tile tile_;
  int R_, S_;
  std::array<int, 10> counts_;  // blocks of G, N, P, Q, X, M, C, R, S, K
  std::int64_t size_ = 1;
};

}  // namespace ridgeline
