#pragma once

#include <array>

#include "models/cost/analytic.hpp"
#include "models/cost/analytic/segments.hpp"
#include "models/mapping/dataflow.hpp"

/// The array's own time for the passes of a tile, in closed form: passes that are alike are costed
/// once. It follows the order of PassSequence (G N P Q X M C R S K), as the load of each pass hides
/// behind the one before it.
namespace ridgeline::analytic {

void add_cycles(CycleBreakdown& sum, const CycleBreakdown& one, std::int64_t times = 1);

class ArrayTime {
 public:
  explicit ArrayTime(const LayerQuestion& in);

  /// Cycles of a tile, by cause; never waits for a tile or the vector unit.
  [[nodiscard]] CycleBreakdown of(const Tile& tile);

 private:
  enum Level { G, N, P, Q, X, M, C, R, S, K, kLevels };

  /// Passes that follow one another: the time of all but the last, whose successor is not known.
  struct Run {
    CycleBreakdown sum{};
    PassCost last{};
    Cycles first_load{};
  };
  [[nodiscard]] Run along(int level, bool first, bool last);
  [[nodiscard]] Run along_chain(int level, const Segments& segments, bool first, bool last);
  [[nodiscard]] const Segments& segments_of(int level);
  void set(int level, Range range);
  void cut_level(Level level, Range range, int size, const WindowAxis* axis = nullptr);
  void append(Run& run, const Run& next, bool& empty) const;
  [[nodiscard]] Run repeated(const Run& run, std::int64_t times) const;
  [[nodiscard]] CycleBreakdown between(const PassCost& pass, Cycles next_load) const {
    return pass_cycles(pass, next_load, arch_.pe_array.preload);
  }

  const Architecture& arch_;
  const ConvShape& shape_;
  const Dataflow& dataflow_;
  PassExtent extent_;
  const ZeroWeights& zeros_;
  bool singly_;  ///< filters and channels differ in their zeros
  WindowAxis rows_, cols_;

  Tile tile_{};
  Pass pass_{};
  std::array<Segments, kLevels> segments_;  // of those that have several
  std::array<bool, kLevels> several_{};
};

}  // namespace ridgeline::analytic
