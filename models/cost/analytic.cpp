#include "models/cost/analytic.hpp"

#include <optional>
#include <vector>

#include "models/cost/analytic/array_time.hpp"
#include "models/cost/analytic/tile_cost.hpp"
#include "models/cost/analytic/tile_walk.hpp"
#include "models/cost/vector_cost.hpp"
#include "models/mapping/buffer_plan.hpp"

namespace ridgeline {
namespace {

using namespace analytic;

PassExtent pass_extent(const LayerQuestion& in) {
  return in.mapping.dataflow->pass_extent(in.arch.pe_array, in.layer.shape, in.mapping.tile);
}

/// Calls visit(tile, count) for every kind of block along those dimensions.
template <std::size_t N, class Visit>
void each_kind(const TileWalk& walk, const std::array<Dim, N>& dims, Visit&& visit) {
  SegmentIndex at{};
  const auto along = [&](const auto& self, std::size_t i, std::int64_t count) -> void {
    if (i == N) return visit(walk.tile(at), count);
    const Segments& segments = walk.along(dims[i]);
    for (at[dims[i]] = 0; at[dims[i]] < segments.size(); ++at[dims[i]]) {
      self(self, i + 1, count * segments[at[dims[i]]].count);
    }
    at[dims[i]] = 0;
  };
  along(along, 0, 1);
}

void add_loads(LayerCost& cost, const LayerQuestion& in, const TileWalk& walk) {
  const TileLoads loads = tile_loads(in.layer, in.mapping);
  const auto load = [&](const Transfer& transfer, std::int64_t times) {
    cost.dram_read += transfer.block.bytes() * times;
    cost.counts.dram_read += dram_words(transfer.block, in.precision) * times;
    cost.counts.glb_write += transfer.words * times;
  };
  if (!runs_on_array(in.layer.kind)) {
    each_kind(walk, std::array{kN, kM, kP, kQ}, [&](const Tile& tile, std::int64_t count) {
      const Transfer ifmap = ifmap_transfer(in, tile);
      load(ifmap, count);
      cost.counts.glb_read += ifmap.words * count;
    });
  } else {
    each_kind(walk, std::array{kN, kG, kC, kP, kQ}, [&](const Tile& tile, std::int64_t count) {
      load(ifmap_transfer(in, tile), count * loads.ifmap_repeats);
    });
    each_kind(walk, std::array{kG, kM, kC}, [&](const Tile& tile, std::int64_t count) {
      load(filter_transfer(in, tile), count * loads.filter_repeats);
    });
    // They come with the first channels, and the vector unit takes them over.
    each_kind(walk, std::array{kG, kM}, [&](const Tile& tile, std::int64_t count) {
      const Transfer records = records_transfer(in, tile);
      load(records, count * loads.filter_repeats);
      cost.counts.glb_read += records.words * count * loads.filter_repeats;
    });
  }
  if (!in.layer.residual) return;
  each_kind(walk, std::array{kN, kG, kM, kP, kQ}, [&](const Tile& tile, std::int64_t count) {
    load(ofmap_transfer(in, tile, in.tensors.residual), count);
  });
}

void add_stores(LayerCost& cost, const LayerQuestion& in, const TileWalk& walk) {
  each_kind(walk, std::array{kN, kG, kM, kP, kQ}, [&](const Tile& tile, std::int64_t count) {
    const Transfer transfer = ofmap_transfer(in, tile, in.tensors.output);
    cost.dram_write += transfer.block.bytes() * count;
    cost.counts.dram_write += dram_words(transfer.block, in.precision) * count;
    cost.counts.glb_read += transfer.words * count;
  });
}

void add_array(LayerCost& cost, const LayerQuestion& in) {
  const ConvShape& shape = in.layer.shape;
  std::int64_t weights = shape.filter_elements();
  if (!in.zeros.empty()) weights -= in.zeros.count({0, shape.M}, {0, shape.C_per_group()});
  const PassAccesses sum =
      in.mapping.dataflow->totals({in.arch, shape, in.mapping.tile, pass_extent(in), weights});
  cost.counts += sum.counts;
  cost.ports = sum.ports;
}

/// The vector unit reads psums, or the windows of its own layers, and writes ofmap words.
void add_vector_unit(LayerCost& cost, const LayerQuestion& in) {
  const std::int64_t words = in.layer.output_shape.elements();
  cost.counts.vector += words * lane_operations_per_word(in.layer);
  cost.counts.glb_write += words;
  if (in.layer.residual) cost.counts.glb_read += words;
  if (runs_on_array(in.layer.kind)) {
    cost.vector_psums = words;
    cost.counts.glb_read += words;
  }
}

/// Kinds of tiles, costed when they first occur.
class KnownCosts {
 public:
  KnownCosts(const LayerQuestion& in, const TileWalk& walk)
      : in_(in), walk_(walk), costs_(walk.kinds()) {
    if (in.mapping.dataflow != nullptr) {
      array_.emplace(in.arch, in.layer.shape, *in.mapping.dataflow, pass_extent(in), in.zeros);
    }
  }
  const TileCost& operator()(const SegmentIndex& at) {
    TileCost& cost = costs_[walk_.kind_of(at)];
    if (cost.array_total >= 0) return cost;
    const Tile tile = walk_.tile(at);
    cost = tile_cost(in_, tile);
    if (array_) cost.array = array_->of(tile);
    cost.array_total = cost.array.total().count();
    return cost;
  }

 private:
  const LayerQuestion& in_;
  const TileWalk& walk_;
  std::vector<TileCost> costs_;
  std::optional<ArrayTime> array_;
};

CycleBreakdown cycles_of(const LayerQuestion& in, TileWalk& walk) {
  const BufferPlan plan = buffer_plan(in.arch, in.layer, in.precision, in.mapping);
  Timeline timeline;
  timeline.start({.latency = in.arch.dram.latency.count(),
                  .ifmap_halves = plan.ifmap.halves,
                  .filter_halves = plan.filter.halves,
                  .residual_halves = plan.residual.halves,
                  .psum_halves = plan.ofmap.halves,
                  .on_array = runs_on_array(in.layer.kind),
                  .residual = in.layer.residual.has_value()});
  KnownCosts costs(in, walk);  // the timeline refers to them until its end
  walk.run(timeline, costs);
  return timeline.finish();
}

TileWalk walk_of(const LayerQuestion& in) {
  return {in.layer, in.mapping, !in.zeros.empty()};
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

LayerCost analytic_counts(const LayerQuestion& question) {
  const TileWalk walk = walk_of(question);
  LayerCost cost;
  if (runs_on_array(question.layer.kind)) add_array(cost, question);
  add_loads(cost, question, walk);
  add_stores(cost, question, walk);
  add_vector_unit(cost, question);
  return cost;
}

CycleBreakdown analytic_cycles(const LayerQuestion& question) {
  TileWalk walk = walk_of(question);
  return cycles_of(question, walk);
}

LayerCost analytic_cost(const LayerQuestion& question) {
  LayerCost cost = analytic_counts(question);
  cost.cycles = analytic_cycles(question);
  return cost;
}

}  // namespace ridgeline
