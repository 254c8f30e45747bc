#pragma once

#include <onnx.pb.h>

#include <string>
#include <vector>

namespace ridgeline::onnx_import {

/// "node 'conv1' (Conv)"; a node without a name is called by its first output.
[[nodiscard]] std::string place_of(const onnx::NodeProto& node);

/// The nodes that the graph's outputs depend on, by index, each after those whose values it reads;
/// otherwise in the file's order.
/// @throws InputError for a value that two nodes make, one that is read and never made, a cycle.
[[nodiscard]] std::vector<int> order_of_execution(const onnx::GraphProto& graph,
                                                  const std::string& file);

}  // namespace ridgeline::onnx_import
