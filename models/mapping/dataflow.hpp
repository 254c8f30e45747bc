#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/cost/analytic/layer_passes.hpp"
#include "models/cost/pass_cost.hpp"
#include "models/cost/zero_weights.hpp"

/// A dataflow says which operand stays in the PEs and which loops unroll over rows and columns.
/// Each is a value in a table: one file in dataflow/, one line in dataflow.cpp. Mapping, search,
/// analytic engine and simulation know a dataflow only by what stands here.
namespace ridgeline {

/// Words of the register file in one PE.
struct RegisterWords {
  int ifmap = 1, filter = 1, psum = 1;
};

struct Dataflow {
  std::string name;
  std::string stationary;  ///< the operand that stays
  std::string rows, cols;  ///< loops unrolled over the rows and columns of the array
  std::string summary;
  std::string source;  ///< the paper that it comes from

  /// Psums stay in the PEs from one C tile to the next, so that a tile which does not hold every C
  /// must be a single pass.
  bool psums_stay_in_pes = false;
  /// Zero weights can be skipped, on an array that does.
  bool skips_zero_weights = false;
  /// A MAC reads its weight out of the PE's register file, and not if it is gated.
  bool weights_in_registers = false;
  /// A pass takes less time where its windows hang over the edge of the ifmap.
  bool edges_take_less = false;
  /// Ifmap rows lie in the buffer with their padding.
  bool buffer_holds_padding = false;
  /// Filters pass through the buffer to the PEs as they come: it holds those of one pass.
  bool filters_stream = false;
  /// What it uses of the register file; null: one word of each operand. A second one for preloading
  /// is not counted.
  RegisterWords (*register_words)(const PeArray& array) = nullptr;

  /// How much of each dimension one pass takes in tiles of this extent; passes at the edge of a
  /// smaller tile take what there is.
  PassExtent (*pass_extent)(const PeArray& array, const ConvShape& shape, const TileExtent& tile);
  /// What the array takes at once of M, C, P, Q: the search cuts tiles in whole steps. Null where
  /// the dataflow proposes its tiles itself.
  TileExtent (*tile_step)(const PeArray& array) = nullptr;
  PassCost (*cost)(const Architecture& arch, const ConvShape& shape, const Pass& pass,
                   const ZeroWeights& zeros);
  PassAccesses (*accesses)(const Architecture& arch, const ConvShape& shape, const Pass& pass,
                           const ZeroWeights& zeros);
  /// Accesses and computing time of all passes of a layer, worked out for the layer as a whole.
  LayerTotals (*totals)(const LayerPasses& layer);
  /// Tile extents that the search tries, with M the most filters of each; null where it cuts them
  /// by tile_step.
  std::vector<TileExtent> (*tiles)(const Architecture& arch, const LoweredLayer& layer,
                                   Precision precision) = nullptr;
  /// Why a tile cannot run although it fits the buffer; empty if it can. The tiles that the search
  /// tries all can. Null: any can.
  std::string (*cannot_run)(const Architecture& arch, const LoweredLayer& layer,
                            Precision precision, const TileExtent& tile) = nullptr;
};

/// Every dataflow, in the order in which `auto` prefers them when they cost the same.
[[nodiscard]] const std::vector<Dataflow>& all_dataflows();
/// The dataflow called `name`, or null.
[[nodiscard]] const Dataflow* find_dataflow(std::string_view name);

namespace dataflows {
[[nodiscard]] Dataflow weight_stationary();
[[nodiscard]] Dataflow output_stationary();
[[nodiscard]] Dataflow row_stationary();
[[nodiscard]] Dataflow weight_stationary_gemm();
[[nodiscard]] Dataflow output_stationary_gemm();
[[nodiscard]] Dataflow input_stationary_gemm();
}  // namespace dataflows

}  // namespace ridgeline
