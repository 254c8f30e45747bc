#include "models/mapping/dataflow.hpp"
#include "models/mapping/dataflow/stationary_block.hpp"

/// is_gemm (Samajdar et al., SCALE-Sim, ISPASS 2020): the convolution as a matrix product. Rows of
/// PEs hold C R S flattened, columns hold P Q flattened, one word of the lowered ifmap a PE; the
/// filters stream by. A pass is one fold.
namespace ridgeline::dataflows {
namespace {

PassExtent pass_extent(const PeArray& array, const ConvShape& shape, const TileExtent& tile) {
  return {.M = tile.M,
          .C = tile.C,
          .P = tile.P,
          .Q = tile.Q,
          .R = shape.R(),
          .S = shape.S(),
          .K = array.rows,
          .X = array.cols};
}

/// C in multiples of the rows, so that C R S is one as well.
TileExtent tile_step(const PeArray& array) {
  return {.C = array.rows, .Q = array.cols};
}

PassCost cost(const Architecture& arch, const ConvShape& /*shape*/, const Pass& pass,
              const ZeroWeights& /*zeros*/) {
  return stationary_block_cost(arch,
                               {.rows = pass.depth(),
                                .cols = pass.positions(),
                                .vectors = pass.m.size(),
                                .load_words_per_cycle = arch.global_buffer.ifmap_words_per_cycle,
                                .vector_words_per_cycle = arch.global_buffer.filter_words_per_cycle,
                                .first = pass.first,
                                .ends_tile = pass.ends_tile});
}

PassAccesses accesses(const Architecture& /*arch*/, const ConvShape& shape, const Pass& pass,
                      const ZeroWeights& /*zeros*/) {
  // Padding is loaded as a zero.
  return stationary_block_accesses(Stays::ifmap, shape, pass, pass.positions() * pass.depth());
}

LayerTotals totals(const LayerPasses& layer) {
  // Every block of filters has every ifmap word loaded, or its zero where it is padding.
  const ConvShape& shape = layer.shape;
  const std::int64_t loaded =
      layer.positions() * shape.C * shape.R() * shape.S() * layer.filter_blocks();
  return stationary_block_totals(Stays::ifmap, layer, loaded,
                                 shape.M * layer.position_blocks() * layer.chain());
}

}  // namespace

Dataflow input_stationary_gemm() {
  return {.name = "is_gemm",
          .stationary = "ifmap",
          .rows = "C*R*S",
          .cols = "P*Q",
          .summary =
              "the convolution as a matrix product: ifmap words stay, filters stream by, psums go "
              "down the columns into the global buffer",
          .source = "Samajdar et al., SCALE-Sim, ISPASS 2020",
          .pass_extent = &pass_extent,
          .tile_step = &tile_step,
          .cost = &cost,
          .accesses = &accesses,
          .totals = &totals};
}

}  // namespace ridgeline::dataflows
