#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/mapping/pass.hpp"
#include "models/numeric/kernel/kernel.hpp"
#include "models/numeric/operand_zeros.hpp"

/// What the PE array computes: the words of a tile, as the global buffer holds them, become packed
/// operands (the PEs' registers), and each pass adds its products to the psums of the tile.
///
/// Buffer layouts: ifmap tile [image][channel][row][column], as IfmapBlock says; filter
/// tile [m][c][r][s] of the tile's m and c, all groups of the tile one after another; psum tile
/// [position][lane], see PsumLayout.
namespace ridgeline {

/// Where the psum of an output channel of the tile stands among the lanes of a position. Every
/// M block of a pass starts at a whole vector of kernel::kLanes lanes.
struct PsumLayout {
  int groups = 1, M = 1, block = 1;  ///< of the tile; M per group, cut into blocks

  [[nodiscard]] int blocks() const { return ceil_div(M, block); }
  [[nodiscard]] int vecs_per_block() const { return ceil_div(std::min(block, M), kernel::kLanes); }
  [[nodiscard]] int lanes() const { return groups * blocks() * vecs_per_block() * kernel::kLanes; }
  /// First lane of block `index` of group `g` (counted within the tile).
  [[nodiscard]] int lane_of_block(int g, int index) const {
    return (g * blocks() + index) * vecs_per_block() * kernel::kLanes;
  }
};

[[nodiscard]] PsumLayout psum_layout(const PassExtent& pass, const Tile& tile);
/// Bytes of the psum tile as the simulator stores it, lanes padded.
[[nodiscard]] std::size_t stored_psum_bytes(const PsumLayout& layout, const Tile& tile,
                                            Precision precision);

class TileDatapath {
 public:
  /// Starts a layer: nothing is packed. Packing subtracts `zeros`, whose filters must outlive the
  /// layer.
  void start_layer(const ConvShape& shape, Precision precision, const PassExtent& size,
                   const OperandZeros& zeros);
  /// Packs a tile's operand that has just arrived in half `half` of the buffer.
  void take_ifmap(int half, std::span<const std::byte> words, const Tile& tile);
  void take_filters(int half, std::span<const std::byte> words, const Tile& tile);
  /// Runs one pass, image by image; one that is marked first starts its psums at zero. It takes its
  /// c x r x s box whole: packed operands cannot be cut inside a pair of channels (PassMerger joins
  /// the parts).
  void run_pass(const Pass& pass, const Tile& tile, int ifmap_half, int filter_half,
                std::span<std::byte> psums) const;

 private:
  struct PackedIfmap {
    int height = 0, width = 0, block = 1, blocks = 1, elements_per_block = 1;
    std::vector<std::int32_t> data;  // [image][group][block][element][height][width]
  };
  struct PackedFilters {
    int elements_per_block = 1;
    std::vector<std::int32_t> data;  // [group][M block][C block][vec][element][R][S][lane]
  };
  /// Packed elements that hold `channels`: a pair each for integers, one each for fp32.
  [[nodiscard]] int elements_of(int channels) const;
  template <class T>
  void pack_filters(PackedFilters& packed, const T* words, const Tile& tile) const;
  void run_block(const Pass& pass, const PositionBlock& positions, const Tile& tile, int ifmap_half,
                 int filter_half, std::span<std::byte> psums) const;

  ConvShape shape_;
  Precision precision_ = Precision::int8;
  PassExtent size_;
  OperandZeros zeros_;
  kernel::Functions functions_{};
  std::array<PackedIfmap, 2> ifmaps_;
  std::array<PackedFilters, 2> filters_;
};

}  // namespace ridgeline
