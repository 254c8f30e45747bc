#include "models/cost/analytic/timed_layer.hpp"

#include <algorithm>

#include "models/mapping/buffer_plan.hpp"
#include "models/mapping/dataflow.hpp"

namespace ridgeline::analytic {
namespace {

/// Bytes of one half. Of an odd number of bytes one is nobody's, as in the simulation.
std::int64_t half_of(const BufferPlan::Operand& operand) {
  return operand.held.count() / operand.halves;
}

Timeline::Layer timeline_layer(const LayerQuestion& in) {
  const BufferPlan plan = buffer_plan(in.arch, in.layer, in.precision, in.mapping, in.residency);
  const bool filters = runs_on_array(in.layer.kind);
  const GlobalBuffer& buffer = in.arch.global_buffer;
  const bool own = buffer.filter_bytes > Bytes(0);
  Timeline::Layer layer{.latency = in.arch.dram.latency.count(),
                        .ifmap_halves = plan.ifmap.halves,
                        .filter_halves = filters ? plan.filter.halves : 0,
                        .residual_halves = plan.residual.halves,
                        .psum_halves = plan.ofmap.halves,
                        .on_array = filters,
                        .overlaps = buffer.double_buffer,
                        .ifmap_half = half_of(plan.ifmap),
                        .filter_half = half_of(plan.filter),
                        .residual_half = half_of(plan.residual),
                        .psum_half = half_of(plan.ofmap),
                        .kept = plan.kept.count(),
                        .own_filter_buffer = own};
  const std::int64_t filter_place = layer.filter_half * layer.filter_halves;
  layer.place = layer.ifmap_half * layer.ifmap_halves +
                layer.residual_half * layer.residual_halves + layer.psum_half * layer.psum_halves +
                (own ? 0 : filter_place);
  layer.left = buffer.bytes.count() - layer.place - layer.kept;
  if (own) layer.filters_left = buffer.filter_bytes.count() - filter_place;
  return layer;
}

/// What the bus carries for a layer.
struct BusWork {
  Time loads = 0, stores = 0;
};

BusWork bus_work(const LayerQuestion& in, const TileWalk& walk, const TileCosts& costs) {
  BusWork work;
  const auto add_ifmap = [&](const SegmentIndex&, std::size_t kind, Time count) {
    work.loads += costs[kind].ifmap_bus * count;
  };
  runs_on_array(in.layer.kind) ? walk.each_kind<kN, kG, kC, kP, kQ>(add_ifmap)
                               : walk.each_kind<kN, kG, kM, kP, kQ>(add_ifmap);
  if (runs_on_array(in.layer.kind)) {
    const TileLoads times = tile_loads(in.layer, in.mapping);
    Time filters = 0;
    walk.each_kind<kG, kM, kC>([&](const SegmentIndex&, std::size_t kind, Time count) {
      filters += costs[kind].filter_bus * count;
    });
    work.loads = work.loads * times.ifmap_repeats + filters * times.filter_repeats;
  }
  const std::size_t last_c = (walk.along(kC).size() - 1) * walk.step(kC);
  walk.each_kind<kN, kG, kM, kP, kQ>([&](const SegmentIndex&, std::size_t kind, Time count) {
    const TileCost& cost = costs[kind + last_c];
    work.loads += cost.residual_bus * count;
    if (cost.store_bus != kStays) work.stores += cost.store_bus * count;
  });
  return work;
}

}  // namespace

TimedLayer::TimedLayer(const LayerQuestion& question, LayerMemory& memory)
    : question_(question),
      walk_(question_, !question.zeros.empty()),
      costs_(question_, walk_, memory) {}

TimedLayer::Ends TimedLayer::ends() const {
  const TileCost& first = costs_[0];
  const TileCost& last = costs_[costs_.size() - 1];
  const bool loads = walk_.loads() != 0 || (first.duties & kLoadsResidual) != 0;
  const Time latency = loads ? question_.arch.dram.latency.count() : 0;
  return {.before = first.loads_bus() + latency,
          .after = last.vector + std::max(last.store_bus, Time{0})};
}

Cycles TimedLayer::least() const {
  const Time work = costs_.work().total().count();
  const Time last_work = costs_[costs_.size() - 1].work;
  const BusWork bus = bus_work(question_, walk_, costs_);
  const Time latency = bus.loads > 0 ? question_.arch.dram.latency.count() : 0;
  const auto [before, after] = ends();
  // Some tile comes with the last load.
  return Cycles(std::max(
      {before + work + after, bus.loads + latency + last_work + after, bus.loads + bus.stores}));
}

/// Two halves of every operand that is loaded again. While the array works on one tile, the load of
/// the tile after the next begins at the latest when the vector unit is done with the tile before,
/// behind no more than the store of that one and a store before it, and its operands are there in
/// time; likewise that store, behind no more than a store and a load, leaves its psum half.
bool TimedLayer::array_never_waits() const {
  if (!question_.arch.global_buffer.double_buffer) return false;
  Time work = costs_[0].work, loads = 0, store = 0, vector = 0;
  for (std::size_t kind = 0; kind < costs_.size(); ++kind) {
    const TileCost& cost = costs_[kind];
    work = std::min(work, cost.work);
    loads = std::max(loads, cost.loads_bus());
    store = std::max(store, cost.store_bus);
    vector = std::max(vector, cost.vector);
  }
  return vector + 2 * store + loads + question_.arch.dram.latency.count() <= work;
}

CycleBreakdown TimedLayer::alone() const {
  Units units;
  if (array_never_waits()) {
    const auto [before, after] = ends();
    units.vector_stall = costs_[costs_.size() - 1].vector;
    return units.cycles(costs_.work(), before + costs_.work().total().count() + after);
  }
  timeline_layer(question_).hand_out_halves(units, {});
  walk_.run(units, costs_.data());
  units.drain();
  units.end_with_vector_unit();
  return units.cycles(costs_.work(), units.stored());
}

void TimedLayer::run(Timeline& timeline, int needs) const {
  Timeline::Layer layer = timeline_layer(question_);
  layer.needs = needs;
  layer.work = costs_.work();
  timeline.begin(layer);
  walk_.run(timeline, costs_.data());
}

}  // namespace ridgeline::analytic
