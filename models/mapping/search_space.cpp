#include "models/mapping/search_space.hpp"

#include <algorithm>

#include "models/cost/analytic/segments.hpp"
#include "models/mapping/dataflow.hpp"

namespace ridgeline {
namespace {

/// Tile extents worth trying along a dimension of `total` whose natural step is `step`: cuts into
/// 1, 2, 3, ... nearly equal parts, whole steps each, and below a step its halves down to 1.
std::vector<int> extents(int total, int step) {
  std::vector<int> sizes;
  const auto add = [&](int size) {
    size = std::min(size, total);
    if (std::ranges::find(sizes, size) == sizes.end()) sizes.push_back(size);
  };
  for (int parts = 1; parts <= total; parts += std::max(1, parts / 2)) {
    add(round_up(ceil_div(total, parts), step));
    if (ceil_div(total, parts) <= step) break;
  }
  for (int size = std::min(step, total); size >= 1; size /= 2) add(size);
  return sizes;
}

/// total, total - 1, ... 1
std::vector<int> every_extent(int total) {
  std::vector<int> sizes;
  for (int size = total; size >= 1; --size) sizes.push_back(size);
  return sizes;
}

/// Of the areas and of the filter tiles that fit, this many of the largest are tried: smaller ones
/// only move the other operand more often.
constexpr int kLargest = 6;

/// A layer with no more tile extents than this has all of them tried.
constexpr std::int64_t kAllExtents = 2000;

/// Rows (or columns) of ifmap under `out` windows cut into blocks, padding and overlaps included.
std::int64_t spanned(int out, int block, int kernel, int stride, int dilation) {
  return analytic::TwoLevels{out, block, block}.sum(
      [&](int size) { return std::int64_t{windows_span(size, kernel, stride, dilation)}; });
}

}  // namespace

std::int64_t dense_traffic(const LoweredLayer& layer, const Mapping& mapping,
                           const Residency& residency) {
  const ConvShape& s = layer.shape;
  const Window& w = s.window;
  const TensorShape& out = layer.output_shape;
  const TileLoads loads = tile_loads(layer, mapping);
  const std::int64_t plane = spanned(out.H, mapping.tile.P, w.R, w.stride[0], w.dilation[0]) *
                             spanned(out.W, mapping.tile.Q, w.S, w.stride[1], w.dilation[1]);
  const std::int64_t ifmap = residency.ifmap ? 0 : plane * s.N * s.C;
  const std::int64_t filters = runs_on_array(layer.kind) ? s.filter_elements() : 0;
  const int maps = (residency.ofmap ? 0 : 1) + (layer.residual && !residency.residual ? 1 : 0);
  return ifmap * loads.ifmap_repeats + filters * loads.filter_repeats + out.elements() * maps;
}

/// Ofmap areas worth trying: whole rows, and parts of rows where a tile has few of them. Whole rows
/// are long runs for the DRAM.
std::vector<SearchSpace::Area> SearchSpace::areas(int step_p, int step_q) const {
  std::vector<Area> found;
  for (const int P : extents(all_.P, step_p)) {
    found.push_back({P, all_.Q});
    if (P > step_p) continue;
    for (const int Q : extents(all_.Q, step_q)) {
      if (Q < all_.Q) found.push_back({P, Q});
    }
  }
  return found;
}

/// Every tile extent in both orders, if they are few. @return whether they are
bool SearchSpace::visit_all(const Dataflow* dataflow, const Try& fits) const {
  const bool vector = dataflow == nullptr;
  const std::int64_t count =
      std::int64_t{vector ? 1 : all_.N} * (all_.M * all_.C + all_.G - 1) * all_.P * all_.Q;
  if (count > kAllExtents) return false;
  // Even where both orders load as often: smaller tiles at the edges come at other times.
  const auto try_both = [&](Mapping mapping) {
    const TileCounts k = tile_counts(layer_, mapping.tile);
    fits(mapping);
    mapping.order = TileOrder::ifmap_outer;
    if (!vector && k.M > 1 && std::int64_t{k.N} * k.P * k.Q > 1) fits(mapping);
  };
  for (const int C : every_extent(all_.C)) {
    for (const int M : every_extent(all_.M)) {
      const bool whole = C == all_.C && M == all_.M;
      for (const int G : every_extent(whole ? all_.G : 1)) {
        for (const int P : every_extent(all_.P)) {
          for (const int Q : every_extent(all_.Q)) {
            for (const int N : every_extent(vector ? 1 : all_.N)) {
              try_both({.dataflow = dataflow,
                        .tile = {.N = N, .G = G, .M = M, .C = C, .P = P, .Q = Q},
                        .order = TileOrder::filter_outer});
            }
          }
        }
      }
    }
  }
  return true;
}

/// Tiles that the dataflow itself proposes, with as many filters as fit: those of the largest
/// numbers of channels that leave room for any.
void SearchSpace::visit_proposed(const Dataflow& dataflow, const Try& fits) const {
  int channels_left = kLargest;
  TileExtent fitted;  // the last one that did
  for (TileExtent tile : dataflow.tiles(arch_, layer_, precision_)) {
    if (tile.P != fitted.P) channels_left = kLargest;
    if (tile.P == fitted.P && tile.C < fitted.C) --channels_left;
    if (channels_left <= 0) continue;
    int filters_left = kLargest;
    for (int parts = 1; parts <= all_.M && filters_left > 0;) {
      tile.M = ceil_div(all_.M, parts);
      if (try_orders(dataflow, tile, fits)) {
        --filters_left;
        fitted = tile;
      }
      if (tile.M == 1) break;
      parts = ceil_div(all_.M, tile.M - 1);
    }
  }
}

void SearchSpace::visit_array(const Dataflow& dataflow, const Try& fits) const {
  if (dataflow.tiles != nullptr) return visit_proposed(dataflow, fits);
  if (visit_all(&dataflow, fits)) return;
  const TileExtent step = dataflow.tile_step(arch_.pe_array);
  const auto ms = extents(all_.M, step.M);
  const auto cs = extents(all_.C, step.C);
  const auto all_areas = areas(step.P, step.Q);
  for (const int C : cs) {
    int areas_left = kLargest;
    for (const Area& area : all_areas) {
      int filters_left = kLargest;
      for (const int M : ms) {
        const TileExtent tile{.M = M, .C = C, .P = area.P, .Q = area.Q};
        if (try_images(dataflow, tile, fits) && --filters_left == 0) break;
      }
      if (filters_left < kLargest && --areas_left == 0) break;
    }
  }
}

/// Several images a tile where each is whole in it: filters then serve all of them. These functions
/// say whether anything fits.
bool SearchSpace::try_images(const Dataflow& dataflow, TileExtent tile, const Try& fits) const {
  bool any = try_groups(dataflow, tile, fits);
  if (tile.P < all_.P || tile.Q < all_.Q) return any;
  for (const int N : extents(all_.N, 1)) {
    if (N == 1) continue;
    tile.N = N;
    any = try_groups(dataflow, tile, fits) || any;
  }
  return any;
}

/// Several groups a tile where each is whole in it.
bool SearchSpace::try_groups(const Dataflow& dataflow, TileExtent tile, const Try& fits) const {
  if (all_.G == 1 || tile.M < all_.M || tile.C < all_.C) return try_orders(dataflow, tile, fits);
  bool any = false;
  for (const int G : extents(all_.G, 1)) {
    tile.G = G;
    any = try_orders(dataflow, tile, fits) || any;
  }
  return any;
}

bool SearchSpace::try_orders(const Dataflow& dataflow, const TileExtent& tile,
                             const Try& fits) const {
  Mapping mapping{.dataflow = &dataflow, .tile = tile, .order = TileOrder::filter_outer};
  const bool any = fits(mapping);
  const TileCounts counts = tile_counts(layer_, tile);
  mapping.order = TileOrder::ifmap_outer;
  // Where both load as often, they hardly differ.
  if (tile_loads(layer_, counts, TileOrder::filter_outer) ==
      tile_loads(layer_, counts, TileOrder::ifmap_outer)) {
    return any;
  }
  return fits(mapping) || any;
}

void SearchSpace::visit_vector(const Try& fits) const {
  // LRN and softmax look across channels, so their tiles hold all of them.
  const bool whole_channels = layer_.kind == LayerKind::lrn || layer_.kind == LayerKind::softmax;
  if (!whole_channels && visit_all(nullptr, fits)) return;
  for (const int M : whole_channels ? std::vector{all_.M} : extents(all_.M, 1)) {
    for (const Area& area : areas(1, 1)) {
      // Whole planes of several channels, or parts of one.
      if (!whole_channels && M > 1 && area.P < all_.P) continue;
      fits({.tile = {.M = M, .P = area.P, .Q = area.Q}});
    }
  }
}

}  // namespace ridgeline
