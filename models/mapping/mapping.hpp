#pragma once

#include <string>

#include "models/arch/architecture.hpp"
#include "models/arch/precision.hpp"
#include "models/base/units.hpp"
#include "models/mapping/residency.hpp"
#include "models/network/lowering.hpp"

/// A mapping: how one layer is cut into tiles and passes, and in which order they run.
namespace ridgeline {

struct Dataflow;  // dataflow.hpp

/// Extents of a tile. G > 1 only with every M and C of those groups in the tile. C and M count
/// within a group. The last tile of each dimension may be smaller. Layers of the vector unit take
/// one image at a time.
struct TileExtent {
  int N = 1, G = 1, M = 1, C = 1, P = 1, Q = 1;
  bool operator==(const TileExtent&) const = default;
};

/// Order of the tile loops around C, which is always innermost so that psums never leave the chip.
enum class TileOrder {
  filter_outer,  ///< G M N P Q: a filter tile stays while the ofmap is walked
  ifmap_outer    ///< G N P Q M: an ifmap tile stays while the filters are walked
};

struct Mapping {
  const Dataflow* dataflow = nullptr;  ///< null for layers of the vector unit
  TileExtent tile;
  TileOrder order = TileOrder::filter_outer;
  bool operator==(const Mapping&) const = default;
};

/// The mapping of one layer of a network, by its name.
struct LayerMapping {
  std::string layer{};
  Mapping mapping{};
  bool operator==(const LayerMapping&) const = default;
};

}  // namespace ridgeline
