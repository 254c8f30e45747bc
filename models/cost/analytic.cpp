#include "models/cost/analytic.hpp"

#include <algorithm>
#include <cassert>
#include <memory>
#include <vector>

#include "models/cost/analytic/layer_memory.hpp"
#include "models/cost/analytic/tile_cost.hpp"
#include "models/cost/analytic/timed_layer.hpp"

namespace ridgeline {
namespace {

using namespace analytic;

LayerTensors::Place place_of(const LoweredNetwork& network, TensorId id, const Architecture& arch,
                             std::span<const MapZeros> maps) {
  LayerTensors::Place place{.stored = network.storage_of(id).shape};
  if (arch.dram.activations == ActivationCoding::run_length && !maps.empty()) {
    place.coded_ratio = maps[static_cast<std::size_t>(id)].coded_ratio;
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
                        const Architecture& arch, std::span<const MapZeros> maps) {
  LayerTensors tensors{.input = place_of(network, layer.input, arch, maps),
                       .output = place_of(network, layer.output, arch, maps)};
  if (layer.residual) tensors.residual = place_of(network, *layer.residual, arch, maps);
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
  LayerMemory memory;
  return TimedLayer(question, memory).alone();
}

LayerCost analytic_counts(const LayerQuestion& question) {
  LayerMemory memory;
  return layer_counts(question, memory);
}

LayerCost analytic_cost(const LayerQuestion& question) {
  return LayerEvaluator(question.arch, question.layer, question.precision, question.tensors,
                        question.zeros, question.residency)
      .cost(question.mapping);
}

LayerEvaluator::LayerEvaluator(const Architecture& arch, const LoweredLayer& layer,
                               const LayerPrecision& precision, const LayerTensors& tensors,
                               const ZeroWeights& zeros, Residency residency)
    : arch_(arch),
      layer_(layer),
      precision_(precision),
      tensors_(tensors),
      zeros_(zeros),
      residency_(residency),
      memory_(std::make_unique<LayerMemory>()) {}

LayerEvaluator::~LayerEvaluator() = default;

LayerCost LayerEvaluator::cost(const Mapping& mapping) {
  const LayerQuestion question{arch_, layer_, precision_, mapping, tensors_, zeros_, residency_};
  LayerCost cost = layer_counts(question, *memory_);
  cost.cycles = TimedLayer(question, *memory_).alone();
  assert(cost.cycles.compute == cost.compute);
  return cost;
}

std::vector<LayerCost> analytic_run(std::span<const RunLayer> layers) {
  std::vector<LayerCost> costs;
  std::vector<std::unique_ptr<TimedLayer>> timed;
  Timeline timeline;
  for (const RunLayer& run : layers) {
    LayerMemory memory;
    costs.push_back(layer_counts(run.question, memory));
    timed.push_back(std::make_unique<TimedLayer>(run.question, memory));
    timed.back()->run(timeline, run.needs);
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
