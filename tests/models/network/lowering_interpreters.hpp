#pragma once

#include <string>
#include <vector>

#include "models/network/lowering.hpp"
#include "tests/models/network/graph_values.hpp"

/// Two interpreters that share only the operations of graph_values.hpp: one walks the author's
/// graph, the other the lowered layers with their tensors in memory.
namespace ridgeline::lowering_tests {

inline Values picture_of(const Network& network) {
  Values x(network.input());
  for (std::size_t i = 0; i < x.data.size(); ++i)
    x.data[i] = parameter(-1, static_cast<std::int64_t>(i));
  return x;
}

/// The value of every node.
inline std::vector<Values> values_of_graph(const Network& network) {
  std::vector<Values> all{picture_of(network)};
  for (std::size_t i = 1; i < network.nodes.size(); ++i) {
    const Node& node = network.nodes[i];
    const auto id = static_cast<NodeId>(i);
    std::vector<const Values*> in;
    for (const NodeId input : node.inputs) in.push_back(&all[static_cast<std::size_t>(input)]);
    const std::string op = op_name(node.op);
    if (op == "conv") {
      all.push_back(convolve(*in[0], conv_shape(network, id), id));
    } else if (op == "fully_connected") {
      all.push_back(convolve(flatten(*in[0]), conv_shape(network, id), id));
    } else if (op == "batch_norm") {
      all.push_back(normalise(*in[0], id));
    } else if (const auto* bounds = std::get_if<ClampOp>(&node.op)) {
      all.push_back(clamp(*in[0], *bounds));
    } else if (op == "add") {
      all.push_back(add(*in[0], *in[1]));
    } else if (op == "concat") {
      all.push_back(concatenate(in, node.shape));
    } else if (const auto* window = std::get_if<PoolOp>(&node.op)) {
      all.push_back(pool(*in[0], window->kind, window->window, node.shape));
    } else {
      all.push_back(across_channels(*in[0], id));
    }
  }
  return all;
}

/// The memory of a machine that runs lowered layers: one array for each tensor that owns its
/// storage, at first without a number in it.
class Machine {
 public:
  explicit Machine(const LoweredNetwork& lowered) : lowered_(lowered) {
    for (const LoweredTensor& one : lowered.tensors) memory_.emplace_back(one.shape);
    store(0, picture_of(lowered.network));
    for (const LoweredLayer& layer : lowered.layers) store(layer.output, run(layer));
  }

  [[nodiscard]] Values load(TensorId id) const {
    const LoweredTensor& one = lowered_.tensors[static_cast<std::size_t>(id)];
    const std::vector<double>& from = memory_[static_cast<std::size_t>(one.storage)].data;
    Values x(one.shape);
    for_each_element(one.shape, [&](int n, int c, int h, int w) {
      x.at(n, c, h, w) = from.at(address(id, n, c, h, w));
    });
    return x;
  }

 private:
  /// As lowering.hpp states the layout.
  std::size_t address(TensorId id, int n, int c, int h, int w) const {
    const LoweredTensor& one = lowered_.tensors[static_cast<std::size_t>(id)];
    const std::int64_t begin =
        (std::int64_t{n} * lowered_.storage_of(id).shape.C + one.channel_offset) * one.shape.H *
        one.shape.W;
    return static_cast<std::size_t>(begin + (c * one.shape.H + h) * one.shape.W + w);
  }

  void store(TensorId id, const Values& x) {
    const LoweredTensor& one = lowered_.tensors[static_cast<std::size_t>(id)];
    std::vector<double>& to = memory_[static_cast<std::size_t>(one.storage)].data;
    for_each_element(one.shape, [&](int n, int c, int h, int w) {
      to.at(address(id, n, c, h, w)) = x.at(n, c, h, w);
    });
  }

  Values main_operation(const LoweredLayer& layer) const {
    Values x = load(layer.input);
    switch (layer.kind) {
      case LayerKind::conv:
        return layer.batch_norm == layer.node ? x : convolve(x, layer.shape, layer.node);
      case LayerKind::fully_connected:
        return convolve(flatten(std::move(x)), layer.shape, layer.node);
      case LayerKind::max_pool:
        return pool(x, PoolKind::max, layer.shape.window, layer.output_shape);
      case LayerKind::average_pool:
        return pool(x, PoolKind::average, layer.shape.window, layer.output_shape);
      case LayerKind::lrn:
      case LayerKind::softmax:
        return across_channels(x, layer.node);
      case LayerKind::add:
      case LayerKind::copy:
        return x;
    }
    return x;
  }

  Values run(const LoweredLayer& layer) const {
    Values y = main_operation(layer);
    if (layer.batch_norm) y = normalise(y, *layer.batch_norm);
    if (layer.relu) y = clamp(std::move(y), layer.clamp);
    if (layer.residual) y = add(std::move(y), load(*layer.residual));
    if (layer.relu_after_add) y = clamp(std::move(y), layer.clamp_after_add);
    return y;
  }

  const LoweredNetwork& lowered_;
  std::vector<Values> memory_;
};

/// Names of the tensors whose value after a run is not that of their node, and of the nodes that
/// nobody reads and whose value is in no tensor.
inline std::vector<std::string> wrong_values(const LoweredNetwork& lowered) {
  std::vector<std::string> wrong;
  const std::vector<Values> expected = values_of_graph(lowered.network);
  const Machine machine(lowered);
  std::vector<bool> held(expected.size());
  for (std::size_t i = 0; i < lowered.tensors.size(); ++i) {
    const auto node = static_cast<std::size_t>(lowered.tensors[i].node);
    const Values actual = machine.load(static_cast<TensorId>(i));
    // A part whose ReLU moved into its producer has no node of its own; its whole is compared.
    if (actual.shape != expected[node].shape) continue;
    held[node] = true;
    if (actual.data != expected[node].data) wrong.push_back(lowered.tensors[i].name);
  }
  for (const Node& node : lowered.network.nodes)
    for (const NodeId input : node.inputs) held[static_cast<std::size_t>(input)] = true;
  for (std::size_t i = 0; i < held.size(); ++i)
    if (!held[i]) wrong.push_back(lowered.network.nodes[i].name + " is nowhere");
  return wrong;
}

}  // namespace ridgeline::lowering_tests
