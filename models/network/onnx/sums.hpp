#pragma once

#include <string>
#include <vector>

#include "models/network/onnx/node_import.hpp"

/// Operators that take several arrays, for their variants on real numbers and on words.
namespace ridgeline::onnx_import {

/// a + b, of one shape. `part` is appended to the name of the layer.
[[nodiscard]] Activation sum_of(NodeImport& node, const Activation& a, const Activation& b,
                                std::string part);
/// The arrays one behind another along the axis that the node says, which must be the channels.
/// If all are words of one quantisation, so is the result.
[[nodiscard]] Activation joined(NodeImport& node, const std::vector<Activation>& arrays);

}  // namespace ridgeline::onnx_import
