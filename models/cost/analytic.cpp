#include "models/cost/analytic.hpp"

#include <cassert>
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

TileWalk walk_of(const LayerQuestion& in) {
  return {in.layer, in.mapping, !in.zeros.empty()};
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

/// Words of a tensor that the DMAs carry in a layer, and what they take up in DRAM.
struct Carried {
  std::int64_t words = 0, dram_words = 0;
  Bytes dram{};
};

Carried plain(std::int64_t words, Precision precision) {
  return {words, words, word_bytes(precision) * words};
}

/// Every run of a coded map is a whole number of bytes: kinds of blocks are summed up.
template <std::size_t N, class TransferOf>
Carried carried_coded(const LayerQuestion& in, const std::array<Dim, N>& dims,
                      TransferOf&& transfer_of) {
  Carried sum;
  const TileWalk walk = walk_of(in);
  each_kind(walk, dims, [&](const Tile& tile, std::int64_t count) {
    const Transfer transfer = transfer_of(tile);
    sum.words += transfer.words * count;
    sum.dram_words += dram_words(transfer.block, in.precision) * count;
    sum.dram += transfer.block.bytes() * count;
  });
  return sum;
}

/// All ifmap tiles once. They overlap where windows do.
Carried ifmap_carried(const LayerQuestion& in) {
  const ConvShape& s = in.layer.shape;
  const TensorShape& out = in.layer.output_shape;
  const TileExtent& t = in.mapping.tile;
  if (in.tensors.input.coded_ratio < 1) {
    return carried_coded(in, std::array{kN, kG, runs_on_array(in.layer.kind) ? kC : kM, kP, kQ},
                         [&](const Tile& tile) { return ifmap_transfer(in, tile); });
  }
  const std::int64_t rows = TwoLevels{out.H, t.P, t.P}.touched(window_rows(s));
  const std::int64_t cols = TwoLevels{out.W, t.Q, t.Q}.touched(window_cols(s));
  return plain(rows * cols * s.C * s.N, in.precision);
}

/// The ofmap, or the other operand of an addition, once.
Carried ofmap_carried(const LayerQuestion& in, const LayerTensors::Place& place) {
  if (place.coded_ratio < 1) {
    return carried_coded(in, std::array{kN, kG, kM, kP, kQ},
                         [&](const Tile& tile) { return ofmap_transfer(in, tile, place); });
  }
  return plain(in.layer.output_shape.elements(), in.precision);
}

void add_loads(LayerCost& cost, const LayerQuestion& in) {
  const auto load = [&](const Carried& carried, std::int64_t times) {
    cost.dram_read += carried.dram * times;
    cost.counts.dram_read += carried.dram_words * times;
    cost.counts.glb_write += carried.words * times;
  };
  const Carried ifmap = ifmap_carried(in);
  if (runs_on_array(in.layer.kind)) {
    const TileLoads loads = tile_loads(in.layer, in.mapping);
    load(ifmap, loads.ifmap_repeats);
    load(plain(in.layer.shape.filter_elements(), in.precision), loads.filter_repeats);
    // They come with the first channels, and the vector unit takes them over.
    const std::int64_t record = channel_record_bytes(in.precision).count();
    const Carried records =
        plain(in.layer.shape.M * record / word_bytes(in.precision).count(), in.precision);
    load(records, loads.filter_repeats);
    cost.counts.glb_read += records.words * loads.filter_repeats;
  } else {
    load(ifmap, 1);
    cost.counts.glb_read += ifmap.words;
  }
  if (in.layer.residual) load(ofmap_carried(in, in.tensors.residual), 1);
}

void add_stores(LayerCost& cost, const LayerQuestion& in) {
  const Carried ofmap = ofmap_carried(in, in.tensors.output);
  cost.dram_write += ofmap.dram;
  cost.counts.dram_write += ofmap.dram_words;
  cost.counts.glb_read += ofmap.words;
}

void add_array(LayerCost& cost, const LayerQuestion& in) {
  const ConvShape& shape = in.layer.shape;
  std::int64_t weights = shape.filter_elements();
  if (!in.zeros.empty()) weights -= in.zeros.count({0, shape.M}, {0, shape.C_per_group()});
  const LayerTotals sum =
      in.mapping.dataflow->totals({in.arch, shape, in.mapping.tile, pass_extent(in), weights});
  cost.counts += sum.counts;
  cost.ports = sum.ports;
  cost.compute = sum.compute;
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

CycleBreakdown cycles_of(const LayerQuestion& in, TileWalk& walk) {
  const BufferPlan plan = buffer_plan(in.arch, in.layer, in.precision, in.mapping);
  Timeline timeline({.latency = in.arch.dram.latency.count(),
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
  LayerCost cost;
  if (runs_on_array(question.layer.kind)) add_array(cost, question);
  add_loads(cost, question);
  add_stores(cost, question);
  add_vector_unit(cost, question);
  return cost;
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
  Cycles bus = bus_cycles(dram, ifmap_transfer(question, first).block);
  if (runs_on_array(question.layer.kind)) {
    bus += bus_cycles(dram, filter_transfer(question, first).block);
  }
  return bus + dram.latency;
}

CycleBreakdown analytic_cycles(const LayerQuestion& question) {
  TileWalk walk = walk_of(question);
  return cycles_of(question, walk);
}

LayerCost analytic_cost(const LayerQuestion& question) {
  LayerCost cost = analytic_counts(question);
  cost.cycles = analytic_cycles(question);
  assert(cost.cycles.compute == cost.compute);
  return cost;
}

}  // namespace ridgeline
