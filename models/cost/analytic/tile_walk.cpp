#include "models/cost/analytic/tile_walk.hpp"

#include <algorithm>

namespace ridgeline::analytic {
namespace {

std::int64_t count_of(const Segments& segments) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < segments.size(); ++i) count += segments[i].count;
  return count;
}

}  // namespace

TileWalk::TileWalk(const LayerQuestion& in, bool singly) {
  const TileExtent all = iteration_space(in.layer);
  const TileExtent& t = in.mapping.tile;
  const auto along_filters = [&](Dim dim, int total, int size) {
    singly ? cut_singly(segments_[dim], {0, total}, size) : cut(segments_[dim], {0, total}, size);
  };
  cut(segments_[kN], {0, all.N}, t.N);
  along_filters(kG, all.G, t.G);
  along_filters(kM, all.M, t.M);
  // The first tile starts psums and the last one completes them: neither is like the others.
  singly ? cut_singly(segments_[kC], {0, all.C}, t.C)
         : cut_ends_apart(segments_[kC], {0, all.C}, t.C);
  cut(segments_[kP], {0, all.P}, t.P, window_rows(in.layer.shape));
  cut(segments_[kQ], {0, all.Q}, t.Q, window_cols(in.layer.shape));
  for (std::size_t dim = kDims; dim-- > 0;) {
    steps_[dim] = kinds_;
    kinds_ *= segments_[dim].size();
  }
  const bool on_array = runs_on_array(in.layer.kind);
  all_loads_ = (in.residency.ifmap ? 0 : kLoadsIfmap) | (on_array ? kLoadsFilter : 0);
  make_levels(in.mapping.order, on_array);
}

void TileWalk::make_levels(TileOrder order, bool on_array) {
  constexpr std::array kFilterOuter{kG, kM, kN, kP, kQ, kC};
  constexpr std::array kIfmapOuter{kG, kN, kP, kQ, kM, kC};
  for (const Dim dim : order == TileOrder::filter_outer ? kFilterOuter : kIfmapOuter) {
    const std::int64_t count = count_of(segments_[dim]);
    if (count > 1) levels_[depth_++] = {.dim = dim, .count = count};
  }
  // When a loop goes on by one, those inside it begin anew.
  Duties loads = 0;
  std::int64_t visits = 1;
  for (std::size_t i = depth_; i-- > 0;) {
    const Dim dim = levels_[i].dim;
    if (!on_array || dim != kM) loads |= kLoadsIfmap;
    if (dim == kG || dim == kM || dim == kC) loads |= kLoadsFilter;
    levels_[i].loads = loads & all_loads_;
    levels_[i].visits = visits;
    visits *= std::min(levels_[i].count, std::int64_t{4});
  }
}

Tile TileWalk::tile(const SegmentIndex& at) const {
  const auto range = [&](Dim dim) { return segments_[dim][at[dim]].range; };
  return {.n = range(kN),
          .g = range(kG),
          .m = range(kM),
          .c = range(kC),
          .p = range(kP),
          .q = range(kQ),
          .first_c = at[kC] == 0,
          .last_c = at[kC] + 1 == segments_[kC].size()};
}

}  // namespace ridgeline::analytic
