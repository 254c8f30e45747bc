#pragma once

#include <cstdint>
#include <vector>

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

}  // namespace ridgeline::sim::register_level
