#include "models/mapping/dataflow/stationary_block.hpp"

#include <algorithm>

#include "models/mapping/dataflow/ifmap_words.hpp"

namespace ridgeline::dataflows {
namespace {

/// A broadcast fabric writes any PEs, as many a cycle as the port has words. On a systolic one a
/// column takes one word a cycle at its head.
Cycles load_cycles(const PeArray& array, const StationaryBlock& block) {
  const Cycles port = port_cycles(block.rows * block.cols, block.load_words_per_cycle);
  if (array.fabric == Fabric::broadcast) return port;
  return std::max(port, Cycles(array.shorten_edge_passes ? block.rows : array.rows));
}

/// Cycles from a vector's entry to its last sum at the foot of the array. Passes that follow one
/// another all use the whole depth: a sum that left a column half way could overtake one of the
/// pass before. So only passes that run alone are shortened.
Cycles pipeline_depth(const PeArray& array, const StationaryBlock& block) {
  const bool whole = array.preload || !array.shorten_edge_passes;
  const std::int64_t down = (whole ? array.rows : block.rows) - 1;
  const std::int64_t across = (whole ? array.cols : block.cols) - 1;
  return Cycles(array.fabric == Fabric::systolic ? down + across : down);
}

/// What MACs and loads of words that stay access, in the array and at the buffer's ports. A loaded
/// word's first MAC is new to its PE, all others have it from the MAC before.
AccessCounts block_counts(Stays stays, std::int64_t macs, std::int64_t loaded,
                          const PortWords& ports) {
  AccessCounts n{.mac = macs, .mac_reused = macs - loaded};
  if (stays == Stays::filter) {
    n.rf_filter_read = macs;
    n.rf_filter_write = n.noc_filter = loaded;
    n.noc_ifmap = macs;  // along the row
  } else {
    n.rf_ifmap_read = macs;
    n.rf_ifmap_write = n.noc_ifmap = loaded;
    n.noc_filter = macs;
  }
  n.noc_psum = macs;  // down the column
  n.glb_ifmap_read = ports.ifmap;
  n.glb_filter_read = ports.filter;
  n.glb_psum_read = ports.psum_in;
  n.glb_psum_write = ports.psum_out;
  return n;
}

}  // namespace

PassCost stationary_block_cost(const Architecture& arch, const StationaryBlock& block) {
  const GlobalBuffer& glb = arch.global_buffer;
  const std::int64_t psums = block.cols * block.vectors;
  PassCost c;
  c.load = load_cycles(arch.pe_array, block);
  c.compute = Cycles(block.vectors);
  // Words of neighbouring vectors share a cycle of the port. Vectors enter no faster than the
  // psum ports can take their sums, so the queues at the feet of the columns stay short; what is
  // still in them when the last sum arrives is written behind the array's back.
  c.stream =
      std::max({c.compute, port_cycles(block.rows * block.vectors, block.vector_words_per_cycle),
                port_cycles(psums, glb.psum_out_words_per_cycle)});
  if (!block.first) c.stream = std::max(c.stream, port_cycles(psums, glb.psum_in_words_per_cycle));
  if (block.ends_tile || !arch.pe_array.preload)
    c.fill_drain = pipeline_depth(arch.pe_array, block);
  return c;
}

PassAccesses stationary_block_accesses(Stays stays, const ConvShape& shape, const Pass& pass,
                                       std::int64_t loaded) {
  const std::int64_t psums = pass.positions() * pass.m.size();
  PassAccesses a;
  a.ports = {.ifmap = real_ifmap_words(shape, pass),
             .filter = pass.depth() * pass.m.size(),
             .psum_in = pass.first ? 0 : psums,
             .psum_out = psums};
  a.counts = block_counts(stays, pass.macs().count(), loaded, a.ports);
  return a;
}

LayerTotals stationary_block_totals(Stays stays, const LayerPasses& layer, std::int64_t loaded,
                                    std::int64_t vectors) {
  const std::int64_t chain = layer.chain();
  const PortWords ports{.ifmap = layer.ifmap_words() * layer.filter_blocks(),
                        .filter = layer.weights * layer.position_blocks(),
                        .psum_in = layer.psums() * (chain - 1),
                        .psum_out = layer.psums() * chain};
  return {.counts = block_counts(stays, layer.macs(), loaded, ports),
          .ports = ports,
          .compute = Cycles(vectors)};
}

}  // namespace ridgeline::dataflows
