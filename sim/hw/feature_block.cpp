#include "sim/hw/feature_block.hpp"

#include <cassert>
#include <cstring>
#include <utility>

namespace ridgeline::sim {

FeatureBlock ifmap_block_of(const LoweredLayer& layer, const Tile& tile) {
  const IfmapBlock block = ifmap_block(layer.shape, tile.p, tile.q);
  return {tile.n, ifmap_channels(layer, tile), block.rows, block.cols};
}

FeatureBlock ofmap_block_of(const LoweredLayer& layer, const Tile& tile) {
  return {tile.n, ofmap_channels(layer, tile), tile.p, tile.q};
}

std::int64_t address_of(const TensorPlace& place, const FeatureBlock& block) {
  const std::int64_t channel = std::int64_t{block.images.begin} * place.stored.C +
                               place.channel_offset + block.channels.begin;
  const std::int64_t row = channel * place.stored.H + block.rows.begin;
  return place.address +
         word_bytes(place.precision).count() * (row * place.stored.W + block.cols.begin);
}

BlockTransfer transfer_of(const TensorPlace& place, const FeatureBlock& block) {
  const std::int64_t word = word_bytes(place.precision).count();
  BlockTransfer transfer;
  transfer.images = block.images.size();
  transfer.planes = block.channels.size();
  transfer.rows = block.rows.size();
  transfer.row_bytes = word * block.cols.size();
  transfer.row_stride = word * place.stored.W;
  transfer.plane_stride = transfer.row_stride * place.stored.H;
  transfer.image_stride = transfer.plane_stride * place.stored.C;
  transfer.cost =
      coded(dram_block(place.stored, place.precision, block.extent()), place.coded_ratio);
  return transfer;
}

void copy_runs(const BlockTransfer& block, std::span<std::byte> memory, std::size_t address,
               std::byte* words, Direction direction) {
  // Rows that follow one another in memory, and then planes, are one run.
  std::int64_t run = block.row_bytes, rows = block.rows, planes = block.planes;
  if (rows == 1 || block.row_stride == run) run *= std::exchange(rows, 1);
  if (rows == 1 && (planes == 1 || block.plane_stride == run)) run *= std::exchange(planes, 1);
  const auto bytes = static_cast<std::size_t>(run);
  for (std::int64_t plane = 0; plane < block.images * planes; ++plane) {
    const std::int64_t from =
        plane / planes * block.image_stride + plane % planes * block.plane_stride;
    for (std::int64_t row = 0; row < rows; ++row) {
      const std::size_t at = address + static_cast<std::size_t>(from + row * block.row_stride);
      assert(at + bytes <= memory.size());
      if (direction == Direction::from_memory) {
        std::memcpy(words, memory.data() + at, bytes);
      } else {
        std::memcpy(memory.data() + at, words, bytes);
      }
      words += bytes;
    }
  }
}

}  // namespace ridgeline::sim
