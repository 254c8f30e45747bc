#include "models/mapping/loop_nest.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "models/mapping/dataflow.hpp"

namespace ridgeline {
namespace {

void add(std::vector<Loop>& loops, Loop loop) {
  if (loop.trips() > 1) loops.push_back(std::move(loop));
}

constexpr const char* kFlatK = "C*R*S";
constexpr const char* kFlatX = "P*Q";

/// The tile loops in their order; C always runs innermost.
std::vector<Loop> tile_loops(const LoweredLayer& layer, const Mapping& mapping) {
  const TileExtent all = iteration_space(layer);
  const TileExtent& t = mapping.tile;
  const Loop filters{"M", all.M, t.M};
  const bool filter_outer = mapping.order == TileOrder::filter_outer;
  std::vector<Loop> loops;
  add(loops, {"G", all.G, t.G});
  if (filter_outer) add(loops, filters);
  add(loops, {"N", all.N, t.N});
  add(loops, {"P", all.P, t.P});
  add(loops, {"Q", all.Q, t.Q});
  if (!filter_outer) add(loops, filters);
  add(loops, {"C", all.C, t.C});
  return loops;
}

/// Extents of what one pass takes of a full tile, and what is left of each as loops use it up.
class PassLoops {
 public:
  PassLoops(const Architecture& arch, const LoweredLayer& layer, const Mapping& mapping)
      : array_(arch.pe_array), dataflow_(*mapping.dataflow), tile_(mapping.tile) {
    const ConvShape& shape = layer.shape;
    const PassExtent pass = dataflow_.pass_extent(array_, shape, tile_);
    sets_ = pass.sets;
    // In the order of PassSequence.
    dimension("N", tile_.N, pass.N);
    dimension("P", tile_.P, pass.P);
    dimension("Q", tile_.Q, pass.Q);
    if (pass.X > 0) flatten(kFlatX, {"P", "Q"}, pass.X);
    dimension("M", tile_.M, pass.M);
    dimension("C", tile_.C, pass.C);
    dimension("R", shape.R(), pass.R);
    dimension("S", shape.S(), pass.S);
    if (pass.K > 0) flatten(kFlatK, {"C", "R", "S"}, pass.K);
  }

  LoopNest nest() {
    LoopNest nest;
    add(nest.passes, {"G", tile_.G, 1});
    for (const Part& part : parts_) add(nest.passes, {part.dimension, part.of, part.left});
    replicate(nest.sets, "C", sets_.C);
    replicate(nest.sets, "M", sets_.M);
    // What is wider than the array is folded into rows below one another.
    if (Part* part = find(dataflow_.cols); part != nullptr && part->left > array_.cols) {
      add(nest.rows, {part->dimension, part->left, array_.cols});
      part->left = array_.cols;
    }
    unroll(nest.rows, dataflow_.rows, array_.rows);
    unroll(nest.cols, dataflow_.cols, array_.cols);
    // A pass streams positions, then channels with their filters and taps.
    for (const char* dimension : {"N", "P", "Q", kFlatX, "C", "M", "R", "S", kFlatK}) {
      if (const Part* part = find(dimension)) add(nest.steps, {dimension, part->left, 1});
    }
    return nest;
  }

 private:
  /// A pass takes `left` of `of`.
  struct Part {
    std::string dimension;
    std::int64_t of, left;
  };
  void dimension(const char* name, int of, int taken) {
    parts_.push_back({name, of, std::min(of, taken)});
  }
  /// Puts one loop in the place of several, which the pass takes whole.
  void flatten(const char* name, const std::vector<std::string>& dimensions, int taken) {
    std::int64_t box = 1;
    for (const std::string& dimension : dimensions) {
      const auto part = std::ranges::find(parts_, dimension, &Part::dimension);
      box *= part->of;
      parts_.erase(part);
    }
    parts_.push_back({name, box, std::min<std::int64_t>(box, taken)});
  }
  Part* find(const std::string& dimension) {
    const auto part = std::ranges::find(parts_, dimension, &Part::dimension);
    return part == parts_.end() ? nullptr : &*part;
  }
  /// `count` sets of PEs share what is left of a dimension.
  void replicate(std::vector<Loop>& loops, const char* dimension, int count) {
    Part* part = find(dimension);
    if (part == nullptr || count == 1) return;
    const std::int64_t each = ceil_div(part->left, std::int64_t{count});
    add(loops, {dimension, part->left, each});
    part->left = each;
  }
  void unroll(std::vector<Loop>& loops, const std::string& dimension, int most) {
    Part* part = find(dimension);
    if (part == nullptr) return;
    const std::int64_t each = ceil_div(part->left, std::int64_t{most});
    add(loops, {dimension, part->left, each});
    part->left = each;
  }

  const PeArray& array_;
  const Dataflow& dataflow_;
  const TileExtent& tile_;
  PeSets sets_{};
  std::vector<Part> parts_;
};

LoopNest vector_nest(const LoweredLayer& layer, const Mapping& mapping) {
  const TileExtent& t = mapping.tile;
  LoopNest nest{.tiles = tile_loops(layer, mapping)};
  add(nest.steps, {"M", t.M, 1});
  add(nest.steps, {"P", t.P, 1});
  add(nest.steps, {"Q", t.Q, 1});
  add(nest.steps, {"R", layer.shape.R(), 1});
  add(nest.steps, {"S", layer.shape.S(), 1});
  return nest;
}

}  // namespace

LoopNest loop_nest(const Architecture& arch, const LoweredLayer& layer, const Mapping& mapping) {
  if (mapping.dataflow == nullptr) return vector_nest(layer, mapping);
  LoopNest nest = PassLoops(arch, layer, mapping).nest();
  nest.tiles = tile_loops(layer, mapping);
  return nest;
}

}  // namespace ridgeline
