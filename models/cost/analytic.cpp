#include "models/cost/analytic.hpp"

#include <algorithm>
#include <cassert>
#include <memory>
#include <optional>
#include <vector>

#include "models/cost/analytic/array_time.hpp"
#include "models/cost/analytic/tile_cost.hpp"
#include "models/cost/analytic/tile_walk.hpp"
#include "models/mapping/buffer_plan.hpp"

namespace ridgeline {
namespace {

using namespace analytic;

PassExtent pass_extent(const LayerQuestion& in) {
  return in.mapping.dataflow->pass_extent(in.arch.pe_array, in.layer.shape, in.mapping.tile);
}

TileWalk walk_of(const LayerQuestion& in) {
  return {in.layer, in.mapping, !in.zeros.empty()};
}

/// Kinds of tiles, costed when they first occur.
class KnownCosts {
 public:
  KnownCosts(const LayerQuestion& in, const TileWalk& walk)
      : in_(in), walk_(walk), costs_(walk.kinds()) {
    if (in.mapping.dataflow != nullptr) {
      array_.emplace(in.arch, in.layer.shape, *in.mapping.dataflow, pass_extent(in), in.zeros);
      alike_ = !in.mapping.dataflow->edges_take_less && in.zeros.empty();
    }
  }
  const TileCost& operator()(const SegmentIndex& at) {
    TileCost& cost = costs_[walk_.kind_of(at)];
    if (cost.array_total >= 0) return cost;
    const Tile tile = walk_.tile(at);
    cost = tile_cost(in_, tile);
    if (array_) cost.array = array_time(tile);
    cost.array_total = cost.array.total().count();
    return cost;
  }

 private:
  /// What the array's time depends on unless edges or zeros matter.
  struct Sizes {
    std::array<int, kDims> sizes{};
    bool first_c = true, last_c = true;
    bool operator==(const Sizes&) const = default;
  };
  CycleBreakdown array_time(const Tile& t) {
    const Sizes sizes{{t.n.size(), t.g.size(), t.m.size(), t.c.size(), t.p.size(), t.q.size()},
                      t.first_c,
                      t.last_c};
    if (alike_ && last_ == sizes) return last_time_;
    last_ = sizes;
    return last_time_ = array_->of(t);
  }

  const LayerQuestion& in_;
  const TileWalk& walk_;
  std::vector<TileCost> costs_;
  std::optional<ArrayTime> array_;
  bool alike_ = false;
  Sizes last_{};
  CycleBreakdown last_time_{};
};

/// A layer's tiles, and what they cost: the timeline refers to both until its end.
struct TimedLayer {
  explicit TimedLayer(const LayerQuestion& question)
      : walk(walk_of(question)), costs(question, walk) {}
  TileWalk walk;
  KnownCosts costs;
};

/// Bytes of one half.
std::int64_t half_of(const BufferPlan::Operand& operand) {
  return operand.held.count() / std::max(1, operand.halves);
}

Timeline::Layer timeline_layer(const LayerQuestion& in, const BufferPlan& plan) {
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

LayerTensors::Place place_of(const LoweredNetwork& network, TensorId id, const Architecture& arch,
                             Precision precision) {
  LayerTensors::Place place{.stored = network.storage_of(id).shape};
  if (arch.dram.activations == ActivationCoding::run_length) {
    const LoweredTensor& tensor = network.tensors[static_cast<std::size_t>(id)];
    place.coded_ratio = run_length_ratio(tensor.zero_fraction, precision);
  }
  return place;
}

}  // namespace

LayerTensors plain_tensors(const LoweredLayer& layer) {
  return {.input = {.stored = layer.shape.ifmap()},
          .output = {.stored = layer.output_shape},
          .residual = {.stored = layer.output_shape}};
}

LayerTensors tensors_of(const LoweredNetwork& network, const LoweredLayer& layer,
                        const Architecture& arch, Precision precision) {
  LayerTensors tensors{.input = place_of(network, layer.input, arch, precision),
                       .output = place_of(network, layer.output, arch, precision)};
  if (layer.residual) tensors.residual = place_of(network, *layer.residual, arch, precision);
  if (layer.kind == LayerKind::fully_connected) {
    // It takes every element of an image for a channel.
    TensorShape& stored = tensors.input.stored;
    stored = {.N = stored.N, .C = stored.C * stored.H * stored.W, .H = 1, .W = 1};
  }
  return tensors;
}

Cycles least_first_load(const LayerQuestion& question) {
  const TileExtent all = iteration_space(question.layer);
  const TileExtent& t = question.mapping.tile;
  const Tile first{.n = block_of(0, t.N, all.N),
                   .g = block_of(0, t.G, all.G),
                   .m = block_of(0, t.M, all.M),
                   .c = block_of(0, t.C, all.C),
                   .p = block_of(0, t.P, all.P),
                   .q = block_of(0, t.Q, all.Q)};
  const Dram& dram = question.arch.dram;
  Cycles bus;
  if (!question.residency.ifmap) bus += bus_cycles(dram, ifmap_transfer(question, first).block);
  if (runs_on_array(question.layer.kind)) {
    bus += bus_cycles(dram, filter_transfer(question, first).block);
  }
  return bus > Cycles(0) ? bus + dram.latency : bus;
}

CycleBreakdown analytic_cycles(const LayerQuestion& question) {
  TimedLayer timed(question);
  Timeline timeline;
  timeline.begin(
      timeline_layer(question, buffer_plan(question.arch, question.layer, question.precision,
                                           question.mapping, question.residency)));
  timed.walk.run(timeline, timed.costs);
  return timeline.finish().front().cycles;
}

LayerCost analytic_cost(const LayerQuestion& question) {
  LayerCost cost = analytic_counts(question);
  cost.cycles = analytic_cycles(question);
  assert(cost.cycles.compute == cost.compute);
  return cost;
}

std::vector<LayerCost> analytic_run(std::span<const RunLayer> layers) {
  std::vector<LayerCost> costs;
  std::vector<std::unique_ptr<TimedLayer>> timed;
  Timeline timeline;
  for (const RunLayer& run : layers) {
    const LayerQuestion& in = run.question;
    costs.push_back(analytic_counts(in));
    const BufferPlan plan = buffer_plan(in.arch, in.layer, in.precision, in.mapping, in.residency);
    Timeline::Layer layer = timeline_layer(in, plan);
    layer.needs = run.needs;
    timeline.begin(layer);
    timed.push_back(std::make_unique<TimedLayer>(in));
    timed.back()->walk.run(timeline, timed.back()->costs);
  }
  if (layers.empty()) return costs;
  const std::vector<Timeline::LayerTimes> times = timeline.finish();
  for (std::size_t i = 0; i < costs.size(); ++i) {
    costs[i].cycles = times[i].cycles;
    costs[i].overlapped = times[i].overlapped;
    assert(costs[i].cycles.compute == costs[i].compute);
  }
  return costs;
}

}  // namespace ridgeline
