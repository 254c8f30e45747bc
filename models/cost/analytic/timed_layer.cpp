#include "models/cost/analytic/timed_layer.hpp"

#include <algorithm>

#include "models/mapping/buffer_plan.hpp"
#include "models/mapping/dataflow.hpp"

namespace ridgeline::analytic {
namespace {

/// Bytes of one half.
std::int64_t half_of(const BufferPlan::Operand& operand) {
  return operand.held.count() / std::max(1, operand.halves);
}

Timeline::Layer timeline_layer(const LayerQuestion& in) {
  const BufferPlan plan = buffer_plan(in.arch, in.layer, in.precision, in.mapping, in.residency);
  const bool filters = runs_on_array(in.layer.kind);
  const GlobalBuffer& buffer = in.arch.global_buffer;
  const bool own = buffer.filter_bytes > Bytes(0);
  return {.latency = in.arch.dram.latency.count(),
          .ifmap_halves = plan.ifmap.halves,
          .filter_halves = filters ? plan.filter.halves : 0,
          .residual_halves = plan.residual.halves,
          .psum_halves = plan.ofmap.halves,
          .on_array = filters,
          .residual = in.layer.residual.has_value(),
          .ifmap_on_chip = in.residency.ifmap,
          .residual_on_chip = in.residency.residual,
          .ofmap_on_chip = in.residency.ofmap,
          .overlaps = buffer.double_buffer,
          .ifmap_half = half_of(plan.ifmap),
          .filter_half = half_of(plan.filter),
          .residual_half = half_of(plan.residual),
          .psum_half = half_of(plan.ofmap),
          .place = (plan.global - plan.kept).count(),
          .kept = plan.kept.count(),
          .left = (buffer.bytes - plan.global).count(),
          .own_filter_buffer = own,
          .filters_left = (buffer.filter_bytes - plan.filter_buffer).count()};
}

/// What the bus carries for a layer.
struct BusWork {
  Time loads = 0, stores = 0;
};

BusWork bus_work(const LayerQuestion& in, const TileWalk& walk, KnownCosts& costs) {
  BusWork work;
  if (!in.residency.ifmap) {
    const Dim channels = runs_on_array(in.layer.kind) ? kC : kM;
    walk.each_kind(std::array{kN, kG, channels, kP, kQ}, [&](const SegmentIndex& at, Time count) {
      work.loads += costs(at).ifmap_bus * count;
    });
  }
  if (runs_on_array(in.layer.kind)) {
    const TileLoads times = tile_loads(in.layer, in.mapping);
    Time filters = 0;
    walk.each_kind(std::array{kG, kM, kC}, [&](const SegmentIndex& at, Time count) {
      const TileCost& cost = costs(at);
      filters += (cost.filter_bus + (at[kC] == 0 ? cost.records_bus : 0)) * count;
    });
    work.loads = work.loads * times.ifmap_repeats + filters * times.filter_repeats;
  }
  walk.each_kind(std::array{kN, kG, kM, kP, kQ}, [&](const SegmentIndex& at, Time count) {
    const TileCost& cost = costs(at);
    if (!in.residency.residual) work.loads += cost.residual_bus * count;
    if (!in.residency.ofmap) work.stores += cost.store_bus * count;
  });
  return work;
}

}  // namespace

KnownCosts::KnownCosts(const LayerQuestion& in, const TileWalk& walk)
    : in_(in), walk_(walk), costs_(walk.kinds()) {
  const Dataflow* const dataflow = in.mapping.dataflow;
  if (dataflow == nullptr) return;
  const ConvShape& shape = in.layer.shape;
  array_.emplace(in.arch, shape, *dataflow,
                 dataflow->pass_extent(in.arch.pe_array, shape, in.mapping.tile), in.zeros);
  alike_ = !dataflow->edges_take_less && in.zeros.empty();
}

const TileCost& KnownCosts::work_out(const SegmentIndex& at) {
  TileCost& cost = costs_[walk_.kind_of(at)];
  const Tile tile = walk_.tile(at);
  cost = tile_cost(in_, tile);
  if (array_) cost.array = array_time(tile);
  cost.array_total = cost.array.total().count();
  return cost;
}

CycleBreakdown KnownCosts::array_time(const Tile& t) {
  const Sizes sizes{{t.n.size(), t.g.size(), t.m.size(), t.c.size(), t.p.size(), t.q.size()},
                    t.first_c,
                    t.last_c};
  if (alike_ && last_ == sizes) return last_time_;
  last_ = sizes;
  return last_time_ = array_->of(t);
}

TimedLayer::TimedLayer(const LayerQuestion& question)
    : question_(question),
      walk_(question.layer, question.mapping, !question.zeros.empty()),
      costs_(question_, walk_) {}

Cycles TimedLayer::least() {
  const bool on_array = runs_on_array(question_.layer.kind);
  Time work = 0;
  walk_.each_kind(std::array{kN, kG, kM, kC, kP, kQ}, [&](const SegmentIndex& at, Time count) {
    const TileCost& cost = costs_(at);
    work += (on_array ? cost.array_total : cost.vector) * count;
  });
  const TileCost& first = costs_(SegmentIndex{});
  const TileCost& last = costs_(walk_.last());
  const BusWork bus = bus_work(question_, walk_, costs_);
  const Time latency = bus.loads > 0 ? question_.arch.dram.latency.count() : 0;
  Time before = question_.residency.ifmap ? 0 : first.ifmap_bus;
  if (on_array) before += first.filter_bus + first.records_bus;
  if (before > 0) before += latency;
  Time after = question_.residency.ofmap ? 0 : last.store_bus;
  if (on_array) after += last.vector;
  // Some tile comes with the last load.
  const Time last_work = on_array ? last.array_total : last.vector;
  return Cycles(std::max(
      {before + work + after, bus.loads + latency + last_work + after, bus.loads + bus.stores}));
}

CycleBreakdown TimedLayer::alone() {
  Timeline timeline;
  run(timeline);
  return timeline.finish().front().cycles;
}

void TimedLayer::run(Timeline& timeline, int needs) {
  Timeline::Layer layer = timeline_layer(question_);
  layer.needs = needs;
  timeline.begin(layer);
  walk_.run(timeline, costs_);
}

}  // namespace ridgeline::analytic
