#pragma once

#include "models/base/units.hpp"

namespace ridgeline {

/// Which of a layer's feature maps lie in the global buffer as a whole, from the layer that writes
/// them to the last one that reads them, so that nothing of them crosses the DRAM bus; and what all
/// the maps that lie there while the layer runs, its own and those of others, take away from its
/// tiles.
struct Residency {
  bool ifmap = false, residual = false, ofmap = false;
  Bytes kept{0};  ///< in whole banks
  bool operator==(const Residency&) const = default;
};

}  // namespace ridgeline
