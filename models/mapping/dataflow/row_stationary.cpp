#include "models/mapping/dataflow/row_stationary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/grouped.hpp"

namespace ridgeline::dataflows {
namespace {

using namespace rs;

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
  // As few sets on different channels as the register files allow: the others share the ifmap. They
  // lie below one another, as psums go up the columns.
  const int below = sets_below(array, R, P);
  const int r = std::min(below, ceil_div(tile.C, in_pe.q));
  const int q = std::min(in_pe.q, ceil_div(tile.C, r));
  const int t = std::min(below / r * sets_beside(array, P), tile.M);
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
  const int sets = sets_below(array, shape.R(), P);
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
      .weights_in_registers = true,
      .buffer_holds_padding = true,
      .filters_stream = true,
      .register_words =
          [](const PeArray& array) {
            return RegisterWords{.ifmap = array.ifmap_words_per_pe,
                                 .filter = array.filter_words_per_pe,
                                 .psum = array.psums_per_pe};
          },
      .pass_extent = &pass_extent,
      .cost = &rs::cost,
      .accesses = &rs::accesses,
      .totals = &rs::totals,
      .tiles = &tiles,
      .cannot_run = &cannot_run};
}

}  // namespace ridgeline::dataflows
