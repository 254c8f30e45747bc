#include <algorithm>
#include <optional>

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

struct Scored {
  Mapping mapping;
  double score = 0;
};

class Search {
 public:
  Search(const Architecture& arch, const MappingRequest& request)
      : arch_(arch), request_(request), all_(iteration_space(request.layer)) {}

  std::variant<Mapping, Infeasible> best() {
    if (runs_on_array(request_.layer.kind)) {
      for (const Dataflow* dataflow : request_.dataflows) try_dataflow(*dataflow);
    } else {
      try_vector();
    }
    if (best_) return best_->mapping;
    return Infeasible{shortage(*smallest_, arch_.global_buffer.bytes)};
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

  void try_dataflow(const Dataflow& dataflow) {
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
          if (dataflow.psums_stay_in_pes && C < all_.C && passes_of(dataflow, tile) > 1) continue;
          const bool fits = try_groups(dataflow, tile);
          if (fits && --filters_left == 0) break;
        }
        if (filters_left < kLargest && --areas_left == 0) break;
      }
    }
  }

  /// Passes of a whole tile of one group.
  [[nodiscard]] std::int64_t passes_of(const Dataflow& dataflow, const TileExtent& extent) const {
    const Tile tile{.g = {0, 1},
                    .m = {0, extent.M},
                    .c = {0, extent.C},
                    .p = {0, extent.P},
                    .q = {0, extent.Q}};
    const ConvShape& shape = request_.layer.shape;
    return PassSequence(shape, dataflow.pass_extent(arch_.pe_array, shape, tile), tile).size();
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

  bool try_mapping(const Mapping& mapping) {
    const BufferPlan plan = buffer_plan(arch_, request_.layer, request_.precision, mapping);
    if (!smallest_ || plan.total() < smallest_->total()) smallest_ = plan;
    if (plan.total() > arch_.global_buffer.bytes) return false;
    const MappingEstimate memory =
        estimate_memory(arch_, request_.layer, request_.precision, mapping);
    if (best_ && score_of(memory) >= best_->score) return true;  // the array can only add to it
    const double score =
        score_of(estimate_array(memory, arch_, request_.layer, mapping, ZeroWeights()));
    if (!best_ || score < best_->score) best_ = Scored{mapping, score};
    return true;
  }

  [[nodiscard]] double score_of(const MappingEstimate& e) const {
    const Cycles latency = e.latency();
    const auto cycles = static_cast<double>(latency.count());
    const double energy = energy_of(e.counts, latency, arch_.energy).total().count();
    // The other figure breaks ties, far below the weight of the one asked for.
    constexpr double kTie = 1e-6;
    switch (request_.objective) {
      case Objective::latency:
        return cycles + kTie * energy / std::max(1.0, arch_.energy.dram);
      case Objective::energy:
        return energy + kTie * cycles;
      case Objective::edp:
        break;
    }
    return energy * cycles;
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
