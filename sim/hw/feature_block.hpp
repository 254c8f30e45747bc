#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/hw/dram.hpp"
#include "sim/hw/job.hpp"

namespace ridgeline::sim {

/// A block of a stored tensor. Its words, outside the tensor, follow one another in order NCHW.
struct FeatureBlock {
  Range images, channels, rows, cols;
  [[nodiscard]] TensorShape extent() const {
    return {.N = images.size(), .C = channels.size(), .H = rows.size(), .W = cols.size()};
  }
  [[nodiscard]] std::int64_t words() const { return extent().elements(); }
};

/// What a tile reads of the ifmap; what it computes of the ofmap, and reads of the residual.
[[nodiscard]] FeatureBlock ifmap_block_of(const LoweredLayer& layer, const Tile& tile);
[[nodiscard]] FeatureBlock ofmap_block_of(const LoweredLayer& layer, const Tile& tile);

/// Address of the block's first word.
[[nodiscard]] std::int64_t address_of(const TensorPlace& place, const FeatureBlock& block);
[[nodiscard]] BlockTransfer transfer_of(const TensorPlace& place, const FeatureBlock& block);

enum class Direction { from_memory, to_memory };
/// Copies the runs of a transfer, whose first byte is memory[address], between memory and `words`.
void copy_runs(const BlockTransfer& block, std::span<std::byte> memory, std::size_t address,
               std::byte* words, Direction direction);

}  // namespace ridgeline::sim
