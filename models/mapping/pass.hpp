#pragma once

#include <array>
#include <optional>

#include "models/mapping/tile.hpp"

/// Passes: what the array does between two changes of its stationary operand, and the step of the
/// simulation. Ranges are those of the tile's group: m, c within group g; p, q in the ofmap; n
/// images.
namespace ridgeline {

/// Sets of PEs side by side in a pass of `rs`: on different channels, and on different filters.
struct PeSets {
  int C = 1, M = 1;
};

struct Pass {
  int g = 0;
  Range n{0, 1}, m{}, c{}, r{}, s{}, p{}, q{};
  bool first = false;      ///< starts these psums at zero
  bool last = false;       ///< completes them
  bool ends_tile = false;  ///< no pass of the same tile follows
  PeSets sets{};
  /// Ofmap positions, those of all its images.
  [[nodiscard]] std::int64_t positions() const {
    return std::int64_t{n.size()} * p.size() * q.size();
  }
};

/// How much of each dimension one pass takes.
struct PassExtent {
  int N = 1, M = 1, C = 1, P = 1, Q = 1, R = 1, S = 1;
  PeSets sets{};
};

/// Joins passes that follow one another, tap after tap, over the same psums and channels into one
/// pass of several taps, so that a simulator can compute them together. What it gives out is
/// exactly what was put in: a pass that does not continue the one before starts anew.
class PassMerger {
 public:
  /// What is complete once `pass` has come, in order.
  [[nodiscard]] std::array<std::optional<Pass>, 2> add(const Pass& pass, const ConvShape& shape);
  /// What is left.
  [[nodiscard]] std::array<std::optional<Pass>, 2> rest();

 private:
  std::optional<Pass> rows_;  // whole rows of taps
  std::optional<Pass> row_;   // taps of the row after them
};

/// The passes of one tile in order of execution: G, N, P, Q, M, C, R, S, the later the faster.
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
  std::array<int, 8> counts_;  // blocks of G, N, P, Q, M, C, R, S
  std::int64_t size_ = 1;
};

}  // namespace ridgeline
