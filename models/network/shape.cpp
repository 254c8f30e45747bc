#include "models/network/shape.hpp"

#include <fmt/format.h>

namespace ridgeline {

std::string extents_text(const TensorShape& shape) {
  return fmt::format("{}x{}x{}x{}", shape.N, shape.C, shape.H, shape.W);
}

}  // namespace ridgeline
