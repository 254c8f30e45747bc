#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/units.hpp"
#include "models/mapping/tile.hpp"

/// What every unit of the machine, and every half of its buffer, did when: slices of time on
/// tracks, at the grain of tiles. An engine records them if it is asked to; reports draw them.
namespace ridgeline {

enum class Track {
  load_dma,
  dram_bus,
  pe_array,  ///< the layers' timeline: of the array, or of the vector unit in layers of its own
  vector_unit,
  store_dma,
  // Halves 0 and 1 of a layer's operand; 2 and 3 are those of every second layer, whose first
  // tiles may come while the layer before still has its own.
  ifmap_0,
  ifmap_1,
  ifmap_2,
  ifmap_3,
  filter_0,
  filter_1,
  filter_2,
  filter_3,
  residual_0,
  residual_1,
  residual_2,
  residual_3,
  psum_0,
  psum_1,
  psum_2,
  psum_3
};
inline constexpr std::size_t kTracks = 21;
/// Every track, in the order in which they are shown.
[[nodiscard]] std::array<Track, kTracks> all_tracks();
/// "load_dma", "ifmap_0", ...
[[nodiscard]] std::string_view track_name(Track track);
/// The tracks of buffer halves show words at rest, the others units at work.
[[nodiscard]] bool is_buffer_half(Track track);

/// One thing that lasted from `begin` to `end` (a half-open range of cycles, never empty, counted
/// from the start of the run).
///
/// On the track of the array, slices nest: a layer (depth 0) consists of its tiles (1) and a tail
/// in which the last results leave, and each of those of one slice a category of CycleBreakdown
/// (2), so that the categories of a layer add up to its report. A tile's categories are merged and
/// stand in a fixed order: waiting, then the passes. All other tracks are flat.
///
/// A half of the buffer is taken up from the moment its last word has arrived (a psum half: when
/// its first pass may begin) until it is given back.
struct TraceSlice {
  Track track = Track::load_dma;
  std::string what;  ///< "layer", "tile", a category; on the bus, what is carried: "ifmap", ...
  int depth = 0;
  std::size_t layer = 0;      ///< index in Trace::layers
  std::optional<int> tile{};  ///< index in TraceLayer::tiles; none for what no tile is charged with
  Cycles begin, end;
  std::int64_t words = 0;  ///< moved or produced; 0 where that is not the point
  bool operator==(const TraceSlice&) const = default;
};

struct TraceLayer {
  std::string name;
  std::vector<Tile> tiles;
};

/// The slices of a run, by track, then time, then depth: a slice follows the one that contains it.
struct Trace {
  std::vector<TraceLayer> layers{};
  std::vector<TraceSlice> slices{};
  [[nodiscard]] bool empty() const { return slices.empty(); }
  [[nodiscard]] Cycles end() const;
};

/// Brings the slices into the order that Trace promises and counts time from their earliest.
void arrange(Trace& trace);

}  // namespace ridgeline
