#include "models/network/network.hpp"

#include <cassert>

namespace ridgeline {
namespace {

struct OpName {
  std::string operator()(const InputOp&) const { return "input"; }
  std::string operator()(const ConvOp&) const { return "conv"; }
  std::string operator()(const FullyConnectedOp&) const { return "fully_connected"; }
  std::string operator()(const BatchNormOp&) const { return "batch_norm"; }
  std::string operator()(const ClampOp& op) const {
    if (op == ClampOp{}) return "relu";
    return op == ClampOp{0, 6} ? "relu6" : "clip";
  }
  std::string operator()(const PoolOp& op) const {
    return op.kind == PoolKind::max ? "max_pool" : "average_pool";
  }
  std::string operator()(const AddOp&) const { return "add"; }
  std::string operator()(const ConcatOp&) const { return "concat"; }
  std::string operator()(const LrnOp&) const { return "lrn"; }
  std::string operator()(const SoftmaxOp&) const { return "softmax"; }
};

const Node& node_of(const Network& network, NodeId id) {
  assert(id >= 0 && static_cast<std::size_t>(id) < network.nodes.size());
  return network.nodes[static_cast<std::size_t>(id)];
}

/// Calls visit(id) for each node with weights.
template <class Visit>
void for_each_with_weights(const Network& network, Visit visit) {
  for (std::size_t i = 0; i < network.nodes.size(); ++i)
    if (has_weights(network.nodes[i].op)) visit(static_cast<NodeId>(i));
}

}  // namespace

std::string op_name(const Op& op) {
  return std::visit(OpName{}, op);
}

bool has_weights(const Op& op) {
  return std::holds_alternative<ConvOp>(op) || std::holds_alternative<FullyConnectedOp>(op);
}

bool has_bias(const Op& op) {
  if (const auto* conv = std::get_if<ConvOp>(&op)) return conv->bias;
  const auto* full = std::get_if<FullyConnectedOp>(&op);
  return full != nullptr && full->bias;
}

ConvShape conv_shape(const Op& op, const TensorShape& x) {
  assert(has_weights(op));
  if (const auto* full = std::get_if<FullyConnectedOp>(&op))
    return {.N = x.N, .M = full->M, .C = x.C * x.H * x.W};
  const auto& conv = std::get<ConvOp>(op);
  return {.N = x.N, .G = conv.G, .M = conv.M, .C = x.C, .H = x.H, .W = x.W, .window = conv.window};
}

ConvShape conv_shape(const Network& network, NodeId id) {
  const Node& node = node_of(network, id);
  return conv_shape(node.op, node_of(network, node.inputs.front()).shape);
}

NodeWork work_of(const Network& network, const Node& node) {
  if (!has_weights(node.op)) return {};
  const ConvShape shape = conv_shape(node.op, node_of(network, node.inputs.front()).shape);
  return {shape.macs(), shape.filter_elements(), has_bias(node.op) ? shape.M : 0};
}

Macs total_macs(const Network& network) {
  Macs sum;
  for_each_with_weights(network, [&](NodeId id) { sum += conv_shape(network, id).macs(); });
  return sum;
}

std::int64_t total_weights(const Network& network) {
  std::int64_t sum = 0;
  for_each_with_weights(network,
                        [&](NodeId id) { sum += conv_shape(network, id).filter_elements(); });
  return sum;
}

std::int64_t total_biases(const Network& network) {
  std::int64_t sum = 0;
  for (const Node& node : network.nodes) sum += work_of(network, node).biases;
  return sum;
}

Network with_batch(Network network, int N) {
  TensorShape input = network.input();
  input.N = N;
  NetworkBuilder builder(std::move(network.name), std::move(network.source), input,
                         std::move(network.nodes.front().name));
  if (network.preprocessing) builder.set_preprocessing(*network.preprocessing);
  for (std::size_t i = 1; i < network.nodes.size(); ++i) {
    Node& node = network.nodes[i];
    builder.add(std::move(node.name), node.op, std::move(node.inputs));
  }
  return std::move(builder).build();
}

}  // namespace ridgeline
