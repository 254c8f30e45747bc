#include "models/cost/analytic/tile_costs.hpp"

#include <optional>
#include <utility>

#include "models/cost/analytic/tile_cost.hpp"
#include "models/mapping/dataflow.hpp"

namespace ridgeline::analytic {
namespace {

/// Kinds with blocks as large as those of this one, along a dimension, come so many steps earlier.
std::size_t first_as_large(const TileWalk& walk, Dim dim, std::size_t i) {
  const Segments& segments = walk.along(dim);
  std::size_t first = 0;
  while (segments[first].range.size() != segments[i].range.size()) ++first;
  return (i - first) * walk.step(dim);
}

}  // namespace

TileCosts::TileCosts(const LayerQuestion& in, const TileWalk& walk) {
  const Dataflow* const dataflow = in.mapping.dataflow;
  // Unless edges or zeros matter, the array takes equally long for tiles as large as each other.
  const bool alike = dataflow == nullptr || (!dataflow->edges_take_less && in.zeros.empty());
  std::optional<ArrayTime> array;
  if (dataflow != nullptr) array.emplace(in);
  walk.each_kind<kN, kG, kM, kC, kP, kQ>([&](const SegmentIndex& at, std::size_t kind, Time count) {
    const auto beyond_first = [&](Dim dim) { return at[dim] * walk.step(dim); };
    const std::size_t same_ifmap = kind - (array ? beyond_first(kM) : 0);
    const std::size_t same_filter = kind - beyond_first(kN) - beyond_first(kP) - beyond_first(kQ);
    std::size_t same_work = kind;
    if (alike) {
      same_work -= first_as_large(walk, kP, at[kP]) + first_as_large(walk, kQ, at[kQ]);
    }
    const Tile tile = walk.tile(at);
    TileCost cost;
    if (!in.residency.ifmap) {
      cost.ifmap_bus = same_ifmap < kind ? costs_[same_ifmap].ifmap_bus : ifmap_bus(in, tile);
    }
    if (tile.first_c) cost.duties |= kStartsPsums;
    if (tile.last_c) add_results(cost, in, tile);
    if (array) {
      cost.filter_bus = same_filter < kind ? costs_[same_filter].filter_bus : filter_bus(in, tile);
      cost.own = same_work < kind ? costs_[same_work].own : array->of(tile);
    } else {
      cost.own.vector_stall = Cycles(std::exchange(cost.vector, 0));
    }
    cost.work = cost.own.total().count();
    costs_.push_back(cost);
    add_cycles(work_, cost.own, count);
  });
}

}  // namespace ridgeline::analytic
