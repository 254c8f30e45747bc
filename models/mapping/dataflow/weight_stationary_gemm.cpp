#include "models/mapping/dataflow.hpp"
#include "models/mapping/dataflow/stationary_block.hpp"

/// ws_gemm (Jouppi et al., ISCA 2017; Samajdar et al., SCALE-Sim, ISPASS 2020): the convolution as
/// a matrix product. Rows of PEs hold C R S flattened, columns hold M, one weight a PE; all ofmap
/// positions stream by. A pass is one fold.
namespace ridgeline::dataflows {
namespace {

PassExtent pass_extent(const PeArray& array, const ConvShape& shape, const TileExtent& tile) {
  return {.M = array.cols,
          .C = tile.C,
          .P = tile.P,
          .Q = tile.Q,
          .R = shape.R(),
          .S = shape.S(),
          .K = array.rows};
}

/// C in multiples of the rows, so that C R S is one as well.
TileExtent tile_step(const PeArray& array) {
  return {.M = array.cols, .C = array.rows};
}

PassCost cost(const Architecture& arch, const ConvShape& /*shape*/, const Pass& pass,
              const ZeroWeights& /*zeros*/) {
  return stationary_block_cost(arch,
                               {.rows = pass.depth(),
                                .cols = pass.m.size(),
                                .vectors = pass.positions(),
                                .load_words_per_cycle = arch.global_buffer.filter_words_per_cycle,
                                .vector_words_per_cycle = arch.global_buffer.ifmap_words_per_cycle,
                                .first = pass.first,
                                .ends_tile = pass.ends_tile});
}

PassAccesses accesses(const Architecture& /*arch*/, const ConvShape& shape, const Pass& pass,
                      const ZeroWeights& /*zeros*/) {
  return stationary_block_accesses(Stays::filter, shape, pass, pass.depth() * pass.m.size());
}

LayerTotals totals(const LayerPasses& layer) {
  return stationary_block_totals(
      Stays::filter, layer, layer.weights * layer.position_blocks(),
      layer.positions() * layer.shape.G * layer.filter_blocks() * layer.chain());
}

}  // namespace

Dataflow weight_stationary_gemm() {
  return {.name = "ws_gemm",
          .stationary = "filter",
          .rows = "C*R*S",
          .cols = "M",
          .summary =
              "the convolution as a matrix product: weights stay, ofmap positions stream by, psums "
              "go down the columns into the global buffer",
          .source = "Jouppi et al., TPU, ISCA 2017; Samajdar et al., SCALE-Sim, ISPASS 2020",
          .weights_in_registers = true,
          .pass_extent = &pass_extent,
          .tile_step = &tile_step,
          .cost = &cost,
          .accesses = &accesses,
          .totals = &totals};
}

}  // namespace ridgeline::dataflows
