#include <algorithm>
#include <numeric>

#include "models/mapping/dataflow/row_stationary.hpp"

namespace ridgeline::dataflows::rs {
namespace {

/// What the pass reads of the ifmap. The buffer holds the padding too. Without dilation, columns
/// share the words of their windows.
struct IfmapWords {
  std::int64_t rows = 0;    ///< of all channels
  int first = 0, next = 0;  ///< words of a row for an image's first column, and for each other
  /// Words of a row for so many columns.
  [[nodiscard]] std::int64_t columns(int count) const {
    return first + std::int64_t{next} * (count - 1);
  }
};

/// Different rows p * stride + r * dilation of P x R pairs. With stride / dilation = U / D in
/// lowest terms, a pair meets the row of (p + D, r - U) too, so one pair of each such two counts.
int different_rows(int P, int R, int stride, int dilation) {
  const int common = std::gcd(stride, dilation);
  const int again = std::max(0, P - dilation / common) * std::max(0, R - stride / common);
  return P * R - again;
}

IfmapWords ifmap_words(const ConvShape& shape, const Pass& pass) {
  const Window& w = shape.window;
  const int rows = different_rows(pass.p.size(), pass.r.size(), w.stride[0], w.dilation[0]);
  const int taps = pass.s.size();
  return {.rows = std::int64_t{rows} * pass.c.size(),
          .first = taps,
          .next = w.dilation[1] == 1 ? std::min(w.stride[1], taps) : taps};
}

std::int64_t filter_words(const Pass& pass) {
  return std::int64_t{pass.m.size()} * pass.c.size() * pass.r.size() * pass.s.size();
}

/// What a PE and the array hold of the pass: sets on other channels and filters may be fewer than
/// there is room for.
struct Shares {
  int q, p;          ///< most channels and filters of a PE
  int set_c, set_m;  ///< sets in use
};

Shares shares_of(const Pass& pass) {
  const int q = ceil_div(pass.c.size(), pass.sets.C);
  const int p = ceil_div(pass.m.size(), pass.sets.M);
  return {.q = q, .p = p, .set_c = ceil_div(pass.c.size(), q), .set_m = ceil_div(pass.m.size(), p)};
}

/// Cycles from the end of the first PE's column to the end of the last one's. Psums go up a PE a
/// cycle, through the rows of a set and of the sets on other channels. On a systolic fabric all
/// comes from the foot of the first column, a PE a cycle: the farthest PE is the top right one of
/// the columns of the array that are filled, or of the rest beside them.
Cycles skew(const PeArray& array, const Pass& pass) {
  const bool systolic = array.fabric == Fabric::systolic;
  if (!array.shorten_edge_passes) {
    return Cycles(array.rows - 1 + (systolic ? array.cols - 1 : 0));
  }
  const Shares shares = shares_of(pass);
  const int chain = pass.r.size() * shares.set_c;
  if (!systolic) return Cycles(chain - 1);
  const int rows = chain * folds(array, pass.p.size());
  const int cols = std::min(pass.p.size(), array.cols);
  const int below = array.rows / rows;
  const int filled = shares.set_m / below, rest = shares.set_m % below;
  return Cycles(std::max(filled > 0 ? below * rows + filled * cols : 0,
                         rest > 0 ? rest * rows + (filled + 1) * cols : 0) -
                2);
}

/// Cycles of each stage for one column.
struct Stages {
  Cycles first_ifmap, next_ifmap;  ///< ifmap words in
  Cycles psum_in;
  Cycles multiply;
  Cycles psum_out;
};

Stages stages_of(const GlobalBuffer& glb, const ConvShape& shape, const Pass& pass) {
  const IfmapWords ifmap = ifmap_words(shape, pass);
  const std::int64_t psums = std::int64_t{pass.m.size()} * pass.p.size();
  const Shares shares = shares_of(pass);
  return {.first_ifmap = port_cycles(ifmap.rows * ifmap.first, glb.ifmap_words_per_cycle),
          .next_ifmap = port_cycles(ifmap.rows * ifmap.next, glb.ifmap_words_per_cycle),
          .psum_in = pass.first ? Cycles(0) : port_cycles(psums, glb.psum_in_words_per_cycle),
          .multiply = Cycles(std::int64_t{pass.s.size()} * shares.p * shares.q),
          .psum_out = port_cycles(psums, glb.psum_out_words_per_cycle)};
}

/// When the slower of the two later stages could start on its last column, had it never waited
/// but for arrivals: the largest of (arrival of a column + the columns after it). Arrivals grow
/// evenly within an image and from image to image, so the extremes decide.
Cycles last_start(const Stages& s, std::int64_t images, std::int64_t columns) {
  const Cycles slower = std::max(s.multiply, s.psum_out);
  const std::int64_t all = images * columns;
  const Cycles image = s.first_ifmap + s.next_ifmap * (columns - 1);
  return std::max({s.first_ifmap + slower * (all - 1),
                   image * (images - 1) + s.first_ifmap + slower * (columns - 1), image * images,
                   s.psum_in + slower * (all - 1), s.psum_in * all});
}

}  // namespace

PassCost cost(const Architecture& arch, const ConvShape& shape, const Pass& pass,
              const ZeroWeights& /*zeros*/) {
  const GlobalBuffer& glb = arch.global_buffer;
  const Stages stages = stages_of(glb, shape, pass);
  const std::int64_t columns = pass.q.size();
  const std::int64_t images = pass.n.size();
  const Cycles hops = skew(arch.pe_array, pass);
  const Cycles total =
      last_start(stages, images, columns) + stages.multiply + stages.psum_out + hops;
  PassCost c;
  c.load = port_cycles(filter_words(pass), glb.filter_words_per_cycle);
  c.compute = stages.multiply * (images * columns);
  c.fill_drain = std::max(stages.first_ifmap, stages.psum_in) + stages.psum_out + hops;
  c.stream = total - c.fill_drain;
  return c;
}

PassAccesses accesses(const Architecture& /*arch*/, const ConvShape& shape, const Pass& pass,
                      const ZeroWeights& /*zeros*/) {
  const std::int64_t positions = pass.positions();
  const std::int64_t M = pass.m.size();
  const IfmapWords ifmap = ifmap_words(shape, pass);
  const std::int64_t row_words = ifmap.columns(pass.q.size()) * pass.n.size();
  PassAccesses a;
  a.ports = {.ifmap = ifmap.rows * row_words,
             .filter = filter_words(pass),
             .psum_in = pass.first ? 0 : M * positions,
             .psum_out = M * positions};
  a.counts.mac = positions * a.ports.filter;
  // Four accesses a MAC: ifmap, filter and psum read, psum written (ISCA 2016, Fig. 10). What fills
  // the register files is counted as its way there.
  a.counts.rf_ifmap_read = a.counts.rf_filter_read = a.counts.mac;
  a.counts.rf_psum_read = a.counts.rf_psum_write = a.counts.mac;
  // PEs that take in each operand: a filter word goes to every ofmap row, an ifmap word to the rows
  // that need it in every set on other filters, a psum up through its column.
  const Shares shares = shares_of(pass);
  const std::int64_t rows_taken =
      std::int64_t{pass.p.size()} * pass.r.size() * pass.c.size() * shares.set_m;
  a.counts.noc_filter = a.ports.filter * pass.p.size();
  a.counts.noc_ifmap = rows_taken * row_words;
  a.counts.noc_psum = M * positions * pass.r.size() * shares.set_c;
  a.counts.glb_ifmap_read = a.ports.ifmap;
  a.counts.glb_filter_read = a.ports.filter;
  a.counts.glb_psum_read = a.ports.psum_in;
  a.counts.glb_psum_write = a.ports.psum_out;
  return a;
}

LayerTotals totals(const LayerPasses& layer) {
  const ConvShape& shape = layer.shape;
  const Window& w = shape.window;
  // Ifmap rows under all blocks of ofmap rows, and words along each for all blocks of columns.
  const std::int64_t rows = layer.p().sum([&](int p) {
    return layer.r().sum(
        [&](int r) { return std::int64_t{different_rows(p, r, w.stride[0], w.dilation[0])}; });
  });
  const std::int64_t words = shape.N * layer.q().sum([&](int q) {
    return layer.s().sum([&](int s) {
      return s + std::int64_t{w.dilation[1] == 1 ? std::min(w.stride[1], s) : s} * (q - 1);
    });
  });
  // Filters (or channels) that a PE has in all blocks, and sets that share them out.
  const PeSets sets = layer.extent.sets;
  const auto in_pe = [](const analytic::TwoLevels& axis, int among) {
    return axis.sum([&](int size) { return std::int64_t{ceil_div(size, among)}; });
  };
  const auto used = [](const analytic::TwoLevels& axis, int among) {
    return axis.sum([&](int size) { return std::int64_t{ceil_div(size, ceil_div(size, among))}; });
  };
  LayerTotals a;
  a.ports = {.ifmap = rows * words * shape.C * layer.filter_blocks(),
             .filter = layer.weights * layer.position_blocks(),
             .psum_in = layer.psums() * (layer.chain() - 1),
             .psum_out = layer.psums() * layer.chain()};
  a.counts.mac = layer.macs();
  a.counts.rf_ifmap_read = a.counts.rf_filter_read = layer.macs();
  a.counts.rf_psum_read = a.counts.rf_psum_write = layer.macs();
  a.counts.noc_filter = layer.weights * layer.n().blocks() * shape.P() * layer.q().blocks();
  a.counts.noc_ifmap =
      std::int64_t{shape.P()} * shape.R() * words * shape.C * used(layer.m(), sets.M);
  a.counts.noc_psum = layer.psums() * layer.s().blocks() * shape.R() * used(layer.c(), sets.C);
  a.counts.glb_ifmap_read = a.ports.ifmap;
  a.counts.glb_filter_read = a.ports.filter;
  a.counts.glb_psum_read = a.ports.psum_in;
  a.counts.glb_psum_write = a.ports.psum_out;
  a.compute = Cycles(in_pe(layer.m(), sets.M) * in_pe(layer.c(), sets.C) * shape.G * shape.S() *
                     shape.N * shape.Q() * layer.p().blocks() * layer.r().blocks());
  return a;
}

}  // namespace ridgeline::dataflows::rs
