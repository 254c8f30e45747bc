#pragma once

#include <onnx.pb.h>

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/network/onnx/graph_import.hpp"

namespace ridgeline::onnx_import {

/// One node of the graph as its operator's importer sees it. Everything throws InputError naming
/// the node.
class NodeImport {
 public:
  NodeImport(GraphImport& graph, const onnx::NodeProto& node) : graph_(graph), node_(node) {}

  [[noreturn]] void fail(std::string what, std::string allowed = "") const;
  /// The same, if another reading of the graph's input may help.
  [[noreturn]] void fail_layout(std::string what) const;
  [[nodiscard]] std::int64_t opset() const { return graph_.opset; }
  [[nodiscard]] const onnx::NodeProto& proto() const { return node_; }

  // Attributes (attributes.cpp).
  [[nodiscard]] bool has(std::string_view attribute) const;
  [[nodiscard]] std::int64_t integer(std::string_view attribute, std::int64_t fallback) const;
  [[nodiscard]] float real(std::string_view attribute, float fallback) const;
  [[nodiscard]] std::string text(std::string_view attribute, std::string fallback) const;
  [[nodiscard]] std::vector<std::int64_t> integers(std::string_view attribute) const;
  [[nodiscard]] const onnx::AttributeProto* attribute(std::string_view name) const;
  [[nodiscard]] Constant tensor(std::string_view attribute) const;  ///< of one that is there
  /// Refuses attributes that are not among `known`.
  void check_attributes(std::span<const std::string_view> known) const;

  // Inputs and outputs.
  [[nodiscard]] std::size_t inputs() const { return static_cast<std::size_t>(node_.input_size()); }
  [[nodiscard]] bool has_input(std::size_t i) const;
  [[nodiscard]] bool is_constant(std::size_t i) const;
  [[nodiscard]] const Constant& constant(std::size_t i) const;
  [[nodiscard]] const std::vector<float>& floats(std::size_t i) const;
  [[nodiscard]] const std::vector<std::int64_t>& integers_of(std::size_t i) const;
  /// Ints that are an attribute up to some opset and input `i` behind it; empty if neither is
  /// there.
  [[nodiscard]] std::vector<std::int64_t> integers_at(std::string_view attribute,
                                                      std::size_t i) const;
  /// With the zeros of a Pad behind it become a layer of their own.
  [[nodiscard]] Activation activation(std::size_t i);
  [[nodiscard]] Activation padded_activation(std::size_t i) const;
  [[nodiscard]] FeatureMap feature_map(const Activation& x) const;
  /// The same with its channels in the graph's order.
  [[nodiscard]] FeatureMap ordered_feature_map(const Activation& x);
  [[nodiscard]] Activation in_order(const Activation& x);
  [[nodiscard]] const TensorShape& shape(NodeId node) const { return graph_.builder.shape(node); }
  [[nodiscard]] bool output_is_used(std::size_t i) const;

  /// Adds a node of the network, named after this one; `part` is appended to the name.
  NodeId add(Op op, std::vector<NodeId> inputs, NodeWeights weights = {}, std::string part = "");
  /// A depthwise 1x1 convolution with weights of one.
  NodeId add_depthwise(NodeId x, std::vector<float> bias, std::array<int, 4> pad, std::string part);
  void set_output(Value value);
  /// The value is what convolution or fully connected layer `node` makes.
  void set_result(Activation value);
  /// Adds `bias`, by channel of the feature map, to the layer that makes input `i` and nothing but
  /// it; false if there is none.
  [[nodiscard]] bool add_to_bias(std::size_t i, const std::vector<float>& bias);

 private:
  [[nodiscard]] const Value& value(std::size_t i) const;
  Activation settled(Activation x);

  GraphImport& graph_;
  const onnx::NodeProto& node_;
};

}  // namespace ridgeline::onnx_import
