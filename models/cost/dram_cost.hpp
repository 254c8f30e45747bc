#pragma once

#include "models/arch/architecture.hpp"
#include "models/arch/precision.hpp"
#include "models/mapping/tile.hpp"

/// What one transfer costs on the DRAM bus. A transfer moves a block of images x channels x rows x
/// columns of a tensor, as contiguous runs; every run occupies the bus for whole bursts. Bytes
/// count what was asked for, so that compulsory traffic can be met exactly; bursts only cost time.
namespace ridgeline {

struct DramBlock {
  std::int64_t runs = 0;
  Bytes run_bytes{0};
  [[nodiscard]] Bytes bytes() const { return run_bytes * runs; }
};

/// Runs of a block of extent `block` of a tensor of `tensor` shape: rows merge when they are
/// whole, channels when all their rows are, images when all their channels are.
[[nodiscard]] DramBlock dram_block(const TensorShape& tensor, Precision precision,
                                   const TensorShape& block);
/// Length of a run-length coded feature map, as a part of the plain one. Three pairs of a run of
/// zeros (5 bits, up to 31) and the word after it share a code of 64 bits with one bit to spare
/// (Chen et al., Eyeriss, JSSC 52(1), 2017, section V-A, for 16-bit words); zeros lie scattered.
/// What would grow is stored plain.
[[nodiscard]] double run_length_ratio(double zero_fraction, Precision precision);
/// The block with each run coded in that part of its length, in whole bytes.
[[nodiscard]] DramBlock coded(DramBlock block, double ratio);
/// The filters of a tile: one run where it holds every C, else one for each filter.
[[nodiscard]] DramBlock filter_block(const LoweredLayer& layer, Precision precision,
                                     const Tile& tile);
/// A number of bytes in one run.
[[nodiscard]] inline DramBlock contiguous(Bytes bytes) {
  return {.runs = 1, .run_bytes = bytes};
}

/// Words that the block occupies in DRAM; the last one may be part of a coded run.
[[nodiscard]] inline std::int64_t dram_words(const DramBlock& block, Precision precision) {
  return ceil_div(block.bytes().count(), word_bytes(precision).count());
}

/// Cycles that the block occupies the bus.
[[nodiscard]] Cycles bus_cycles(const Dram& dram, const DramBlock& block);

}  // namespace ridgeline
