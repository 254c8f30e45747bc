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
  /// int8 or uint8, as the file has them.
  [[nodiscard]] const std::vector<std::int16_t>& words_of(std::size_t i) const;
  /// The scale or zero point of arrays that are quantised as they come; null if input `i` is none.
  [[nodiscard]] const DynamicNumber* dynamic_number(std::size_t i) const;
  /// Ints that are an attribute up to some opset and input `i` behind it; empty if neither is
  /// there.
  [[nodiscard]] std::vector<std::int64_t> integers_at(std::string_view attribute,
                                                      std::size_t i) const;
  /// With the zeros of a Pad behind it become a layer of their own.
  [[nodiscard]] Activation activation(std::size_t i);
  [[nodiscard]] Activation padded_activation(std::size_t i) const;
  /// Input `i`, if it is an array that depends on the network's input; else null.
  [[nodiscard]] const Activation* array(std::size_t i) const {
    return std::get_if<Activation>(&value(i));
  }
  [[nodiscard]] FeatureMap feature_map(const Activation& x) const;
  /// The same with its channels in the graph's order.
  [[nodiscard]] FeatureMap ordered_feature_map(const Activation& x);
  [[nodiscard]] Activation in_order(const Activation& x);
  [[nodiscard]] const TensorShape& shape(NodeId node) const { return graph_.builder.shape(node); }
  [[nodiscard]] const Node& network_node(NodeId node) const {
    return graph_.builder.network().nodes[static_cast<std::size_t>(node)];
  }
  /// The numbers of a node that has been added.
  [[nodiscard]] NodeWeights& weights(NodeId node) const {
    return graph_.weights[static_cast<std::size_t>(node)];
  }
  /// Whether input `i` is what `node` makes, and nobody else reads it.
  [[nodiscard]] bool reads_alone(std::size_t i, NodeId node) const;
  /// The node that alone reads output 0; none if several do, or an output of the graph.
  [[nodiscard]] std::optional<NodeImport> only_reader() const;
  /// Clamp `node` becomes a layer of its own.
  void make_separate(NodeId node) { graph_.separate.insert(node); }
  [[nodiscard]] bool output_is_used(std::size_t i) const;

  /// Adds a node of the network, named after this one; `part` is appended to the name.
  NodeId add(Op op, std::vector<NodeId> inputs, NodeWeights weights = {}, std::string part = "");
  /// A depthwise 1x1 convolution with weights of one.
  NodeId add_depthwise(NodeId x, std::vector<float> bias, std::array<int, 4> pad, std::string part);
  void set_output(Value value, int output = 0);
  /// The value is what convolution or fully connected layer `node` makes.
  void set_result(Activation value);
  /// Adds `bias`, by channel of the feature map, to the layer that makes input `i` and nothing but
  /// it; false if there is none.
  [[nodiscard]] bool add_to_bias(std::size_t i, const std::vector<float>& bias);
  /// Multiplies the filters of that layer, by one number or one a filter in the graph's order;
  /// false if there is none, it has a bias already, or a factor is not above 0.
  [[nodiscard]] bool scale_result(std::size_t i, const std::vector<float>& factors);
  /// Whether input `i` is a layer's result and nothing else.
  [[nodiscard]] bool is_result(std::size_t i) const;

 private:
  [[nodiscard]] const Value& value(std::size_t i) const;
  Activation settled(Activation x);

  GraphImport& graph_;
  const onnx::NodeProto& node_;
};

}  // namespace ridgeline::onnx_import
