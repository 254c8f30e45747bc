#include "models/cost/dram_cost.hpp"

namespace ridgeline {

DramBlock dram_block(const TensorShape& tensor, Precision precision, int channels, int rows,
                     int cols) {
  DramBlock block{.runs = std::int64_t{channels} * rows,
                  .run_bytes = word_bytes(precision) * std::int64_t{cols}};
  if (block.runs == 0 || cols == 0) return {};
  if (cols == tensor.W) {
    block = {.runs = channels, .run_bytes = block.run_bytes * rows};
    if (rows == tensor.H) block = {.runs = 1, .run_bytes = block.run_bytes * channels};
  }
  return block;
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
