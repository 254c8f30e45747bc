#include "models/cost/dram_cost.hpp"

namespace ridgeline {

DramBlock dram_block(const TensorShape& tensor, Precision precision, const TensorShape& block) {
  if (block.elements() == 0) return {};
  std::int64_t run = block.W;
  if (block.W == tensor.W) {
    run *= block.H;
    if (block.H == tensor.H) {
      run *= block.C;
      if (block.C == tensor.C) run *= block.N;
    }
  }
  return {.runs = block.elements() / run, .run_bytes = word_bytes(precision) * run};
}

DramBlock filter_block(const LoweredLayer& layer, Precision precision, const Tile& tile) {
  const ConvShape& shape = layer.shape;
  const std::int64_t filters = ofmap_channels(layer, tile).size();
  const Bytes one = word_bytes(precision) * (std::int64_t{tile.c.size()} * shape.R() * shape.S());
  if (tile.c.size() == shape.C_per_group()) return contiguous(one * filters);
  return {.runs = filters, .run_bytes = one};
}

Cycles bus_cycles(const Dram& dram, const DramBlock& block) {
  const std::int64_t bursts =
      block.runs * ceil_div(block.run_bytes.count(), std::int64_t{dram.burst_bytes});
  return Cycles(ceil_div(bursts * dram.burst_bytes, std::int64_t{dram.bytes_per_cycle}));
}

}  // namespace ridgeline
