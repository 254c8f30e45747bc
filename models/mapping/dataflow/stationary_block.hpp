#pragma once

#include "models/cost/analytic/layer_passes.hpp"
#include "models/cost/pass_cost.hpp"

/// The array of ws, ws_gemm and is_gemm: a block of one operand stays in the PEs, a word each,
/// while vectors of the other go by.
///
/// The machine (sim/register_level/stationary_array.hpp has every register of it): a vector enters
/// as a whole once its words have crossed the port; row r takes its word r cycles later, so that it
/// meets the psum that comes down the column, one PE a cycle. On a systolic fabric the word goes on
/// along the row, one PE a cycle. At the foot of each column the sum is added to the psum in the
/// global buffer. The loads take the same way r cycles late, and so does the order to take over the
/// next block, given as a pass begins: from then on the shadow registers are free for the one
/// after.
namespace ridgeline::dataflows {

struct StationaryBlock {
  std::int64_t rows = 0, cols = 0;  ///< of the block, and PEs in use
  std::int64_t vectors = 0;         ///< that go by: `rows` words in, `cols` psums out each
  int load_words_per_cycle = 1;     ///< port of the stationary operand
  int vector_words_per_cycle = 1;   ///< port of the other one
  bool first = false;               ///< psums start at zero
  bool ends_tile = false;
};
[[nodiscard]] PassCost stationary_block_cost(const Architecture& arch,
                                             const StationaryBlock& block);
/// The operand that stays.
enum class Stays { filter, ifmap };
/// Accesses of a pass that loads `loaded` words of the operand that stays.
[[nodiscard]] PassAccesses stationary_block_accesses(Stays stays, const ConvShape& shape,
                                                     const Pass& pass, std::int64_t loaded);
/// All passes of a layer, which load `loaded` words of the operand that stays and compute for as
/// many cycles as vectors go by.
[[nodiscard]] LayerTotals stationary_block_totals(Stays stays, const LayerPasses& layer,
                                                  std::int64_t loaded, std::int64_t vectors);

}  // namespace ridgeline::dataflows
