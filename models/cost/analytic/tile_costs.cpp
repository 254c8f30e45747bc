#include "models/cost/analytic/tile_costs.hpp"

#include <utility>
#include <vector>

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

/// Bus cycles of all ifmap tiles: kinds that differ in their filters alone share them.
std::vector<Time> ifmap_cycles(const LayerQuestion& in, const TileWalk& walk) {
  std::vector<Time> cycles;
  const auto add = [&](const SegmentIndex& at, std::size_t, Time) {
    cycles.push_back(ifmap_bus(in, walk.tile(at)));
  };
  walk.each_kind<kN, kG, kC, kP, kQ>(add);
  return cycles;
}

/// All of a tile's extent but its filters.
TileExtent without_filters(TileExtent tile) {
  tile.M = 0;
  return tile;
}

}  // namespace

TileCosts::TileCosts(const LayerQuestion& in, const TileWalk& walk, LayerMemory& memory) {
  in.mapping.dataflow == nullptr ? cost_vector_tiles(in, walk) : cost_array_tiles(in, walk, memory);
}

void TileCosts::cost_vector_tiles(const LayerQuestion& in, const TileWalk& walk) {
  walk.each_kind<kN, kG, kM, kC, kP, kQ>([&](const SegmentIndex& at, std::size_t, Time count) {
    const Tile tile = walk.tile(at);
    TileCost cost;
    if (!in.residency.ifmap) cost.ifmap_bus = ifmap_bus(in, tile);
    if (tile.first_c) cost.duties |= kStartsPsums;
    if (tile.last_c) add_results(cost, in, tile);
    cost.own.vector_stall = Cycles(std::exchange(cost.vector, 0));
    add(cost, count);
  });
}

void TileCosts::cost_array_tiles(const LayerQuestion& in, const TileWalk& walk,
                                 LayerMemory& memory) {
  // Unless edges or zeros matter, the array takes equally long for tiles as large as each other.
  const bool alike = !in.mapping.dataflow->edges_take_less && in.zeros.empty();
  ArrayTime array(in);
  const std::vector<Time>& ifmap_bus =
      memory.ifmap_bus.at(without_filters(in.mapping.tile), [&] { return ifmap_cycles(in, walk); });
  const std::size_t inside = walk.step(kM), around = inside * walk.along(kM).size();
  walk.each_kind<kN, kG, kM, kC, kP, kQ>([&](const SegmentIndex& at, std::size_t kind, Time count) {
    const auto beyond_first = [&](Dim dim) { return at[dim] * walk.step(dim); };
    const std::size_t same_filter = kind - beyond_first(kN) - beyond_first(kP) - beyond_first(kQ);
    std::size_t same_work = kind;
    if (alike) {
      same_work -= first_as_large(walk, kP, at[kP]) + first_as_large(walk, kQ, at[kQ]);
    }
    const Tile tile = walk.tile(at);
    TileCost cost;
    if (!in.residency.ifmap) {
      const std::size_t outer = at[kN] * walk.along(kG).size() + at[kG];
      cost.ifmap_bus = ifmap_bus[outer * inside + kind - outer * around - beyond_first(kM)];
    }
    if (tile.first_c) cost.duties |= kStartsPsums;
    if (tile.last_c) add_results(cost, in, tile);
    cost.filter_bus = same_filter < kind ? costs_[same_filter].filter_bus : filter_bus(in, tile);
    cost.own = same_work < kind ? costs_[same_work].own : array.of(tile);
    add(cost, count);
  });
}

void TileCosts::add(TileCost& cost, Time count) {
  cost.work = cost.own.total().count();
  costs_.push_back(cost);
  add_cycles(work_, cost.own, count);
}

}  // namespace ridgeline::analytic
