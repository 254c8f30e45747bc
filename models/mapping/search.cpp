#include <algorithm>
#include <optional>

#include "models/cost/block_sizes.hpp"
#include "models/cost/estimate.hpp"
#include "models/mapping/buffer_plan.hpp"
#include "models/mapping/dataflow.hpp"
#include "models/mapping/mapping.hpp"

/// The search enumerates tile extents that cut each dimension into nearly equal parts, in whole
/// multiples of what the array takes at once, and both orders; it keeps the best estimate.
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

/// Of the areas and of the filter tiles that fit, this many of the largest are tried: smaller ones
/// only move the other operand more often.
constexpr int kLargest = 6;

/// What is minimised, and what decides between equals.
struct Score {
  double first = 0, second = 0;
  auto operator<=>(const Score&) const = default;
};

struct Scored {
  Mapping mapping;
  Score score;
};

/// Rows (or columns) of ifmap under `out` windows cut into blocks, padding and overlaps included.
std::int64_t spanned(int out, int block, int kernel, int stride, int dilation) {
  std::int64_t sum = 0;
  for (const auto& b : BlockSizes(out, block)) {
    sum += b.count * windows_span(b.size, kernel, stride, dilation);
  }
  return sum;
}

/// Words to and from DRAM as a compiler knows them before it has seen data: no zeros, and feature
/// maps with their padding.
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

class Search {
 public:
  Search(const Architecture& arch, const MappingRequest& request)
      : arch_(arch), request_(request), all_(iteration_space(request.layer)) {}

  std::variant<Mapping, Infeasible> best() {
    if (runs_on_array(request_.layer.kind)) {
      for (const Dataflow* dataflow : request_.dataflows) {
        // What stays in the buffer lies there without its padding.
        if (request_.residency.ifmap && dataflow->buffer_holds_padding) continue;
        try_dataflow(*dataflow);
      }
    } else {
      try_vector();
    }
    if (best_) return best_->mapping;
    if (!smallest_) return Infeasible{"its dataflow reads no ifmap that stays in the buffer"};
    return Infeasible{shortage(*smallest_, arch_.global_buffer)};
  }

 private:
  struct Area {
    int P, Q;
  };
  /// Ofmap areas worth trying: whole rows, and parts of rows where a tile has few of them. Whole
  /// rows are long runs for the DRAM.
  [[nodiscard]] std::vector<Area> areas(int step_p, int step_q) const {
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

  /// Tiles that the dataflow itself proposes, with as many filters as fit: those of the largest
  /// numbers of channels that leave room for any.
  void try_proposed(const Dataflow& dataflow) {
    int channels_left = kLargest;
    TileExtent fitted;  // the last one that did
    for (TileExtent tile : dataflow.tiles(arch_, request_.layer, request_.precision)) {
      if (tile.P != fitted.P) channels_left = kLargest;
      if (tile.P == fitted.P && tile.C < fitted.C) --channels_left;
      if (channels_left <= 0) continue;
      int filters_left = kLargest;
      for (int parts = 1; parts <= all_.M && filters_left > 0;) {
        tile.M = ceil_div(all_.M, parts);
        if (try_orders(dataflow, tile)) {
          --filters_left;
          fitted = tile;
        }
        if (tile.M == 1) break;
        parts = ceil_div(all_.M, tile.M - 1);
      }
    }
  }

  void try_dataflow(const Dataflow& dataflow) {
    if (dataflow.tiles != nullptr) return try_proposed(dataflow);
    const TileExtent step = dataflow.tile_step(arch_.pe_array);
    const auto ms = extents(all_.M, step.M);
    const auto cs = extents(all_.C, step.C);
    const auto all_areas = areas(step.P, step.Q);
    for (const int C : cs) {
      int areas_left = kLargest;
      for (const Area& area : all_areas) {
        int filters_left = kLargest;
        for (const int M : ms) {
          const bool fits = try_images(dataflow, {.M = M, .C = C, .P = area.P, .Q = area.Q});
          if (fits && --filters_left == 0) break;
        }
        if (filters_left < kLargest && --areas_left == 0) break;
      }
    }
  }

  /// Several images a tile where each is whole in it: filters then serve all of them.
  bool try_images(const Dataflow& dataflow, TileExtent tile) {
    bool fits = try_groups(dataflow, tile);
    if (tile.P < all_.P || tile.Q < all_.Q) return fits;
    for (const int N : extents(all_.N, 1)) {
      if (N == 1) continue;
      tile.N = N;
      fits = try_groups(dataflow, tile) || fits;
    }
    return fits;
  }

  /// Several groups a tile where each is whole in it. These functions say whether anything fits.
  bool try_groups(const Dataflow& dataflow, TileExtent tile) {
    if (all_.G == 1 || tile.M < all_.M || tile.C < all_.C) return try_orders(dataflow, tile);
    bool fits = false;
    for (const int G : extents(all_.G, 1)) {
      tile.G = G;
      fits = try_orders(dataflow, tile) || fits;
    }
    return fits;
  }

  bool try_orders(const Dataflow& dataflow, const TileExtent& tile) {
    Mapping mapping{.dataflow = &dataflow, .tile = tile, .order = TileOrder::filter_outer};
    const TileLoads filter_outer = tile_loads(request_.layer, mapping);
    const bool fits = try_mapping(mapping);
    mapping.order = TileOrder::ifmap_outer;
    if (tile_loads(request_.layer, mapping) == filter_outer) return fits;
    return try_mapping(mapping) || fits;
  }

  void try_vector() {
    // LRN and softmax look across channels, so their tiles hold all of them.
    const LayerKind kind = request_.layer.kind;
    const bool whole_channels = kind == LayerKind::lrn || kind == LayerKind::softmax;
    for (const int M : whole_channels ? std::vector{all_.M} : extents(all_.M, 1)) {
      for (const Area& area : areas(1, 1)) {
        // Whole planes of several channels, or parts of one.
        if (!whole_channels && M > 1 && area.P < all_.P) continue;
        try_mapping({.tile = {.M = M, .P = area.P, .Q = area.Q}});
      }
    }
  }

  /// Whether psums that stay in the PEs would have to make room for others half way.
  [[nodiscard]] bool psums_must_leave(const Mapping& mapping) const {
    const TileExtent& t = mapping.tile;
    if (mapping.dataflow == nullptr || !mapping.dataflow->psums_stay_in_pes || t.C == all_.C) {
      return false;
    }
    const Tile tile{
        .n = {0, t.N}, .g = {0, t.G}, .m = {0, t.M}, .c = {0, t.C}, .p = {0, t.P}, .q = {0, t.Q}};
    const ConvShape& shape = request_.layer.shape;
    const PassExtent pass = mapping.dataflow->pass_extent(arch_.pe_array, shape, t);
    return PassSequence(shape, pass, tile).size() > 1;
  }

  bool try_mapping(const Mapping& mapping) {
    if (psums_must_leave(mapping)) return false;
    const BufferPlan plan =
        buffer_plan(arch_, request_.layer, request_.precision, mapping, request_.residency);
    if (!smallest_ || plan.global < smallest_->global) smallest_ = plan;
    if (!plan.fits(arch_.global_buffer)) return false;
    const MappingEstimate memory =
        estimate_memory(arch_, request_.layer, request_.precision, mapping, request_.residency);
    // The array can only add to it.
    if (best_ && score_of(mapping, memory) >= best_->score) return true;
    const Score score = score_of(mapping, estimate_array(memory, arch_, request_.layer, mapping,
                                                         ZeroWeights(), request_.residency));
    if (!best_ || score < best_->score) best_ = Scored{mapping, score};
    return true;
  }

  [[nodiscard]] Score score_of(const Mapping& mapping, const MappingEstimate& e) const {
    const Cycles latency = e.latency();
    const auto cycles = static_cast<double>(latency.count());
    const double energy = energy_of(e.counts, latency, arch_.energy).total().count();
    switch (request_.objective) {
      case Objective::latency:
        return {cycles, energy};
      case Objective::energy:
        return {energy, cycles};
      case Objective::edp:
        return {energy * cycles, cycles};
      case Objective::traffic:
        break;
    }
    return {static_cast<double>(dense_traffic(request_.layer, mapping, request_.residency)),
            cycles};
  }

  const Architecture& arch_;
  const MappingRequest& request_;
  const TileExtent all_;
  std::optional<Scored> best_;
  std::optional<BufferPlan> smallest_;
};

}  // namespace

std::variant<Mapping, Infeasible> choose_mapping(const Architecture& arch,
                                                 const MappingRequest& request) {
  return Search(arch, request).best();
}

}  // namespace ridgeline
