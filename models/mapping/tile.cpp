#include "models/mapping/tile.hpp"

#include <algorithm>

namespace ridgeline {
namespace {

bool same_ifmap(const Tile& a, const Tile& b) {
  return a.n == b.n && a.g == b.g && a.c == b.c && a.p == b.p && a.q == b.q;
}

bool same_filter(const Tile& a, const Tile& b) {
  return a.g == b.g && a.m == b.m && a.c == b.c;
}

/// Walks the loops around C in the mapping's order and calls `visit(n, g, m, p, q)`.
template <class Visit>
void walk(const TileCounts& counts, TileOrder order, Visit visit) {
  const bool filter_outer = order == TileOrder::filter_outer;
  for (int g = 0; g < counts.G; ++g) {
    for (int outer_m = 0; outer_m < (filter_outer ? counts.M : 1); ++outer_m) {
      for (int n = 0; n < counts.N; ++n) {
        for (int p = 0; p < counts.P; ++p) {
          for (int q = 0; q < counts.Q; ++q) {
            for (int inner_m = 0; inner_m < (filter_outer ? 1 : counts.M); ++inner_m) {
              visit(n, g, outer_m + inner_m, p, q);
            }
          }
        }
      }
    }
  }
}

/// Which tiles load and release their operands, from comparing neighbours.
void mark_loads(std::vector<Tile>& tiles, bool on_array) {
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const bool last = i + 1 == tiles.size();
    tiles[i].load_ifmap = !on_array || i == 0 || !same_ifmap(tiles[i - 1], tiles[i]);
    tiles[i].load_filter = on_array && (i == 0 || !same_filter(tiles[i - 1], tiles[i]));
    tiles[i].release_ifmap = !on_array || last || !same_ifmap(tiles[i], tiles[i + 1]);
    tiles[i].release_filter = on_array && (last || !same_filter(tiles[i], tiles[i + 1]));
  }
}

}  // namespace

Range touched(Range out, int kernel, int stride, int dilation, int pad, int extent) {
  const int begin = out.begin * stride - pad;
  const int end = begin + windows_span(out.size(), kernel, stride, dilation);
  return {std::clamp(begin, 0, extent), std::clamp(end, 0, extent)};
}

IfmapBlock ifmap_block(const ConvShape& shape, Range p, Range q) {
  const Window& w = shape.window;
  IfmapBlock block;
  block.rows = touched(p, w.R, w.stride[0], w.dilation[0], w.pad[0], shape.H);
  block.cols = touched(q, w.S, w.stride[1], w.dilation[1], w.pad[1], shape.W);
  block.height = windows_span(p.size(), w.R, w.stride[0], w.dilation[0]);
  block.width = windows_span(q.size(), w.S, w.stride[1], w.dilation[1]);
  block.pad_top =
      std::clamp(block.rows.begin - (p.begin * w.stride[0] - w.pad[0]), 0, block.height);
  block.pad_left =
      std::clamp(block.cols.begin - (q.begin * w.stride[1] - w.pad[1]), 0, block.width);
  return block;
}

Range ifmap_channels(const LoweredLayer& layer, const Tile& tile) {
  if (!runs_on_array(layer.kind)) return tile.m;
  const int per_group = layer.shape.C_per_group();
  if (tile.g.size() > 1) return {tile.g.begin * per_group, tile.g.end * per_group};
  return {tile.g.begin * per_group + tile.c.begin, tile.g.begin * per_group + tile.c.end};
}

Range ofmap_channels(const LoweredLayer& layer, const Tile& tile) {
  if (!runs_on_array(layer.kind)) return tile.m;
  const int per_group = layer.shape.M_per_group();
  if (tile.g.size() > 1) return {tile.g.begin * per_group, tile.g.end * per_group};
  return {tile.g.begin * per_group + tile.m.begin, tile.g.begin * per_group + tile.m.end};
}

TileExtent iteration_space(const LoweredLayer& layer) {
  const TensorShape& out = layer.output_shape;
  if (!runs_on_array(layer.kind)) return {.N = out.N, .M = out.C, .P = out.H, .Q = out.W};
  return {.N = out.N,
          .G = layer.shape.G,
          .M = layer.shape.M_per_group(),
          .C = layer.shape.C_per_group(),
          .P = out.H,
          .Q = out.W};
}

TileCounts tile_counts(const LoweredLayer& layer, const TileExtent& tile) {
  const TileExtent all = iteration_space(layer);
  return {.N = ceil_div(all.N, tile.N),
          .G = ceil_div(all.G, tile.G),
          .M = ceil_div(all.M, tile.M),
          .C = ceil_div(all.C, tile.C),
          .P = ceil_div(all.P, tile.P),
          .Q = ceil_div(all.Q, tile.Q)};
}

TileLoads tile_loads(const LoweredLayer& layer, const Mapping& mapping) {
  return tile_loads(layer, tile_counts(layer, mapping.tile), mapping.order);
}

TileLoads tile_loads(const LoweredLayer& layer, const TileCounts& k, TileOrder order) {
  const std::int64_t positions = std::int64_t{k.N} * k.P * k.Q;
  TileLoads loads{.ifmap_tiles = positions * k.G * k.C,
                  .filter_tiles = std::int64_t{k.G} * k.M * k.C,
                  .counts = k};
  if (!runs_on_array(layer.kind)) {
    return {.ifmap_tiles = positions * k.M, .filter_tiles = 0, .counts = k};
  }
  if (order == TileOrder::filter_outer) {
    // Walking N P Q C for each filter tile: the ifmap stays only if that walk is one step long.
    loads.ifmap_repeats = positions * k.C == 1 ? 1 : k.M;
    loads.filter_repeats = k.C == 1 ? 1 : positions;
  } else {
    loads.ifmap_repeats = k.C == 1 ? 1 : k.M;
    loads.filter_repeats = std::int64_t{k.M} * k.C == 1 ? 1 : positions;
  }
  return loads;
}

std::vector<Tile> tiles_of(const LoweredLayer& layer, const Mapping& mapping) {
  const TileExtent all = iteration_space(layer);
  const TileExtent& size = mapping.tile;
  const TileCounts counts = tile_counts(layer, size);
  std::vector<Tile> tiles;
  tiles.reserve(static_cast<std::size_t>(counts.total()));
  walk(counts, mapping.order, [&](int n, int g, int m, int p, int q) {
    for (int c = 0; c < counts.C; ++c) {
      tiles.push_back({.n = block_of(n, size.N, all.N),
                       .g = block_of(g, size.G, all.G),
                       .m = block_of(m, size.M, all.M),
                       .c = block_of(c, size.C, all.C),
                       .p = block_of(p, size.P, all.P),
                       .q = block_of(q, size.Q, all.Q),
                       .first_c = c == 0,
                       .last_c = c + 1 == counts.C});
    }
  });
  mark_loads(tiles, runs_on_array(layer.kind));
  return tiles;
}

}  // namespace ridgeline
