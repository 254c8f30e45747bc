#include "models/network/lowering_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace ridgeline::lowering {
namespace {

std::size_t index_of(int id) {
  assert(id >= 0);
  return static_cast<std::size_t>(id);
}

}  // namespace

State::State(Network network) : lowered_{.network = std::move(network)} {
  const std::vector<Node>& nodes = lowered_.network.nodes;
  readers_.resize(nodes.size());
  tensor_of_.resize(nodes.size());
  for (const Node& node : nodes) {
    names_.insert(node.name);
    for (const NodeId input : node.inputs) ++readers_[index_of(input)];
  }
  add_tensor({.name = nodes[0].name, .shape = nodes[0].shape}, {.readers = readers_[0]});
}

const Node& State::node(NodeId id) const {
  return lowered_.network.nodes[index_of(id)];
}
TensorId State::tensor_of(NodeId id) const {
  return tensor_of_[index_of(id)];
}
const LoweredTensor& State::tensor(TensorId id) const {
  return lowered_.tensors[index_of(id)];
}
const TensorInfo& State::info(TensorId id) const {
  return info_[index_of(id)];
}

LoweredLayer* State::sole_reader_writer(TensorId id) {
  return info(id).readers == 1 && info(id).writer ? &writer(id) : nullptr;
}

LoweredLayer& State::writer(TensorId id) {
  assert(info(id).writer);
  return lowered_.layers[*info(id).writer];
}

TensorId State::add_tensor(LoweredTensor tensor, TensorInfo info) {
  const auto id = static_cast<TensorId>(lowered_.tensors.size());
  tensor.storage = id;
  lowered_.tensors.push_back(std::move(tensor));
  info_.push_back(std::move(info));
  return id;
}

TensorId State::append(LoweredLayer layer, NodeId value) {
  const std::size_t index = lowered_.layers.size();
  const TensorId id =
      add_tensor({.name = node(value).name, .shape = layer.output_shape, .node = value},
                 {.writer = index, .readers = readers_[index_of(value)], .ready_after = index + 1});
  layer.output = id;
  tensor_of_[index_of(value)] = id;
  lowered_.layers.push_back(std::move(layer));
  return id;
}

TensorId State::append_concat_copy(NodeId concat, std::size_t index, TensorId source) {
  std::string name = fmt::format("{}/copy{}", node(concat).name, index);
  while (!names_.insert(name).second) name += '_';
  const LoweredTensor& from = tensor(source);
  const std::size_t layer = lowered_.layers.size();
  const NodeId value = from.node;
  const TensorShape shape = from.shape;
  const TensorId id = add_tensor({.name = name, .shape = shape, .node = value},
                                 {.writer = layer, .readers = 1, .ready_after = layer + 1});
  lowered_.layers.push_back({.name = std::move(name),
                             .kind = LayerKind::copy,
                             .node = concat,
                             .input = source,
                             .output = id,
                             .pre_add_node = value,
                             .shape = vector_shape(shape),
                             .output_shape = shape});
  return id;
}

void State::join(NodeId concat, std::vector<TensorId> parts) {
  const Node& whole = node(concat);
  std::size_t ready_after = 0;
  const TensorId id = add_tensor({.name = whole.name, .shape = whole.shape, .node = concat}, {});
  int channel = 0;
  for (const TensorId part : parts) {
    LoweredTensor& tensor = lowered_.tensors[index_of(part)];
    tensor.storage = id;
    tensor.channel_offset = channel;
    channel += tensor.shape.C;
    ready_after = std::max(ready_after, info(part).ready_after);
  }
  assert(channel == whole.shape.C);
  info_[index_of(id)] = {
      .parts = std::move(parts), .readers = readers_[index_of(concat)], .ready_after = ready_after};
  tensor_of_[index_of(concat)] = id;
}

void State::take_over(TensorId tensor, NodeId node_id) {
  take_over_part(tensor, node_id);
  lowered_.tensors[index_of(tensor)].name = node(node_id).name;
  info_[index_of(tensor)].readers = readers_[index_of(node_id)];
  tensor_of_[index_of(node_id)] = tensor;
}

void State::take_over_part(TensorId tensor, NodeId node_id) {
  lowered_.tensors[index_of(tensor)].node = node_id;
}

void State::resolve_storage() {
  for (std::size_t i = lowered_.tensors.size(); i-- > 0;) {
    LoweredTensor& part = lowered_.tensors[i];
    if (index_of(part.storage) == i) continue;
    const LoweredTensor& whole = lowered_.tensors[index_of(part.storage)];
    part.channel_offset += whole.channel_offset;
    part.storage = whole.storage;
  }
}

LoweredNetwork State::finish() && {
  resolve_storage();
  lowered_.output = tensor_of_.back();
  for (LoweredLayer& layer : lowered_.layers) layer.op = node(layer.node).op;
  return std::move(lowered_);
}

ConvShape vector_shape(const TensorShape& x, const Window& window) {
  return {.N = x.N, .M = x.C, .C = x.C, .H = x.H, .W = x.W, .window = window};
}

}  // namespace ridgeline::lowering
