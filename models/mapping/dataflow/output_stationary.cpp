#include <algorithm>

#include "models/mapping/dataflow.hpp"

/// os (Kwon et al., DAC 2018; Du et al., ShiDianNao, ISCA 2015): every PE owns one ofmap position
/// and psums for several M. Each cycle one weight is broadcast; ifmap words shift between
/// neighbours out of an ifmap block that is loaded channel by channel.
///
/// The machine (sim/register_level/window_array.hpp has every register of it): a PE keeps the
/// window of one channel twice, so that a channel's block comes in while the one before computes.
/// On a systolic fabric weights and ifmap words hop from PE to PE, and PE (p, q) does everything
/// p + q cycles late.
namespace ridgeline::dataflows {
namespace {

PassExtent pass_extent(const PeArray& array, const ConvShape& shape, const TileExtent& tile) {
  return {.M = array.psums_per_pe,
          .C = tile.C,
          .P = array.rows,
          .Q = array.cols,
          .R = shape.R(),
          .S = shape.S()};
}

TileExtent tile_step(const PeArray& array) {
  return {.M = array.psums_per_pe, .P = array.rows, .Q = array.cols};
}

/// Weights of the pass in channels `c` that the array multiplies by: all of them, or the non-zero
/// ones.
std::int64_t multiplied_weights(const PeArray& array, const ConvShape& shape, const Pass& pass,
                                Range c, const ZeroWeights& zeros) {
  const std::int64_t all = std::int64_t{pass.m.size()} * c.size() * pass.r.size() * pass.s.size();
  if (!array.skip_zero_weights || zeros.empty()) return all;
  const int first_filter = pass.g * shape.M_per_group();
  return all - zeros.count({first_filter + pass.m.begin, first_filter + pass.m.end}, c);
}

/// Cycles from the first weight to the last: each channel but the last takes as long as its weights
/// or as the block of the channel after it, whichever is longer.
std::int64_t channel_cycles(const PeArray& array, const ConvShape& shape, const Pass& pass,
                            const ZeroWeights& zeros, std::int64_t block_cycles) {
  const auto weights = [&](int c) {
    return multiplied_weights(array, shape, pass, {c, c + 1}, zeros);
  };
  const int last = pass.c.end - 1;
  if (zeros.empty() || !array.skip_zero_weights) {
    return (pass.c.size() - 1) * std::max(weights(last), block_cycles) + weights(last);
  }
  const int first_filter = pass.g * shape.M_per_group();
  const auto zeros_of_any =
      zeros.in_any_channel({first_filter + pass.m.begin, first_filter + pass.m.end});
  if (zeros_of_any) {  // All channels wait for weights, or all for blocks.
    const std::int64_t all = std::int64_t{pass.m.size()} * pass.r.size() * pass.s.size();
    if (all - zeros_of_any->most >= block_cycles)
      return multiplied_weights(array, shape, pass, pass.c, zeros);
    if (all - zeros_of_any->least <= block_cycles)
      return (pass.c.size() - 1) * block_cycles + weights(last);
  }
  std::int64_t cycles = weights(last);
  for (int c = pass.c.begin; c < last; ++c) cycles += std::max(weights(c), block_cycles);
  return cycles;
}

PassCost cost(const Architecture& arch, const ConvShape& shape, const Pass& pass,
              const ZeroWeights& zeros) {
  const GlobalBuffer& glb = arch.global_buffer;
  const std::int64_t block = std::int64_t{analytic::window_rows(shape).touched(pass.p).size()} *
                             analytic::window_cols(shape).touched(pass.q).size();
  const PeArray& array = arch.pe_array;
  const Range last_channel{pass.c.end - 1, pass.c.end};
  PassCost c;
  c.load = port_cycles(block, glb.ifmap_words_per_cycle);
  c.compute = Cycles(multiplied_weights(array, shape, pass, pass.c, zeros));
  // One weight a cycle: a filter port of any width keeps up.
  c.stream = Cycles(channel_cycles(array, shape, pass, zeros, c.load.count()));
  // A window is free for the next pass's first block once the last channel begins.
  c.load_port = c.stream - Cycles(multiplied_weights(array, shape, pass, last_channel, zeros));
  if (array.fabric == Fabric::systolic) {
    c.fill_drain = array.shorten_edge_passes ? Cycles(pass.p.size() + pass.q.size() - 2)
                                             : Cycles(array.rows + array.cols - 2);
  }
  if (pass.last) {
    c.fill_drain += port_cycles(pass.positions() * pass.m.size(), glb.psum_out_words_per_cycle);
  }
  return c;
}

PassAccesses accesses(const Architecture& arch, const ConvShape& shape, const Pass& pass,
                      const ZeroWeights& zeros) {
  const std::int64_t T = pass.positions();
  const std::int64_t weights = multiplied_weights(arch.pe_array, shape, pass, pass.c, zeros);
  const std::int64_t shifts = T * pass.c.size() * pass.r.size() * pass.s.size();
  const std::int64_t drained = pass.last ? T * pass.m.size() : 0;
  PassAccesses a;
  a.ports = {.ifmap = ifmap_block(shape, pass.p, pass.q).real_words() * pass.c.size(),
             .filter = weights,
             .psum_out = drained};
  a.counts.mac = T * weights;
  a.counts.rf_ifmap_read = T * weights;
  a.counts.rf_ifmap_write = a.counts.noc_ifmap = shifts;
  a.counts.rf_psum_read = T * weights + drained;
  a.counts.rf_psum_write = T * weights;
  a.counts.noc_filter = T * weights;  // the weight to every PE
  a.counts.noc_psum = drained;        // on their way out
  a.counts.glb_ifmap_read = a.ports.ifmap;
  a.counts.glb_filter_read = a.ports.filter;
  a.counts.glb_psum_write = a.ports.psum_out;
  return a;
}

LayerTotals totals(const LayerPasses& layer) {
  const ConvShape& shape = layer.shape;
  // Every block of filters has the windows of all channels shifted in anew.
  const std::int64_t channel_blocks = shape.C * layer.filter_blocks();
  const std::int64_t shifts = layer.positions() * channel_blocks * shape.R() * shape.S();
  LayerTotals a;
  a.ports = {.ifmap = shape.N * channel_blocks * layer.p().touched(analytic::window_rows(shape)) *
                      layer.q().touched(analytic::window_cols(shape)),
             .filter = layer.weights * layer.position_blocks(),
             .psum_out = layer.psums()};
  a.counts.mac = layer.macs();
  a.counts.rf_ifmap_read = a.counts.rf_psum_write = a.counts.noc_filter = layer.macs();
  a.counts.rf_ifmap_write = a.counts.noc_ifmap = shifts;
  a.counts.rf_psum_read = layer.macs() + layer.psums();
  a.counts.noc_psum = layer.psums();
  a.counts.glb_ifmap_read = a.ports.ifmap;
  a.counts.glb_filter_read = a.ports.filter;
  a.counts.glb_psum_write = a.ports.psum_out;
  a.compute = Cycles(a.ports.filter);
  return a;
}

}  // namespace

Dataflow output_stationary() {
  return {.name = "os",
          .stationary = "ofmap",
          .rows = "P",
          .cols = "Q",
          .summary =
              "each PE keeps the psums of one ofmap position for several M; weights broadcast, "
              "zero weights skipped, ifmap words shift between neighbours",
          .source = "Kwon et al., DAC 2018; Du et al., ShiDianNao, ISCA 2015",
          .psums_stay_in_pes = true,
          .skips_zero_weights = true,
          .edges_take_less = true,
          .register_words =
              [](const PeArray& array) { return RegisterWords{.psum = array.psums_per_pe}; },
          .pass_extent = &pass_extent,
          .tile_step = &tile_step,
          .cost = &cost,
          .accesses = &accesses,
          .totals = &totals};
}

}  // namespace ridgeline::dataflows
