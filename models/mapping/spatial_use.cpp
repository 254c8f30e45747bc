#include "models/mapping/spatial_use.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "models/mapping/dataflow.hpp"

namespace ridgeline {
namespace {

using Counts = std::vector<std::int64_t>;

/// How many indices of a dimension each place of a pass gets.
void place(Counts& places, int total, int tile, int pass) {
  for (int begin = 0; begin < total; begin += tile) {
    const int size = std::min(tile, total - begin);
    for (int i = 0; i < size; ++i) ++places[static_cast<std::size_t>(i % pass)];
  }
}

/// A dimension cut into tiles.
struct Cut {
  int total, tile;
};

/// Likewise of two dimensions, flattened within each tile.
void place_box(Counts& places, Cut outer, Cut inner, int pass) {
  for (int a = 0; a < outer.total; a += outer.tile) {
    for (int b = 0; b < inner.total; b += inner.tile) {
      const int box = std::min(outer.tile, outer.total - a) * std::min(inner.tile, inner.total - b);
      place(places, box, box, pass);
    }
  }
}

/// What unrolls over an axis of `length` PEs, by the dimension that the dataflow names.
Counts places_along(const std::string& dimension, int length, const ConvShape& shape,
                    const TileExtent& tile, const PassExtent& pass) {
  Counts places(static_cast<std::size_t>(length));
  const int taps = shape.R() * shape.S();
  if (dimension == "C") place(places, shape.C_per_group(), tile.C, pass.C);
  if (dimension == "M") place(places, shape.M_per_group(), tile.M, pass.M);
  if (dimension == "P") place(places, shape.P(), tile.P, pass.P);
  if (dimension == "Q") place(places, shape.Q(), tile.Q, pass.Q);
  if (dimension == "C*R*S") place_box(places, {shape.C_per_group(), tile.C}, {taps, taps}, pass.K);
  if (dimension == "P*Q") place_box(places, {shape.P(), tile.P}, {shape.Q(), tile.Q}, pass.X);
  return places;
}

/// Calls visit(size) for the passes' blocks of a dimension.
template <class Visit>
void for_each_block(int total, int tile, int pass, Visit visit) {
  for (int begin = 0; begin < total; begin += tile) {
    const int size = std::min(tile, total - begin);
    for (int at = 0; at < size; at += pass) visit(std::min(pass, size - at));
  }
}

/// How many passes take so much of M, C, P, R each; index by index.
struct RowPass {
  int M, C, P, R;
};

/// Adds the sets of PEs of one pass of `rs`, `steps` products for each filter, channel and PE.
void add_row_pass(SpatialUse& use, const RowPass& pass, PeSets sets, std::int64_t steps) {
  const int channels = ceil_div(pass.C, sets.C), filters = ceil_div(pass.M, sets.M);
  const int chain = pass.R * ceil_div(pass.C, channels);
  const int width = std::min(pass.P, use.cols);
  const int folds = ceil_div(pass.P, width);
  const int upwards = use.rows / (chain * folds);
  for (int block = 0; block * filters < pass.M; ++block) {
    const std::int64_t m = block_of(block, filters, pass.M).size();
    const int bottom = block % upwards * chain * folds, left = block / upwards * width;
    for (int p = 0; p < pass.P; ++p) {
      const int foot = bottom + (folds - 1 - p / width) * chain;
      for (int i = 0; i < chain; ++i) {
        const std::int64_t c = block_of(i / pass.R, channels, pass.C).size();
        const int at = (foot + i) * use.cols + left + p % width;
        use.macs[static_cast<std::size_t>(at)] += steps * m * c;
      }
    }
  }
}

SpatialUse use_of_row_sets(SpatialUse use, const ConvShape& shape, const TileExtent& tile,
                           const PassExtent& pass) {
  const std::int64_t steps = std::int64_t{shape.N} * shape.G * shape.Q() * shape.S();
  for_each_block(shape.M_per_group(), tile.M, pass.M, [&](int M) {
    for_each_block(shape.C_per_group(), tile.C, pass.C, [&](int C) {
      for_each_block(shape.P(), tile.P, pass.P, [&](int P) {
        for_each_block(shape.R(), shape.R(), pass.R, [&](int R) {
          add_row_pass(use, {M, C, P, R}, pass.sets, steps);
        });
      });
    });
  });
  return use;
}

}  // namespace

SpatialUse& SpatialUse::operator+=(const SpatialUse& other) {
  if (other.macs.empty()) return *this;
  if (macs.empty()) return *this = other;
  assert(rows == other.rows && cols == other.cols);
  for (std::size_t i = 0; i < macs.size(); ++i) macs[i] += other.macs[i];
  return *this;
}

SpatialUse spatial_use(const PeArray& array, const ConvShape& shape, const Mapping& mapping,
                       std::int64_t executed) {
  if (mapping.dataflow == nullptr) return {};
  const Dataflow& dataflow = *mapping.dataflow;
  const PassExtent pass = dataflow.pass_extent(array, shape, mapping.tile);
  SpatialUse use{.rows = array.rows,
                 .cols = array.cols,
                 .macs = Counts(static_cast<std::size_t>(array.rows * array.cols))};
  if (dataflow.rows == "R") return use_of_row_sets(std::move(use), shape, mapping.tile, pass);
  const Counts rows = places_along(dataflow.rows, array.rows, shape, mapping.tile, pass);
  const Counts cols = places_along(dataflow.cols, array.cols, shape, mapping.tile, pass);
  const auto sum = [](const Counts& c) { return std::accumulate(c.begin(), c.end(), 0LL); };
  // Every pair of an index on the rows and one on the columns meets equally many of the others.
  const std::int64_t pairs = sum(rows) * sum(cols);
  const std::int64_t each = pairs == 0 ? 0 : executed / pairs;
  for (std::size_t i = 0; i < use.macs.size(); ++i) {
    const auto width = static_cast<std::size_t>(array.cols);
    use.macs[i] = rows[i / width] * cols[i % width] * each;
  }
  return use;
}

}  // namespace ridgeline
