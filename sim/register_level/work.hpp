#pragma once

#include <cstdint>
#include <vector>

#include "models/mapping/pass.hpp"
#include "models/network/shape.hpp"

/// What a pass brings to each kind of array: its operands, and where its psums go in the ofmap.
namespace ridgeline::sim::register_level {

/// A block of one operand stays, vectors of the other go by (ws, ws_gemm, is_gemm).
struct StationaryWork {
  int rows = 0, cols = 0, vectors = 0;
  std::vector<int> block{};          ///< [rows][cols], stays
  std::vector<int> words{};          ///< [vectors][rows], go by
  std::vector<std::size_t> ofmap{};  ///< [vectors][cols]
  int load_words_per_cycle = 1, vector_words_per_cycle = 1;
  bool first = false;
};

/// Every PE keeps one psum; a word a row and a word a column go by each cycle (os_gemm).
struct OutputWork {
  int rows = 0, cols = 0, depth = 0;
  std::vector<int> row_words{};      ///< [depth][rows]
  std::vector<int> col_words{};      ///< [depth][cols]
  std::vector<std::size_t> ofmap{};  ///< [rows][cols]
  bool first = false, last = false;
};

/// A weight on its way to every PE.
struct WeightWord {
  int value = 0, filter = 0, r = 0, s = 0;
};
/// An ifmap word on its way to the PEs whose window holds it.
struct IfmapWord {
  int value = 0, h = 0, w = 0;
};
/// Every PE owns an ofmap position and keeps psums for several filters (os).
struct WindowWork {
  Range p{}, q{};
  int filters = 0;
  Window window{};
  int H = 0, W = 0;
  std::vector<std::vector<WeightWord>> weights{};  ///< by channel, those that are multiplied
  std::vector<std::vector<IfmapWord>> blocks{};    ///< by channel, padding left out
  std::vector<std::size_t> ofmap{};                ///< [p][q][filters]
  bool last = false;
};

/// A word of a filter row, on its way to the PEs that slide it. All indices count in the pass.
struct RowFilterWord {
  int value = 0, filter = 0, channel = 0, r = 0, s = 0;
};
/// A word of an ifmap row, on its way to the PEs on the row's diagonal. Row 0 is the topmost that
/// the pass needs.
struct RowIfmapWord {
  int value = 0, channel = 0, row = 0;
};
/// A psum of filter `filter` and ofmap row `row`; its value is set when it is read.
struct RowPsumWord {
  std::int64_t value = 0;
  std::size_t ofmap = 0;
  int filter = 0, row = 0;
};
/// A column of the ofmap rows of an image: ifmap words that no column before brought, by tap,
/// channel and row, and psums by filter and row.
struct RowColumn {
  int new_taps = 0;
  std::vector<RowIfmapWord> words{};
  std::vector<RowPsumWord> psums{};
};
/// Every PE slides a filter row over an ifmap row (rs).
struct RowWork {
  int M = 0, C = 0, R = 0, S = 0, P = 0;  ///< of the pass
  PeSets sets{};
  int stride = 1, dilation = 1;  ///< from ofmap row to ofmap row, from filter row to filter row
  bool first = false;
  std::vector<RowFilterWord> filters{};
  std::vector<RowColumn> columns{};
};

}  // namespace ridgeline::sim::register_level
