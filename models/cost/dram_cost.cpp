#include "models/cost/dram_cost.hpp"

#include <algorithm>
#include <cmath>

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

double run_length_ratio(double zero_fraction, Precision precision) {
  constexpr double kRunBits = 5;
  constexpr double kPairs = 3;
  const double word = 8.0 * static_cast<double>(word_bytes(precision).count());
  const double code = kPairs * (kRunBits + word) + 1;
  return std::min(1.0, (1 - zero_fraction) * code / (kPairs * word));
}

DramBlock coded(DramBlock block, double ratio) {
  if (ratio >= 1) return block;
  const double bytes = static_cast<double>(block.run_bytes.count()) * ratio;
  block.run_bytes = Bytes(static_cast<std::int64_t>(std::ceil(bytes)));
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
  return Cycles(static_cast<std::int64_t>(
      std::ceil(static_cast<double>(bursts * dram.burst_bytes) / dram.bytes_per_cycle)));
}

}  // namespace ridgeline
