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

/// Calls visit(sizes, count) for every combination of one block size along each axis.
template <std::size_t N, class Visit>
void each_combination(const std::array<BlockSizes, N>& axes, Visit&& visit) {
  std::array<int, N> sizes{};
  const auto along = [&](const auto& self, std::size_t axis, std::int64_t count) -> void {
    if (axis == N) return visit(sizes, count);
    for (const auto& kind : axes[axis]) {
      sizes[axis] = kind.size;
      self(self, axis + 1, count * kind.count);
    }
  };
  along(along, 0, 1);
}

/// The parts that a flattened box is cut into; no size means that it stays whole.
BlockSizes box_parts(int total, int size) {
  return BlockSizes(total, size == 0 ? total : size);
}

/// What one tile costs the array, `times` over.
class ArrayTile {
 public:
  ArrayTile(MappingEstimate& e, const Architecture& arch, const ConvShape& shape,
            const Dataflow& dataflow, const PassExtent& size, const ZeroWeights& zeros)
      : e_(e), arch_(arch), shape_(shape), dataflow_(dataflow), size_(size), zeros_(zeros) {}

  void add(const Tile& tile, std::int64_t times) {
    const std::array axes{BlockSizes(tile.n.size(), size_.N), BlockSizes(tile.p.size(), size_.P),
                          BlockSizes(tile.q.size(), size_.Q), BlockSizes(tile.m.size(), size_.M)};
    Pass pass{.g = tile.g.begin,
              .r = {0, size_.R},
              .s = {0, size_.S},
              .last = tile.last_c,
              .sets = size_.sets};
    each_combination(axes, [&](const auto& sizes, std::int64_t count) {
      const auto [n, p, q, m] = sizes;
      pass.n = {0, n};
      pass.p = {tile.p.begin, tile.p.begin + p};
      pass.q = {tile.q.begin, tile.q.begin + q};
      pass.m = {tile.m.begin, tile.m.begin + m};
      for (const auto& x : box_parts(p * q, size_.X)) {
        pass.x = {0, size_.X == 0 ? 0 : x.size};
        add_chains(pass, tile, times * count * x.count * tile.g.size());
      }
    });
    add_ends(pass, times);
  }

 private:
  /// A chain of passes over C, R, S or over parts of their box adds up one set of psums.
  void add_chains(Pass& pass, const Tile& tile, std::int64_t chains) {
    const bool preload = arch_.pe_array.preload;
    const std::int64_t taps =
        std::int64_t{ceil_div(shape_.R(), size_.R)} * ceil_div(shape_.S(), size_.S);
    for (const auto& c : BlockSizes(tile.c.size(), size_.C)) {
      pass.c = {tile.c.begin, tile.c.begin + c.size};
      for (const auto& k : box_parts(c.size * shape_.R() * shape_.S(), size_.K)) {
        pass.k = {0, size_.K == 0 ? 0 : k.size};
        const PassCost one = dataflow_.cost(arch_, shape_, pass, zeros_);
        const std::int64_t passes = chains * c.count * k.count * taps;
        e_.array += pass_cycles(one, preload ? one.load : Cycles(0), preload).total() * passes;
        add_scaled(e_.counts, dataflow_.accesses(arch_, shape_, pass, zeros_).counts, passes);
      }
    }
    if (!tile.first_c) return;
    // The first pass of a chain starts at zero instead of reading its psums.
    Pass first = pass;
    first.first = true;
    e_.counts.glb_read -= chains * (dataflow_.accesses(arch_, shape_, pass, zeros_).ports.psum_in -
                                    dataflow_.accesses(arch_, shape_, first, zeros_).ports.psum_in);
  }

  /// At the tile's ends: the first load, and the way out of the array.
  void add_ends(Pass pass, std::int64_t times) {
    const Cycles inner = dataflow_.cost(arch_, shape_, pass, zeros_).fill_drain;
    pass.ends_tile = true;
    const PassCost last = dataflow_.cost(arch_, shape_, pass, zeros_);
    const Cycles first_load = first_load_cycles(last, arch_.pe_array.preload).total();
    e_.array += (first_load + (last.fill_drain - inner)) * times;
  }

  MappingEstimate& e_;
  const Architecture& arch_;
  const ConvShape& shape_;
  const Dataflow& dataflow_;
  PassExtent size_;
  const ZeroWeights& zeros_;
};

/// Every tile of the layer on the array, by the sizes that tiles have.
void add_array(MappingEstimate& e, const Architecture& arch, const LoweredLayer& layer,
               const Mapping& mapping, const ZeroWeights& zeros) {
  const TileExtent all = iteration_space(layer);
  const TileExtent& t = mapping.tile;
  const int tiles_c = tile_counts(layer, t).C;
  const int last_c = all.C - (tiles_c - 1) * t.C;
  ArrayTile array(e, arch, layer.shape, *mapping.dataflow,
                  mapping.dataflow->pass_extent(arch.pe_array, layer.shape, t), zeros);
  const std::array axes{BlockSizes(all.N, t.N), BlockSizes(all.G, t.G), BlockSizes(all.M, t.M),
                        BlockSizes(all.P, t.P), BlockSizes(all.Q, t.Q)};
  each_combination(axes, [&](const auto& sizes, std::int64_t chains) {
    const auto [n, g, m, p, q] = sizes;
    Tile tile{.n = {0, n}, .g = {0, g}, .m = {0, m}, .p = {0, p}, .q = {0, q}};
    const auto add = [&](int c, bool first, bool last, std::int64_t times) {
      if (times == 0) return;
      tile.c = {0, c};
      tile.first_c = first;
      tile.last_c = last;
      array.add(tile, chains * times);
    };
    add(tiles_c == 1 ? last_c : t.C, true, tiles_c == 1, 1);
    if (tiles_c > 1) {
      add(t.C, false, false, tiles_c - 2);
      add(last_c, false, true, 1);
    }
  });
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
  const int span = windows_span(block, kernel, stride, w.dilation[axis]);
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
              const Mapping& mapping, const TileLoads& loads, const Residency& residency) {
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
  if (!residency.ifmap) {
    e.counts.dram_read += rows * cols * s.C * s.N * loads.ifmap_repeats;
    move(dram_block(s.ifmap(), precision,
                    {.N = t.N,
                     .C = channels,
                     .H = static_cast<int>(ceil_div(rows, std::int64_t{k.P})),
                     .W = static_cast<int>(ceil_div(cols, std::int64_t{k.Q}))}),
         loads.ifmap_tiles * loads.ifmap_repeats);
  }
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
  const DramBlock ofmap =
      dram_block(out, precision, {.N = t.N, .C = t.G * t.M, .H = t.P, .W = t.Q});
  if (!residency.ofmap) {
    e.counts.dram_write += out.elements();
    move(ofmap, k.ofmap_tiles());
  }
  if (layer.residual && !residency.residual) {
    e.counts.dram_read += out.elements();
    move(ofmap, k.ofmap_tiles());
  }
  if (e.counts.dram_read > 0) e.edges += dram.latency;
}

/// The vector unit, and the buffer accesses of DMA and vector unit.
void add_vector_and_buffer(MappingEstimate& e, const Architecture& arch, const LoweredLayer& layer,
                           const TileLoads& loads) {
  const std::int64_t words = layer.output_shape.elements();
  const std::int64_t tiles = loads.counts.ofmap_tiles();
  e.counts.vector = words * lane_operations_per_word(layer);
  // Each tile takes whole cycles.
  const Cycles one = vector_cycles(arch.vector_unit, ceil_div(e.counts.vector, tiles));
  e.vector = one * tiles;
  e.edges += one;
  e.counts.glb_write += e.counts.dram_read + words;  // what DMA brings, what the unit writes
  e.counts.glb_read += e.counts.dram_write + words;  // what DMA takes, psums of the unit
  if (layer.residual) e.counts.glb_read += words;
}

/// Each half of a double-buffered ifmap fills (bus and latency) and then waits to be used up, so
/// two tiles take at least as long as one of them does both. Small tiles do not hide the latency.
void add_turns(MappingEstimate& e, const Architecture& arch, const LoweredLayer& layer,
               const TileLoads& loads, const Residency& residency) {
  const std::int64_t fills = std::max(residency.ifmap ? 0 : loads.ifmap_tiles * loads.ifmap_repeats,
                                      loads.filter_tiles * loads.filter_repeats);
  if (fills <= 1) return;
  const Cycles used = runs_on_array(layer.kind) ? e.array : e.vector;
  const Cycles both = e.dram + arch.dram.latency * fills + used;
  e.turns = Cycles(both.count() / (arch.global_buffer.double_buffer ? 2 : 1));
}

}  // namespace

MappingEstimate estimate_memory(const Architecture& arch, const LoweredLayer& layer,
                                Precision precision, const Mapping& mapping,
                                const Residency& residency) {
  MappingEstimate e;
  const TileLoads loads = tile_loads(layer, mapping);
  add_dram(e, arch.dram, layer, precision, mapping, loads, residency);
  add_vector_and_buffer(e, arch, layer, loads);
  add_turns(e, arch, layer, loads, residency);
  return e;
}

MappingEstimate estimate_array(MappingEstimate memory, const Architecture& arch,
                               const LoweredLayer& layer, const Mapping& mapping,
                               const ZeroWeights& zeros, const Residency& residency) {
  if (!runs_on_array(layer.kind)) return memory;
  add_array(memory, arch, layer, mapping, zeros);
  add_turns(memory, arch, layer, tile_loads(layer, mapping), residency);
  return memory;
}

MappingEstimate estimate(const Architecture& arch, const LoweredLayer& layer, Precision precision,
                         const Mapping& mapping, const ZeroWeights& zeros,
                         const Residency& residency) {
  return estimate_array(estimate_memory(arch, layer, precision, mapping, residency), arch, layer,
                        mapping, zeros, residency);
}

}  // namespace ridgeline
