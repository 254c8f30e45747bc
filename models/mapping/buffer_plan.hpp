#pragma once

#include <string>

#include "models/mapping/tile.hpp"

namespace ridgeline {

/// How a layer's tiles share the global buffer: the largest tile of each operand, and how many
/// halves of it are kept. An operand of which only one tile is ever loaded needs one half.
struct BufferPlan {
  struct Operand {
    Bytes tile{0};
    int halves = 1;
    Bytes held{0};  ///< what all halves take up, in whole banks
    [[nodiscard]] Bytes bytes() const { return tile * halves; }
  };
  Operand ifmap;
  Operand filter;    ///< with the channel records of its filters
  Operand residual;  ///< the other operand of an addition, as large as the ofmap tile
  Operand ofmap;     ///< psums while they grow, then, in their place, the ofmap tile
  Bytes kept{0};     ///< by feature maps that lie there as a whole (residency.hpp)

  Bytes global;         ///< what the global buffer must hold, in whole banks
  Bytes filter_buffer;  ///< what the filters' own buffer must hold, where there is one
  [[nodiscard]] bool fits(const GlobalBuffer& buffer) const {
    return global <= buffer.bytes && filter_buffer <= buffer.filter_bytes;
  }
};

/// A psum as the global buffer stores it.
[[nodiscard]] Bytes buffered_psum_bytes(const GlobalBuffer& buffer, Precision precision);

[[nodiscard]] BufferPlan buffer_plan(const Architecture& arch, const LoweredLayer& layer,
                                     const LayerPrecision& precision, const Mapping& mapping,
                                     const Residency& residency = {});

/// "needs 5,120 B of the global buffer (ifmap 2 x 1,024, filter 2 x ...), which has 4,096 B:
/// 1,024 B are missing".
[[nodiscard]] std::string shortage(const BufferPlan& plan, const GlobalBuffer& buffer);

}  // namespace ridgeline
