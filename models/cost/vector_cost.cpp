#include "models/cost/vector_cost.hpp"

namespace ridgeline {

std::int64_t lane_operations_per_word(const LoweredLayer& layer) {
  switch (layer.kind) {
    case LayerKind::conv:
    case LayerKind::fully_connected:
      return layer.residual ? 2 : 1;
    case LayerKind::max_pool:
    case LayerKind::average_pool:
      return std::int64_t{layer.shape.R()} * layer.shape.S();
    case LayerKind::add:
      return 2;
    case LayerKind::copy:
      return 1;
    case LayerKind::lrn:
      return std::get<LrnOp>(layer.op).size + 2;
    case LayerKind::softmax:
      break;
  }
  return 3;
}

}  // namespace ridgeline
