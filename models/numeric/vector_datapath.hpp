#pragma once

#include <cstddef>
#include <span>

#include "models/mapping/tile.hpp"
#include "models/numeric/tile_datapath.hpp"
#include "models/numeric/workload.hpp"

/// What the vector unit computes on a tile, from and to words as the global buffer holds them.
/// Ofmap and residual tiles are [image][channel][p][q].
namespace ridgeline {

/// A tile and the words that the unit reads and writes for it.
struct VectorTile {
  const LoweredLayer& layer;
  const LayerParameters& parameters;  ///< scales only; filters and biases come from `records`
  LayerPrecision precision;
  const Tile& tile;
  std::span<const std::byte> input;     ///< ifmap tile; empty behind the array
  std::span<const std::byte> residual;  ///< or empty
  std::span<std::byte> output;
};

/// Behind the array: bias, requantisation, ReLU, residual addition. `records` holds one channel
/// record for each output channel of the tile: the bias, as wide as a psum, then for integers the
/// packed FixedPoint.
/// Words that are int16 beside int8 ones are computed in wide ones.
void postprocess_tile(const VectorTile& io, const PsumLayout& layout,
                      std::span<const std::byte> psums, std::span<const std::byte> records);

/// A layer of the vector unit's own: pooling, addition, copy, LRN, softmax.
void compute_vector_tile(const VectorTile& io);

/// Channel records of a layer, as they lie in DRAM.
void write_channel_records(const LayerParameters& parameters, Precision precision,
                           std::span<std::byte> out);

}  // namespace ridgeline
