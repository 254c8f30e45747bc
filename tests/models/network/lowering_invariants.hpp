#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "models/network/lowering.hpp"

/// What holds for every lowered network, whatever the graph. violations() returns one line for
/// each breach.
namespace ridgeline::lowering_tests {

class InvariantChecker {
 public:
  explicit InvariantChecker(const LoweredNetwork& lowered) : lowered_(lowered) {}

  std::vector<std::string> violations() {
    check_nodes_are_lowered_once();
    check_macs();
    check_tensors();
    check_order_of_execution();
    for (const LoweredLayer& layer : lowered_.layers) check_layer(layer);
    return std::move(violations_);
  }

 private:
  void require(bool holds, const std::string& what) {
    if (!holds) violations_.push_back(what);
  }
  const LoweredTensor& tensor(TensorId id) const {
    return lowered_.tensors.at(static_cast<std::size_t>(id));
  }
  const Node& node(NodeId id) const {
    return lowered_.network.nodes.at(static_cast<std::size_t>(id));
  }

  void check_nodes_are_lowered_once() {
    std::map<NodeId, int> main, batch_norms;
    std::set<std::string> names;
    std::size_t additions = 0;
    for (const LoweredLayer& layer : lowered_.layers) {
      ++main[layer.node];
      if (layer.batch_norm) ++batch_norms[*layer.batch_norm];
      additions += layer.residual.has_value();
      require(names.insert(layer.name).second, layer.name + ": name used twice");
    }
    std::size_t add_nodes = 0;
    for (std::size_t i = 0; i < lowered_.network.nodes.size(); ++i) {
      const auto id = static_cast<NodeId>(i);
      const std::string op = op_name(node(id).op);
      add_nodes += op == "add";
      if (op == "batch_norm") {
        require(batch_norms[id] == 1, node(id).name + ": not lowered once");
      } else if (op != "input" && op != "relu" && op != "clip" && op != "add" && op != "concat") {
        require(main[id] == 1, node(id).name + ": not lowered once");
      }
    }
    require(additions == add_nodes, "additions are not lowered once");
  }

  /// Array layers do the network's MACs, and one for each element of a depthwise BatchNorm.
  void check_macs() {
    Macs lowered, batch_norms;
    for (const LoweredLayer& layer : lowered_.layers) {
      if (!runs_on_array(layer.kind)) continue;
      lowered += layer.shape.macs();
      if (layer.batch_norm == layer.node) batch_norms += Macs(layer.output_shape.elements());
    }
    require(lowered == total_macs(lowered_.network) + batch_norms, "MACs differ");
  }

  void check_tensors() {
    const auto count = static_cast<TensorId>(lowered_.tensors.size());
    require(tensor(0).node == 0 && tensor(0).storage == 0, "tensor 0 is not the input");
    for (TensorId id = 0; id < count; ++id) {
      const LoweredTensor& one = tensor(id);
      const LoweredTensor& storage = lowered_.storage_of(id);
      require(storage.storage == one.storage && storage.channel_offset == 0,
              one.name + ": storage is part of something");
      require(one.channel_offset >= 0 && one.channel_offset + one.shape.C <= storage.shape.C,
              one.name + ": outside its storage");
      require(one.shape.N == storage.shape.N && one.shape.H == storage.shape.H &&
                  one.shape.W == storage.shape.W,
              one.name + ": shape differs from its storage's");
    }
    const auto last = static_cast<NodeId>(lowered_.network.nodes.size()) - 1;
    require(tensor(lowered_.output).node == last, "the output is not the last node's");
    require(tensor(lowered_.output).shape == node(last).shape, "the output's shape differs");
  }

  /// Walks the layers and marks, for each channel of each storage, how often it is written.
  void check_order_of_execution() {
    std::map<TensorId, std::vector<int>> written;
    for (const LoweredTensor& one : lowered_.tensors)
      written[one.storage].resize(static_cast<std::size_t>(
          lowered_.tensors[static_cast<std::size_t>(one.storage)].shape.C));
    const auto channels_all = [&](TensorId id, int times) {
      const auto& channels = written[tensor(id).storage];
      const auto begin = channels.begin() + tensor(id).channel_offset;
      return std::all_of(begin, begin + tensor(id).shape.C, [&](int n) { return n == times; });
    };
    std::fill(written[0].begin(), written[0].end(), 1);
    for (const LoweredLayer& layer : lowered_.layers) {
      require(channels_all(layer.input, 1), layer.name + ": reads what is not written yet");
      require(!layer.residual || channels_all(*layer.residual, 1),
              layer.name + ": its residual is not written yet");
      require(channels_all(layer.output, 0), layer.name + ": writes over something");
      const LoweredTensor& out = tensor(layer.output);
      for (int c = 0; c < out.shape.C; ++c)
        ++written[out.storage][static_cast<std::size_t>(out.channel_offset + c)];
    }
    for (TensorId id = 0; id < static_cast<TensorId>(lowered_.tensors.size()); ++id)
      require(channels_all(id, 1), tensor(id).name + ": not written exactly once");
  }

  void check_layer(const LoweredLayer& layer) {
    const std::string& at = layer.name;
    const TensorShape& in = tensor(layer.input).shape;
    const ConvShape& shape = layer.shape;
    if (layer.kind == LayerKind::fully_connected) {
      require(shape == ConvShape{.N = in.N, .M = shape.M, .C = in.C * in.H * in.W},
              at + ": shape is not a flattened input's");
    } else {
      require(shape.ifmap() == in, at + ": shape is not its input's");
    }
    require(layer.output_shape == tensor(layer.output).shape, at + ": output shapes differ");
    const TensorShape floor = shape.ofmap();
    const TensorShape& out = layer.output_shape;
    const bool is_pool = layer.kind == LayerKind::max_pool || layer.kind == LayerKind::average_pool;
    require(out == floor || (is_pool && out.C == floor.C && out.H >= floor.H && out.W >= floor.W),
            at + ": output shape does not follow from its shape");
    require(runs_on_array(layer.kind) || (shape.M == shape.C && shape.G == 1),
            at + ": a vector layer with filters");
    require(is_pool || runs_on_array(layer.kind) || shape.window == Window{},
            at + ": a vector layer with a window");
    check_flags(layer);
  }

  void check_flags(const LoweredLayer& layer) {
    const std::string& at = layer.name;
    const bool is_add = layer.kind == LayerKind::add;
    require(!layer.residual || is_add || runs_on_array(layer.kind), at + ": cannot add");
    require(!is_add || (layer.residual && !layer.relu), at + ": not an addition");
    require(!layer.relu_after_add || layer.residual, at + ": ReLU after no addition");
    require(!layer.residual || tensor(*layer.residual).shape == layer.output_shape,
            at + ": residual's shape differs");
    require(!layer.batch_norm || runs_on_array(layer.kind), at + ": BatchNorm on no weights");
    const bool is_batch_norm = layer.batch_norm == layer.node;
    require(!is_batch_norm || (layer.shape.G == layer.shape.C && layer.shape.M == layer.shape.C),
            at + ": BatchNorm is not depthwise");
    require(layer.residual || layer.pre_add_node == tensor(layer.output).node,
            at + ": value before an addition is not its output");
    const auto fused_add = std::count_if(layer.fused.begin(), layer.fused.end(),
                                         [](const auto& text) { return text.starts_with("add "); });
    require(fused_add == (layer.residual && !is_add ? 1 : 0), at + ": fused additions");
  }

  const LoweredNetwork& lowered_;
  std::vector<std::string> violations_;
};

inline std::vector<std::string> violations(const LoweredNetwork& lowered) {
  return InvariantChecker(lowered).violations();
}

}  // namespace ridgeline::lowering_tests
