#pragma once

#include <vector>

#include "models/mapping/mapping.hpp"

/// Tiles: the unit of DMA and of double buffering. Ranges of m and c count within a group; a tile
/// of several groups holds every m and c of each. Layers of the vector unit use m for their
/// channels and leave c alone.
namespace ridgeline {

struct Tile {
  Range n{0, 1}, g{}, m{}, c{}, p{}, q{};
  bool first_c = true, last_c = true;  ///< of the tiles that add up to one ofmap tile
  /// Whether the tile brings its operand along, or finds it where the tile before left it; and
  /// whether the tile after brings a new one, so that this one's half becomes free.
  bool load_ifmap = true, load_filter = true;
  bool release_ifmap = true, release_filter = true;
  bool operator==(const Tile&) const = default;
};

/// What a block of ofmap rows and columns needs of the ifmap.
struct IfmapBlock {
  Range rows, cols;               ///< inside the real ifmap
  int pad_top = 0, pad_left = 0;  ///< zeros in front of it
  int height = 0, width = 0;      ///< with all its padding, as the window slides over it
  [[nodiscard]] std::int64_t real_words() const { return std::int64_t{rows.size()} * cols.size(); }
};

/// Ifmap rows (or columns) that windows `out` touch, clipped to [0, extent).
[[nodiscard]] Range touched(Range out, int kernel, int stride, int dilation, int pad, int extent);
[[nodiscard]] IfmapBlock ifmap_block(const ConvShape& shape, Range p, Range q);

/// Channels of the tile in the whole ifmap and ofmap.
[[nodiscard]] Range ifmap_channels(const LoweredLayer& layer, const Tile& tile);
[[nodiscard]] Range ofmap_channels(const LoweredLayer& layer, const Tile& tile);

/// Number of tiles along each dimension.
struct TileCounts {
  int N = 1, G = 1, M = 1, C = 1, P = 1, Q = 1;
  [[nodiscard]] std::int64_t total() const { return ofmap_tiles() * C; }
  bool operator==(const TileCounts&) const = default;
  [[nodiscard]] std::int64_t ofmap_tiles() const { return std::int64_t{N} * G * M * P * Q; }
};

/// Extents that tiles divide: N, G, M/G, C/G, P, Q of a layer on the array; channels as M
/// otherwise.
[[nodiscard]] TileExtent iteration_space(const LoweredLayer& layer);
[[nodiscard]] TileCounts tile_counts(const LoweredLayer& layer, const TileExtent& tile);

/// How often each operand is brought from DRAM, in tile loads; closed form of what tiles_of does.
struct TileLoads {
  std::int64_t ifmap_repeats = 1;   ///< times that the whole set of ifmap tiles is loaded
  std::int64_t filter_repeats = 1;  ///< times that the whole set of filter tiles is loaded
  std::int64_t ifmap_tiles = 1;     ///< in one set
  std::int64_t filter_tiles = 1;
  TileCounts counts{};
  bool operator==(const TileLoads&) const = default;
};
[[nodiscard]] TileLoads tile_loads(const LoweredLayer& layer, const Mapping& mapping);
/// The same for tiles that have been counted.
[[nodiscard]] TileLoads tile_loads(const LoweredLayer& layer, const TileCounts& counts,
                                   TileOrder order);

/// Every tile of the layer in order of execution.
[[nodiscard]] std::vector<Tile> tiles_of(const LoweredLayer& layer, const Mapping& mapping);

}  // namespace ridgeline
