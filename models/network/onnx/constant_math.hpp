#pragma once

#include <memory>

#include "models/network/onnx/node_import.hpp"

/// Arithmetic on constants that exporters leave in a file: PyTorch writes an int32 bias as
/// Cast(bias / (ifmap scale * filter scale)).
namespace ridgeline::onnx_import {

/// Constant input `i` as elements of type `to` (TensorProto's): float, int32 or int64. Fractions
/// are cut off. Fails for numbers that the type cannot hold.
[[nodiscard]] std::shared_ptr<const Constant> cast_constant(const NodeImport& node, std::size_t i,
                                                            std::int64_t to);

/// Add, Div, Mul or Sub, as the node is called, of inputs 0 and 1, both integer or both float
/// constants: element by element; one of them may be a single number. Integers are divided towards
/// zero. Fails for results that integers of 64 bits cannot hold, or that are not finite.
void combine_constants(NodeImport& node);

}  // namespace ridgeline::onnx_import
