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
/// group starts at a whole vector of kernel::kLanes lanes.
struct PsumLayout {
  int groups = 1, M = 1;  ///< of the tile; M per group

  [[nodiscard]] int vecs() const { return ceil_div(M, kernel::kLanes); }  ///< of a group
  [[nodiscard]] int lanes() const { return groups * vecs() * kernel::kLanes; }
  /// First lane of group `g`, counted within the tile.
  [[nodiscard]] int lane_of_group(int g) const { return g * vecs() * kernel::kLanes; }
};

[[nodiscard]] PsumLayout psum_layout(const Tile& tile);
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
  /// Runs passes joined by JoinedPasses, image by image; one that is marked first starts its psums
  /// at zero. It takes the tile's m and c whole: packed operands cannot be cut inside a vector of
  /// filters or a pair of channels.
  /// @throws std::logic_error for one that does not: passes of the tile are missing.
  void run_pass(const Pass& pass, const Tile& tile, int ifmap_half, int filter_half,
                std::span<std::byte> psums) const;

 private:
  struct PackedIfmap {
    int height = 0, width = 0;
    std::vector<std::int32_t> data;  // [image][group][C block][height][width][element]
  };
  /// How the channels of a tile are packed. Integers lie in one block. Blocks of fp32 are those of
  /// the passes, so that its sums keep the order of the passes, however they are joined.
  struct ChannelBlocks {
    int size = 1, count = 1, elements = 1;  ///< elements: in each block
  };
  [[nodiscard]] ChannelBlocks channel_blocks(const Tile& tile) const;
  /// Packs one block of channels of one group and image, whose words begin at `words`.
  void pack_block(const IfmapBlock& from, const std::byte* words, int channels, int elements,
                  std::int32_t* out) const;
  void run_block(const Pass& pass, const PositionBlock& positions, const Tile& tile, int ifmap_half,
                 int filter_half, std::span<std::byte> psums) const;

  ConvShape shape_;
  Precision precision_ = Precision::int8;
  PassExtent size_;
  OperandZeros zeros_;
  kernel::Functions functions_{};
  std::array<PackedIfmap, 2> ifmaps_;
  // [group][vec][C block][R][S][element][lane]
  std::array<std::vector<std::int32_t>, 2> filters_;
};

}  // namespace ridgeline
