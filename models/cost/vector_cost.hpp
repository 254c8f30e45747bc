#pragma once

#include "models/arch/architecture.hpp"
#include "models/network/lowering.hpp"

/// What the vector unit spends on one output word. A lane does one operation a cycle: it takes in
/// one operand word and combines it.
namespace ridgeline {

/// Lane operations for an output word of the layer:
/// convolution 1 (bias, requantise, ReLU in one), a residual operand 1 more; pooling one for every
/// tap of the window; copy 1; addition 2; LRN its size plus 2 (power and product); softmax 3
/// (maximum, exponential and sum, quotient).
[[nodiscard]] std::int64_t lane_operations_per_word(const LoweredLayer& layer);

[[nodiscard]] inline Cycles vector_cycles(const VectorUnit& unit, std::int64_t lane_operations) {
  return Cycles(ceil_div(lane_operations, std::int64_t{unit.lanes}));
}

}  // namespace ridgeline
