#include <fmt/format.h>

#include <algorithm>

#include "models/base/grouped.hpp"
#include "models/mapping/dataflow.hpp"

/// rs (Chen et al., Eyeriss, ISCA 2016, and JSSC 52(1), 2017; the letters e, m, n, p, q, r, t are
/// theirs). A PE slides one filter row over one ifmap row. R x e PEs form a set that computes e
/// ofmap rows; a set wider than the array is folded into rows of PEs below one another, and sets
/// that find room beside or below take other channels (r of them) or other filters (t). Each PE
/// interleaves p filters and q channels, whose words its register files hold.
///
/// A pass walks the columns of the ofmap rows of n images. Column by column, ifmap words and psums
/// arrive through their ports, the PEs multiply, and psums leave: three stages that work on
/// different columns at the same time, with queues between them.
namespace ridgeline::dataflows {
namespace {

/// PEs of a column of the array that a set takes, at most all: taller filters run in parts.
int set_rows(const PeArray& array, int R) {
  return std::min(R, array.rows);
}

/// Rows of PEs that hold ofmap rows of one set, when P of them are more than the array is wide.
int folds(const PeArray& array, int P) {
  return ceil_div(P, array.cols);
}

/// Sets that fit into the array.
int sets_in_array(const PeArray& array, int R, int P) {
  const int below = array.rows / (set_rows(array, R) * folds(array, P));
  const int beside = P <= array.cols ? array.cols / P : 1;
  return below * beside;
}

/// What the register files of a PE hold of a filter row, and of how many channels.
struct PeRows {
  int S = 1;  ///< taps: longer rows run in parts
  int q = 1;  ///< most channels
};

PeRows rows_in_pe(const PeArray& array, int S) {
  const int words = std::min(array.ifmap_words_per_pe, array.filter_words_per_pe);
  const int taps = std::min(S, words);
  return {.S = taps, .q = words / taps};
}

PassExtent pass_extent(const PeArray& array, const ConvShape& shape, const TileExtent& tile) {
  const int R = set_rows(array, shape.R());
  const PeRows in_pe = rows_in_pe(array, shape.S());
  const int P = std::min(tile.P, array.cols * (array.rows / R));
  const int sets = sets_in_array(array, R, P);
  // As few sets on different channels as the register files allow: the others share the ifmap.
  const int r = std::min(sets, ceil_div(tile.C, in_pe.q));
  const int q = std::min(in_pe.q, ceil_div(tile.C, r));
  const int t = std::min(sets / r, tile.M);
  // The filters of a tile in as few passes as possible, of nearly equal size.
  const int most_p = std::min(array.psums_per_pe, array.filter_words_per_pe / (q * in_pe.S));
  const int p = ceil_div(tile.M, ceil_div(tile.M, most_p * t) * t);
  return {.N = tile.N,
          .M = p * t,
          .C = std::min(tile.C, q * r),
          .P = P,
          .Q = tile.Q,
          .R = R,
          .S = in_pe.S,
          .sets = {.C = r, .M = t}};
}

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

IfmapWords ifmap_words(const ConvShape& shape, const Pass& pass) {
  const Window& w = shape.window;
  const int rows = std::min(windows_span(pass.p.size(), pass.r.size(), w.stride[0], w.dilation[0]),
                            pass.p.size() * pass.r.size());
  const int taps = pass.s.size();
  return {.rows = std::int64_t{rows} * pass.c.size(),
          .first = taps,
          .next = w.dilation[1] == 1 ? std::min(w.stride[1], taps) : taps};
}

std::int64_t filter_words(const Pass& pass) {
  return std::int64_t{pass.m.size()} * pass.c.size() * pass.r.size() * pass.s.size();
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
  const int p = ceil_div(pass.m.size(), pass.sets.M);
  const int q = ceil_div(pass.c.size(), pass.sets.C);
  return {.first_ifmap = port_cycles(ifmap.rows * ifmap.first, glb.ifmap_words_per_cycle),
          .next_ifmap = port_cycles(ifmap.rows * ifmap.next, glb.ifmap_words_per_cycle),
          .psum_in = pass.first ? Cycles(0) : port_cycles(psums, glb.psum_in_words_per_cycle),
          .multiply = Cycles(std::int64_t{pass.s.size()} * p * q),
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

PassCost cost(const Architecture& arch, const ConvShape& shape, const Pass& pass,
              const ZeroWeights& /*zeros*/) {
  const GlobalBuffer& glb = arch.global_buffer;
  const Stages stages = stages_of(glb, shape, pass);
  const std::int64_t columns = pass.q.size();
  const std::int64_t images = pass.n.size();
  // Psums go up through the rows of a set and of the sets on other channels, a PE a cycle.
  const Cycles hops(std::int64_t{pass.r.size()} * pass.sets.C - 1);
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
  a.counts.rf_read = 3 * a.counts.mac;
  a.counts.rf_write = a.counts.mac;
  // PEs that take in each operand: a filter word goes to every ofmap row, an ifmap word to the rows
  // that need it in every set on other filters, a psum up through its column.
  const std::int64_t rows_taken =
      std::int64_t{pass.p.size()} * pass.r.size() * pass.c.size() * pass.sets.M;
  a.counts.noc = a.ports.filter * pass.p.size() + rows_taken * row_words +
                 M * positions * pass.r.size() * pass.sets.C;
  a.counts.glb_read = a.ports.ifmap + a.ports.filter + a.ports.psum_in;
  a.counts.glb_write = a.ports.psum_out;
  return a;
}

PassAccesses totals(const LayerPasses& layer) {
  const ConvShape& shape = layer.shape;
  const Window& w = shape.window;
  // Ifmap rows under all blocks of ofmap rows, and words along each for all blocks of columns.
  const std::int64_t rows = layer.p().sum([&](int p) {
    return layer.r().sum([&](int r) {
      return std::int64_t{std::min(windows_span(p, r, w.stride[0], w.dilation[0]), p * r)};
    });
  });
  const std::int64_t words = shape.N * layer.q().sum([&](int q) {
    return layer.s().sum([&](int s) {
      return s + std::int64_t{w.dilation[1] == 1 ? std::min(w.stride[1], s) : s} * (q - 1);
    });
  });
  const std::int64_t channel_blocks = shape.C * layer.filter_blocks();
  PassAccesses a;
  a.ports = {.ifmap = rows * words * channel_blocks,
             .filter = layer.weights * layer.position_blocks(),
             .psum_in = layer.psums() * (layer.chain() - 1),
             .psum_out = layer.psums() * layer.chain()};
  a.counts.mac = a.counts.rf_write = layer.macs();
  a.counts.rf_read = 3 * layer.macs();
  a.counts.noc =
      layer.weights * layer.n().blocks() * shape.P() * layer.q().blocks() +
      std::int64_t{shape.P()} * shape.R() * words * channel_blocks * layer.extent.sets.M +
      layer.psums() * layer.c().blocks() * layer.s().blocks() * shape.R() * layer.extent.sets.C;
  a.counts.glb_read = a.ports.ifmap + a.ports.filter + a.ports.psum_in;
  a.counts.glb_write = a.ports.psum_out;
  return a;
}

/// Ofmap rows of a set worth trying: as many as the array is wide, half as many, and all of them in
/// one folded set where that leaves no room for a second set.
std::vector<int> set_widths(const PeArray& array, int R, int P) {
  std::vector<int> widths{std::min(P, array.cols)};
  if (array.cols / 2 < widths[0] && array.cols > 1) widths.push_back(array.cols / 2);
  const int rows = set_rows(array, R);
  if (P > array.cols && rows * folds(array, P) <= array.rows && sets_in_array(array, R, P) == 1) {
    widths.push_back(P);
  }
  return widths;
}

std::vector<int> channel_counts(const PeArray& array, const ConvShape& shape, int P) {
  const int sets = sets_in_array(array, shape.R(), P);
  const int most_q = rows_in_pe(array, shape.S()).q;
  std::vector<int> counts;
  for (int r = 1; r <= sets; ++r) {
    for (int q = 1; q <= most_q; ++q) counts.push_back(std::min(q * r, shape.C_per_group()));
  }
  std::ranges::sort(counts, std::greater());
  counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
  return counts;
}

/// Ifmap bytes that a pass over C channels reads of one image, padding included.
Bytes pass_ifmap(const ConvShape& shape, Precision precision, int P, int C) {
  const Window& w = shape.window;
  const std::int64_t rows = windows_span(P, w.R, w.stride[0], w.dilation[0]);
  return word_bytes(precision) * (rows * (shape.W + w.pad[1] + w.pad[3]) * C);
}

std::vector<TileExtent> tiles(const Architecture& arch, const LoweredLayer& layer,
                              Precision precision) {
  const ConvShape& shape = layer.shape;
  const Bytes most = arch.global_buffer.ifmap_pass_bytes;
  std::vector<TileExtent> found;
  for (const int P : set_widths(arch.pe_array, shape.R(), shape.P())) {
    for (const int C : channel_counts(arch.pe_array, shape, P)) {
      if (C > 1 && most > Bytes(0) && pass_ifmap(shape, precision, P, C) > most) continue;
      for (int N = shape.N; N >= 1; N = N > 1 ? N / 2 : 0) {
        found.push_back({.N = N, .M = shape.M_per_group(), .C = C, .P = P, .Q = shape.Q()});
      }
    }
  }
  return found;
}

/// The limits that `tiles` keeps.
std::string cannot_run(const Architecture& arch, const LoweredLayer& layer, Precision precision,
                       const TileExtent& tile) {
  const ConvShape& shape = layer.shape;
  const PeArray& array = arch.pe_array;
  const PassExtent pass = pass_extent(array, shape, tile);
  if (pass.P > array.cols && sets_in_array(array, pass.R, pass.P) > 1) {
    return fmt::format(
        "{} ofmap rows are more than the {} columns of PEs and leave room for a second set, so "
        "that the set cannot be folded",
        pass.P, array.cols);
  }
  const Bytes most = arch.global_buffer.ifmap_pass_bytes;
  const Bytes reads = pass_ifmap(shape, precision, pass.P, pass.C);
  if (pass.C > 1 && most > Bytes(0) && reads > most) {
    return fmt::format("a pass of {} channels reads {} B of an image, and at most {} B can be read",
                       pass.C, grouped(reads.count()), grouped(most.count()));
  }
  return "";
}

}  // namespace

Dataflow row_stationary() {
  return {
      .name = "rs",
      .stationary = "filter rows, ifmap rows, psums",
      .rows = "R",
      .cols = "P",
      .summary =
          "each PE slides a filter row over an ifmap row; filter rows stay, ifmap rows go along "
          "diagonals, psums go up the columns; sets of PEs fold and replicate over the array",
      .source = "Chen et al., Eyeriss, ISCA 2016 and JSSC 52(1), 2017",
      .buffer_holds_padding = true,
      .filters_stream = true,
      .pass_extent = &pass_extent,
      .cost = &cost,
      .accesses = &accesses,
      .totals = &totals,
      .tiles = &tiles,
      .cannot_run = &cannot_run};
}

}  // namespace ridgeline::dataflows
