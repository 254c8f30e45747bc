#include "models/mapping/dataflow.hpp"
#include "models/mapping/dataflow/stationary_block.hpp"

/// ws (Kwon et al., DAC 2018): rows of PEs hold C, columns hold M, one weight a PE, R and S one tap
/// after another. One ofmap position enters a cycle; its ifmap words go along the rows, the sums go
/// down the columns and are added to psums in the global buffer.
namespace ridgeline::dataflows {
namespace {

PassExtent pass_extent(const PeArray& array, const ConvShape& /*shape*/, const TileExtent& tile) {
  return {.N = tile.N, .M = array.cols, .C = array.rows, .P = tile.P, .Q = tile.Q};
}

TileExtent tile_step(const PeArray& array) {
  return {.M = array.cols, .C = array.rows};
}

PassCost cost(const Architecture& arch, const ConvShape& /*shape*/, const Pass& pass,
              const ZeroWeights& /*zeros*/) {
  return stationary_block_cost(arch,
                               {.rows = pass.c.size(),
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

Dataflow weight_stationary() {
  return {
      .name = "ws",
      .stationary = "filter",
      .rows = "C",
      .cols = "M",
      .summary =
          "weights stay, R and S one tap after another; ifmap words broadcast along rows, "
          "psums go down the columns into the global buffer",
      .source = "Kwon et al., Co-Design of Deep Neural Nets and Neural Net Accelerators, DAC 2018",
      .weights_in_registers = true,
      .pass_extent = &pass_extent,
      .tile_step = &tile_step,
      .cost = &cost,
      .accesses = &accesses,
      .totals = &totals};
}

}  // namespace ridgeline::dataflows
