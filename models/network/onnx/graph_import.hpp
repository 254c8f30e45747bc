#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "models/base/error.hpp"
#include "models/network/onnx/activation.hpp"
#include "models/network/onnx/constant.hpp"
#include "models/network/trained_network.hpp"

namespace ridgeline::onnx_import {

/// The operators cannot be run with the input read as it was; another reading may do.
class LayoutError : public InputError {
 public:
  using InputError::InputError;
};

/// What DynamicQuantizeLinear makes beside the words of `array`: its scale times `factor`, or, if
/// `is_zero`, its zero point.
struct DynamicNumber {
  std::string array{};
  std::vector<float> factor{1.0F};  ///< one number, or one an output channel
  bool is_zero = false;
};

using Value = std::variant<Activation, std::shared_ptr<const Constant>, DynamicNumber>;

/// How the graph's input lies in the network's: dimension i of the array is dimension order[i] of a
/// dense array of extents `dims`, which the network sees as `shape`.
struct InputReading {
  TensorShape shape{};
  Layout layout{};
};

/// What an import knows while it walks the graph.
struct GraphImport {
  const std::string& file;
  std::int64_t opset;
  NetworkBuilder builder;
  std::vector<NodeWeights> weights{{}};  ///< by NodeId
  std::unordered_map<std::string, Value> values{};
  std::unordered_map<std::string, const onnx::TensorProto*> initialisers{};
  std::unordered_map<std::string, int> readers{};  ///< of a value: edges and graph outputs
  /// For a convolution or fully connected layer: the value that is its result and nothing else.
  std::unordered_map<std::string, NodeId> results{};
  std::unordered_set<NodeId> late_biases{};        ///< nodes that an Add behind them gave a bias
  std::unordered_set<NodeId> separate{};           ///< clamps that turned out to requantise
  std::unordered_map<NodeId, std::string> made{};  ///< the value that a node is the result of
  std::unordered_map<std::string, const onnx::NodeProto*> reader{};  ///< a node that reads a value
  std::unordered_set<std::string> names{};
};

/// A name for a node that no other has: `wish` if that is free.
[[nodiscard]] std::string free_name(GraphImport& graph, std::string wish);

}  // namespace ridgeline::onnx_import
