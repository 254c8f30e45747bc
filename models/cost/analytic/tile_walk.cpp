#include "models/cost/analytic/tile_walk.hpp"

#include <algorithm>

namespace ridgeline::analytic {
namespace {

/// The first tile starts psums and the last one completes them: neither is like the others.
void set_ends_apart(Segments& segments) {
  if (segments.size() == 1 && segments[0].count == 1) return;
  Segments apart;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    Segment rest = segments[i];
    const int size = rest.range.size();
    const auto put = [&](std::int64_t count) {
      apart.push_back({rest.range, count});
      rest.count -= count;
      rest.range = {rest.range.begin + size, rest.range.end + size};
    };
    if (i == 0 && rest.count > 1) put(1);
    if (i + 1 == segments.size() && rest.count > 1) put(rest.count - 1);
    put(rest.count);
  }
  segments = apart;
}

std::int64_t count_of(const Segments& segments) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < segments.size(); ++i) count += segments[i].count;
  return count;
}

}  // namespace

TileWalk::TileWalk(const LoweredLayer& layer, const Mapping& mapping, bool singly)
    : on_array_(runs_on_array(layer.kind)) {
  const TileExtent all = iteration_space(layer);
  const TileExtent& t = mapping.tile;
  const auto along_filters = [&](Dim dim, int total, int size) {
    singly ? cut_singly(segments_[dim], {0, total}, size) : cut(segments_[dim], {0, total}, size);
  };
  cut(segments_[kN], {0, all.N}, t.N);
  along_filters(kG, all.G, t.G);
  along_filters(kM, all.M, t.M);
  along_filters(kC, all.C, t.C);
  if (!singly) set_ends_apart(segments_[kC]);
  cut(segments_[kP], {0, all.P}, t.P, window_rows(layer.shape));
  cut(segments_[kQ], {0, all.Q}, t.Q, window_cols(layer.shape));
  make_levels(mapping.order, on_array_);
}

void TileWalk::make_levels(TileOrder order, bool on_array) {
  constexpr std::array kFilterOuter{kG, kM, kN, kP, kQ, kC};
  constexpr std::array kIfmapOuter{kG, kN, kP, kQ, kM, kC};
  for (const Dim dim : order == TileOrder::filter_outer ? kFilterOuter : kIfmapOuter) {
    const std::int64_t count = count_of(segments_[dim]);
    if (count > 1) levels_[depth_++] = {.dim = dim, .count = count};
  }
  // When a loop goes on by one, those inside it begin anew.
  bool ifmap = false, filter = false;
  std::int64_t visits = 1;
  for (std::size_t i = depth_; i-- > 0;) {
    const Dim dim = levels_[i].dim;
    ifmap |= !on_array || dim != kM;
    filter |= dim == kG || dim == kM || dim == kC;
    levels_[i].loads_ifmap = ifmap;
    levels_[i].loads_filter = filter;
    levels_[i].visits = visits;
    visits *= std::min(levels_[i].count, std::int64_t{4});
  }
}

std::size_t TileWalk::kinds() const {
  std::size_t kinds = 1;
  for (const Segments& segments : segments_) kinds *= segments.size();
  return kinds;
}

SegmentIndex TileWalk::last() const {
  SegmentIndex at;
  for (std::size_t dim = 0; dim < kDims; ++dim) at[dim] = segments_[dim].size() - 1;
  return at;
}

std::size_t TileWalk::kind_of(const SegmentIndex& at) const {
  std::size_t kind = 0;
  for (std::size_t dim = 0; dim < kDims; ++dim) kind = kind * segments_[dim].size() + at[dim];
  return kind;
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

void TileWalk::release_on_leaving(int left, Timeline& timeline) const {
  timeline.also_release(brings(left, &Level::loads_ifmap),
                        on_array_ && brings(left, &Level::loads_filter));
}

}  // namespace ridgeline::analytic
