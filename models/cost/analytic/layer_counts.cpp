#include "models/cost/analytic/layer_memory.hpp"
#include "models/cost/analytic/tile_cost.hpp"
#include "models/cost/analytic/tile_walk.hpp"
#include "models/cost/vector_cost.hpp"
#include "models/mapping/dataflow.hpp"

/// What a layer counts, as a whole.
namespace ridgeline {
namespace {

using namespace analytic;

/// Words of a tensor that the DMAs carry in a layer, and what they take up in DRAM.
struct Carried {
  std::int64_t words = 0, dram_words = 0;
  Bytes dram{};
};

Carried plain(std::int64_t words, Precision precision) {
  return {words, words, word_bytes(precision) * words};
}

/// Every run of a coded map is a whole number of bytes: kinds of blocks are summed up.
template <Dim... kAlong, class TransferOf>
Carried carried_coded(const LayerQuestion& in, Precision precision, TransferOf&& transfer_of) {
  Carried sum;
  const TileWalk walk(in, false);
  walk.each_kind<kAlong...>([&](const SegmentIndex& at, std::size_t, std::int64_t count) {
    const Transfer transfer = transfer_of(walk.tile(at));
    sum.words += transfer.words * count;
    sum.dram_words += dram_words(transfer.block, precision) * count;
    sum.dram += transfer.block.bytes() * count;
  });
  return sum;
}

/// Of all ifmap tiles once. They overlap where windows do.
std::int64_t ifmap_words_of(const LayerQuestion& in) {
  const ConvShape& s = in.layer.shape;
  const TensorShape& out = in.layer.output_shape;
  const TileExtent& t = in.mapping.tile;
  const std::int64_t rows = TwoLevels{out.H, t.P, t.P}.touched(window_rows(s));
  const std::int64_t cols = TwoLevels{out.W, t.Q, t.Q}.touched(window_cols(s));
  return rows * cols * s.C * s.N;
}

std::int64_t ifmap_words(const LayerQuestion& in, LayerMemory& memory) {
  const TileExtent& t = in.mapping.tile;
  return memory.ifmap_words.at({.P = t.P, .Q = t.Q}, [&] { return ifmap_words_of(in); });
}

Carried ifmap_carried(const LayerQuestion& in, LayerMemory& memory) {
  if (in.tensors.input.coded_ratio < 1) {
    const auto transfer = [&](const Tile& tile) { return ifmap_transfer(in, tile); };
    const Precision words = in.precision;
    return runs_on_array(in.layer.kind) ? carried_coded<kN, kG, kC, kP, kQ>(in, words, transfer)
                                        : carried_coded<kN, kG, kM, kP, kQ>(in, words, transfer);
  }
  return plain(ifmap_words(in, memory), in.precision);
}

/// The ofmap, or the other operand of an addition, once.
Carried ofmap_carried(const LayerQuestion& in, const LayerTensors::Place& place,
                      Precision precision) {
  if (place.coded_ratio < 1) {
    return carried_coded<kN, kG, kM, kP, kQ>(in, precision, [&](const Tile& tile) {
      return ofmap_transfer(in, tile, place, precision);
    });
  }
  return plain(in.layer.output_shape.elements(), precision);
}

void add_loads(LayerCost& cost, const LayerQuestion& in, LayerMemory& memory) {
  AccessCounts& n = cost.counts;
  const auto load = [&](const Carried& carried, std::int64_t times, std::int64_t& dram_words,
                        std::int64_t& written) {
    cost.dram_read += carried.dram * times;
    dram_words += carried.dram_words * times;
    written += carried.words * times;
  };
  const auto load_ifmap = [&](const Carried& carried, std::int64_t times) {
    load(carried, times, n.dram_ifmap_read, n.glb_ifmap_write);
  };
  const auto load_filter = [&](const Carried& carried, std::int64_t times) {
    load(carried, times, n.dram_filter_read, n.glb_filter_write);
  };
  const Carried ifmap = in.residency.ifmap ? Carried() : ifmap_carried(in, memory);
  if (runs_on_array(in.layer.kind)) {
    const TileLoads loads = tile_loads(in.layer, in.mapping);
    load_ifmap(ifmap, loads.ifmap_repeats);
    load_filter(plain(in.layer.shape.filter_elements(), in.precision), loads.filter_repeats);
    // They come with the first channels, and the vector unit takes them over.
    const std::int64_t record = channel_record_bytes(in.precision).count();
    const Carried records =
        plain(in.layer.shape.M * record / word_bytes(in.precision).count(), in.precision);
    load_filter(records, loads.filter_repeats);
    n.glb_filter_read += records.words * loads.filter_repeats;
  } else {
    load_ifmap(ifmap, 1);
  }
  if (in.layer.residual && !in.residency.residual) {
    load_ifmap(ofmap_carried(in, in.tensors.residual, in.precision.residual), 1);
  }
}

void add_stores(LayerCost& cost, const LayerQuestion& in) {
  if (in.residency.ofmap) return;
  const Carried ofmap = ofmap_carried(in, in.tensors.output, in.precision.output);
  cost.dram_write += ofmap.dram;
  cost.counts.dram_ofmap_write += ofmap.dram_words;
  cost.counts.glb_ofmap_read += ofmap.words;
}

void add_array(LayerCost& cost, const LayerQuestion& in) {
  const ConvShape& shape = in.layer.shape;
  std::int64_t weights = shape.filter_elements();
  if (!in.zeros.empty()) weights -= in.zeros.count({0, shape.M}, {0, shape.C_per_group()});
  const LayerTotals sum = in.mapping.dataflow->totals(
      {shape, in.mapping.tile,
       in.mapping.dataflow->pass_extent(in.arch.pe_array, shape, in.mapping.tile), weights});
  cost.counts = sum.counts;
  cost.ports = sum.ports;
  cost.compute = sum.compute;
}

/// The vector unit reads psums, or the windows of its own layers, and writes ofmap words.
void add_vector_unit(LayerCost& cost, const LayerQuestion& in, LayerMemory& memory) {
  const std::int64_t words = in.layer.output_shape.elements();
  cost.counts.vector += words * lane_operations_per_word(in.layer);
  cost.counts.glb_ofmap_write += words;
  if (in.layer.residual) cost.counts.glb_ifmap_read += words;
  if (runs_on_array(in.layer.kind)) {
    cost.vector_psums = words;
    cost.counts.glb_psum_read += words;
  } else {
    cost.counts.glb_ifmap_read += ifmap_words(in, memory);
  }
}

}  // namespace

LayerCost analytic::layer_counts(const LayerQuestion& question, LayerMemory& memory) {
  LayerCost cost;
  if (runs_on_array(question.layer.kind)) add_array(cost, question);
  add_loads(cost, question, memory);
  add_stores(cost, question);
  add_vector_unit(cost, question, memory);
  return cost;
}

}  // namespace ridgeline
