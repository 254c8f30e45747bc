#pragma once

#include "models/cost/analytic/segments.hpp"
#include "models/cost/run_stats.hpp"
#include "models/mapping/pass.hpp"

/// All passes of a layer at once: how often each operand's words are used again. Dataflows build
/// their totals from these sums (Dataflow::totals), apart from what they say of a single pass.
namespace ridgeline {

/// What all passes of a layer come to.
struct LayerTotals {
  AccessCounts counts{};
  PortWords ports{};  ///< part of counts
  Cycles compute{};   ///< in which the array multiplies
};

struct LayerPasses {
  const ConvShape& shape;
  TileExtent tile;
  PassExtent extent;
  std::int64_t weights = 0;  ///< that are multiplied: all filter words, or those that are not zero

  [[nodiscard]] analytic::TwoLevels n() const { return {shape.N, tile.N, extent.N}; }
  [[nodiscard]] analytic::TwoLevels m() const { return {shape.M_per_group(), tile.M, extent.M}; }
  [[nodiscard]] analytic::TwoLevels c() const { return {shape.C_per_group(), tile.C, extent.C}; }
  [[nodiscard]] analytic::TwoLevels p() const { return {shape.P(), tile.P, extent.P}; }
  [[nodiscard]] analytic::TwoLevels q() const { return {shape.Q(), tile.Q, extent.Q}; }
  [[nodiscard]] analytic::TwoLevels r() const { return {shape.R(), shape.R(), extent.R}; }
  [[nodiscard]] analytic::TwoLevels s() const { return {shape.S(), shape.S(), extent.S}; }

  /// Ofmap positions and ofmap words.
  [[nodiscard]] std::int64_t positions() const {
    return std::int64_t{shape.N} * shape.P() * shape.Q();
  }
  [[nodiscard]] std::int64_t psums() const { return positions() * shape.M; }
  [[nodiscard]] std::int64_t macs() const { return positions() * weights; }
  /// Blocks that the filters of a group, and the positions of all images, fall into.
  [[nodiscard]] std::int64_t filter_blocks() const { return m().blocks(); }
  [[nodiscard]] std::int64_t position_blocks() const;
  /// Passes that add to the same psums.
  [[nodiscard]] std::int64_t chain() const;
  /// Real ifmap words, padding left out, of all c x r x s under all positions: what one block of
  /// filters of each group needs.
  [[nodiscard]] std::int64_t ifmap_words() const;
};

}  // namespace ridgeline
