#include "models/cost/estimate.hpp"

#include <algorithm>

#include "models/cost/block_sizes.hpp"
#include "models/cost/dram_cost.hpp"
#include "models/cost/vector_cost.hpp"
#include "models/mapping/dataflow.hpp"

namespace ridgeline {
namespace {

void add_scaled(AccessCounts& sum, const AccessCounts& one, std::int64_t times) {
  for (const auto& field : AccessCounts::fields()) sum.*field.member += one.*field.member * times;
}

/// The parts that a flattened box is cut into; no size means that it stays whole.
BlockSizes box_parts(int total, int size) {
  return BlockSizes(total, size == 0 ? total : size);
}

/// Adds `times` copies of what one tile costs the array.
void add_array_tile(MappingEstimate& e, const Architecture& arch, const ConvShape& shape,
                    const Dataflow& dataflow, const Tile& tile, const ZeroWeights& zeros,
                    std::int64_t times) {
  const PassExtent size = dataflow.pass_extent(arch.pe_array, shape, tile);
  const bool preload = arch.pe_array.preload;
  const std::int64_t taps = std::int64_t{ceil_div(shape.R(), size.R)} * ceil_div(shape.S(), size.S);
  Pass pass{.g = tile.g.begin, .r = {0, size.R}, .s = {0, size.S}, .last = tile.last_c};
  // A chain of passes over C, R, S or over parts of their box adds up one set of psums.
  const auto add_chains = [&](std::int64_t chains) {
    for (const auto& c : BlockSizes(tile.c.size(), size.C)) {
      pass.c = {tile.c.begin, tile.c.begin + c.size};
      for (const auto& k : box_parts(c.size * shape.R() * shape.S(), size.K)) {
        pass.k = {0, size.K == 0 ? 0 : k.size};
        const PassCost one = dataflow.cost(arch, shape, pass, zeros);
        const std::int64_t passes = chains * c.count * k.count * taps;
        e.array += pass_cycles(one, preload ? one.load : Cycles(0), preload).total() * passes;
        add_scaled(e.counts, dataflow.accesses(arch, shape, pass, zeros).counts, passes);
      }
    }
    // The first pass of a chain starts at zero instead of reading its psums.
    Pass first = pass;
    first.first = true;
    if (tile.first_c) {
      e.counts.glb_read -= chains * (dataflow.accesses(arch, shape, pass, zeros).ports.psum_in -
                                     dataflow.accesses(arch, shape, first, zeros).ports.psum_in);
    }
  };
  for (const auto& p : BlockSizes(tile.p.size(), size.P)) {
    pass.p = {tile.p.begin, tile.p.begin + p.size};
    for (const auto& q : BlockSizes(tile.q.size(), size.Q)) {
      pass.q = {tile.q.begin, tile.q.begin + q.size};
      for (const auto& x : box_parts(p.size * q.size, size.X)) {
        pass.x = {0, size.X == 0 ? 0 : x.size};
        for (const auto& m : BlockSizes(tile.m.size(), size.M)) {
          pass.m = {tile.m.begin, tile.m.begin + m.size};
          add_chains(times * p.count * q.count * x.count * m.count * tile.g.size());
        }
      }
    }
  }
  // At the tile's ends: the first load, and the way out of the array.
  const Cycles inner = dataflow.cost(arch, shape, pass, zeros).fill_drain;
  pass.ends_tile = true;
  const PassCost last = dataflow.cost(arch, shape, pass, zeros);
  e.array += (first_load_cycles(last, preload).total() + (last.fill_drain - inner)) * times;
}

/// Every tile of the layer on the array, by the sizes that tiles have.
void add_array(MappingEstimate& e, const Architecture& arch, const LoweredLayer& layer,
               const Mapping& mapping, const ZeroWeights& zeros) {
  const TileExtent all = iteration_space(layer);
  const TileExtent& t = mapping.tile;
  const TileCounts k = tile_counts(layer, t);
  const int last_c = all.C - (k.C - 1) * t.C;
  for (const auto& g : BlockSizes(all.G, t.G)) {
    for (const auto& m : BlockSizes(all.M, t.M)) {
      for (const auto& p : BlockSizes(all.P, t.P)) {
        for (const auto& q : BlockSizes(all.Q, t.Q)) {
          const std::int64_t chains = g.count * m.count * p.count * q.count * k.N;
          Tile tile{.g = {0, g.size}, .m = {0, m.size}, .p = {0, p.size}, .q = {0, q.size}};
          const auto add = [&](int c, bool first, bool last, std::int64_t times) {
            if (times == 0) return;
            tile.c = {0, c};
            tile.first_c = first;
            tile.last_c = last;
            add_array_tile(e, arch, layer.shape, *mapping.dataflow, tile, zeros, chains * times);
          };
          add(k.C == 1 ? last_c : t.C, true, k.C == 1, 1);
          if (k.C > 1) {
            add(t.C, false, false, k.C - 2);
            add(last_c, false, true, 1);
          }
        }
      }
    }
  }
}

/// Rows (or columns) of ifmap that the tiles along one axis load, all together. Only tiles near an
/// edge can be clipped; those between them all span the same.
std::int64_t loaded_extent(int out, int block, std::size_t axis, const Window& w, int extent) {
  const int kernel = axis == 0 ? w.R : w.S;
  const int stride = w.stride[axis];
  const auto clipped = [&](int index) {
    return std::int64_t{
        touched(block_of(index, block, out), kernel, stride, w.dilation[axis], w.pad[axis], extent)
            .size()};
  };
  const int tiles = ceil_div(out, block);
  const int span = (block - 1) * stride + span_of(kernel, w.dilation[axis]);
  // The first tile whose window begins inside, and the first one whose window ends outside.
  const int begin = std::min(tiles, ceil_div(w.pad[axis], block * stride));
  const int room = extent + w.pad[axis] - span;
  const int inside = room < 0 ? 0 : room / (block * stride) + 1;
  const int end = std::max(begin, std::min(inside, tiles - 1));
  std::int64_t sum = std::int64_t{end - begin} * span;
  for (int i = 0; i < begin; ++i) sum += clipped(i);
  for (int i = end; i < tiles; ++i) sum += clipped(i);
  return sum;
}

/// DRAM words and bus time; an average block stands for all in the bus time.
void add_dram(MappingEstimate& e, const Dram& dram, const LoweredLayer& layer, Precision precision,
              const Mapping& mapping, const TileLoads& loads) {
  const ConvShape& s = layer.shape;
  const TensorShape& out = layer.output_shape;
  const TileExtent& t = mapping.tile;
  const TileCounts& k = loads.counts;
  const std::int64_t record_words =
      channel_record_bytes(precision).count() / word_bytes(precision).count();
  const auto move = [&](const DramBlock& block, std::int64_t times) {
    const Cycles one = bus_cycles(dram, block);
    e.dram += one * times;
    e.edges += one;
  };

  const std::int64_t rows = loaded_extent(out.H, t.P, 0, s.window, s.H);
  const std::int64_t cols = loaded_extent(out.W, t.Q, 1, s.window, s.W);
  const int channels = runs_on_array(layer.kind) ? t.G * t.C : t.M;
  e.counts.dram_read += rows * cols * s.C * s.N * loads.ifmap_repeats;
  move(dram_block(s.ifmap(), precision, channels,
                  static_cast<int>(ceil_div(rows, std::int64_t{k.P})),
                  static_cast<int>(ceil_div(cols, std::int64_t{k.Q}))),
       loads.ifmap_tiles * loads.ifmap_repeats);
  if (runs_on_array(layer.kind)) {
    // Channel records come with a filter tile's first C, and the vector unit takes them over.
    const std::int64_t records = s.M * record_words;
    e.counts.dram_read += (s.filter_elements() + records) * loads.filter_repeats;
    e.counts.glb_read += records * loads.filter_repeats;
    const Tile tile{.g = {0, t.G}, .m = {0, t.M}, .c = {0, t.C}};
    const std::int64_t tiles = loads.filter_tiles * loads.filter_repeats;
    move(filter_block(layer, precision, tile), tiles);
    move(contiguous(channel_record_bytes(precision) * (std::int64_t{t.G} * t.M)), tiles / k.C);
  }
  const DramBlock ofmap = dram_block(out, precision, t.G * t.M, t.P, t.Q);
  e.counts.dram_write += out.elements();
  move(ofmap, k.ofmap_tiles());
  if (layer.residual) {
    e.counts.dram_read += out.elements();
    move(ofmap, k.ofmap_tiles());
  }
  e.edges += dram.latency;
}

/// The vector unit, and the buffer accesses of DMA and vector unit.
void add_vector_and_buffer(MappingEstimate& e, const Architecture& arch, const LoweredLayer& layer,
                           const TileLoads& loads) {
  const std::int64_t words = layer.output_shape.elements();
  const std::int64_t tiles = loads.counts.ofmap_tiles();
  e.counts.vector = words * lane_operations_per_word(layer);
  e.vector = vector_cycles(arch.vector_unit, e.counts.vector);
  e.edges += vector_cycles(arch.vector_unit, ceil_div(e.counts.vector, tiles));
  e.counts.glb_write += e.counts.dram_read + words;  // what DMA brings, what the unit writes
  e.counts.glb_read += e.counts.dram_write + words;  // what DMA takes, psums of the unit
  if (layer.residual) e.counts.glb_read += words;
}

/// Each half of a double-buffered ifmap fills (bus and latency) and then waits to be used up, so
/// two tiles take at least as long as one of them does both. Small tiles do not hide the latency.
void add_turns(MappingEstimate& e, const Architecture& arch, const LoweredLayer& layer,
               const TileLoads& loads) {
  const std::int64_t fills =
      std::max(loads.ifmap_tiles * loads.ifmap_repeats, loads.filter_tiles * loads.filter_repeats);
  if (fills == 1) return;
  const Cycles used = runs_on_array(layer.kind) ? e.array : e.vector;
  const Cycles both = e.dram + arch.dram.latency * fills + used;
  e.turns = Cycles(both.count() / (arch.global_buffer.double_buffer ? 2 : 1));
}

}  // namespace

MappingEstimate estimate_memory(const Architecture& arch, const LoweredLayer& layer,
                                Precision precision, const Mapping& mapping) {
  MappingEstimate e;
  const TileLoads loads = tile_loads(layer, mapping);
  add_dram(e, arch.dram, layer, precision, mapping, loads);
  add_vector_and_buffer(e, arch, layer, loads);
  add_turns(e, arch, layer, loads);
  return e;
}

MappingEstimate estimate_array(MappingEstimate memory, const Architecture& arch,
                               const LoweredLayer& layer, const Mapping& mapping,
                               const ZeroWeights& zeros) {
  if (!runs_on_array(layer.kind)) return memory;
  add_array(memory, arch, layer, mapping, zeros);
  add_turns(memory, arch, layer, tile_loads(layer, mapping));
  return memory;
}

MappingEstimate estimate(const Architecture& arch, const LoweredLayer& layer, Precision precision,
                         const Mapping& mapping, const ZeroWeights& zeros) {
  return estimate_array(estimate_memory(arch, layer, precision, mapping), arch, layer, mapping,
                        zeros);
}

}  // namespace ridgeline
