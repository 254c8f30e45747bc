#include "models/mapping/dataflow.hpp"
#include "models/mapping/dataflow/ifmap_words.hpp"
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
  const std::int64_t T = pass.positions();
  const std::int64_t C = pass.c.size();
  const std::int64_t M = pass.m.size();
  PassAccesses a;
  a.ports = {.ifmap = real_ifmap_words(shape, pass),
             .filter = C * M,
             .psum_in = pass.first ? 0 : M * T,
             .psum_out = M * T};
  a.counts.mac = T * C * M;
  a.counts.rf_read = T * C * M;          // the weight
  a.counts.rf_write = C * M;             // the weight, loaded
  a.counts.noc = 2 * T * C * M + C * M;  // ifmap word along, psum down; the weight's way in
  a.counts.glb_read = a.ports.ifmap + a.ports.filter + a.ports.psum_in;
  a.counts.glb_write = a.ports.psum_out;
  return a;
}

LayerTotals totals(const LayerPasses& layer) {
  LayerTotals a;
  a.ports = {.ifmap = layer.ifmap_words() * layer.filter_blocks(),
             .filter = layer.weights * layer.position_blocks(),
             .psum_in = layer.psums() * (layer.chain() - 1),
             .psum_out = layer.psums() * layer.chain()};
  a.counts.mac = a.counts.rf_read = layer.macs();
  a.counts.rf_write = a.ports.filter;
  a.counts.noc = 2 * layer.macs() + a.ports.filter;
  a.counts.glb_read = a.ports.ifmap + a.ports.filter + a.ports.psum_in;
  a.counts.glb_write = a.ports.psum_out;
  a.compute = Cycles(layer.positions() * layer.shape.G * layer.filter_blocks() * layer.chain());
  return a;
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
      .pass_extent = &pass_extent,
      .tile_step = &tile_step,
      .cost = &cost,
      .accesses = &accesses,
      .totals = &totals};
}

}  // namespace ridgeline::dataflows
