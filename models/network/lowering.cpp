#include "models/network/lowering.hpp"

#include <algorithm>
#include <cassert>
#include <unordered_set>

#include "models/network/lowering_state.hpp"

namespace ridgeline {
namespace {

using lowering::State;
using lowering::vector_shape;

bool is_array_layer(const LoweredLayer* layer) {
  return layer != nullptr && runs_on_array(layer->kind);
}

/// Whether ReLU may be the last thing that the layer does.
bool can_end_in_relu(LayerKind kind) {
  return runs_on_array(kind) || kind == LayerKind::max_pool || kind == LayerKind::add ||
         kind == LayerKind::copy;
}

/// One clamp that does what `first` and then `second` do.
ClampOp one_after_another(const ClampOp& first, const ClampOp& second) {
  return {std::clamp(first.lowest, second.lowest, second.highest),
          std::clamp(first.highest, second.lowest, second.highest)};
}

/// The clamp of `node` becomes the last thing that `layer` does.
void end_in_relu(LoweredLayer& layer, NodeId node, const ClampOp& op) {
  assert(can_end_in_relu(layer.kind));
  if (layer.residual) {
    layer.clamp_after_add =
        layer.relu_after_add ? one_after_another(layer.clamp_after_add, op) : op;
    layer.relu_after_add = true;
  } else {
    layer.clamp = layer.relu ? one_after_another(layer.clamp, op) : op;
    layer.relu = true;
    layer.pre_add_node = node;
  }
  layer.fused.push_back(op_name(op));
}

/// The layer of `node` on its own, reading its first input.
LoweredLayer layer_of(const State& state, NodeId id, LayerKind kind, ConvShape shape) {
  const Node& node = state.node(id);
  return {.name = node.name,
          .kind = kind,
          .node = id,
          .input = state.tensor_of(node.inputs.front()),
          .pre_add_node = id,
          .shape = shape,
          .output_shape = node.shape};
}

void lower_weights(State& state, NodeId id, LayerKind kind) {
  state.append(layer_of(state, id, kind, conv_shape(state.network(), id)), id);
}

void lower_vector(State& state, NodeId id, LayerKind kind, const Window& window = {}) {
  const TensorShape& x = state.node(state.node(id).inputs.front()).shape;
  state.append(layer_of(state, id, kind, vector_shape(x, window)), id);
}

void lower_batch_norm(State& state, NodeId id) {
  const TensorId x = state.tensor_of(state.node(id).inputs.front());
  LoweredLayer* layer = state.sole_reader_writer(x);
  if (is_array_layer(layer) && !layer->batch_norm && !layer->relu && !layer->residual) {
    layer->batch_norm = id;
    layer->pre_add_node = id;
    layer->fused.push_back("batch_norm");
    return state.take_over(x, id);
  }
  ConvShape depthwise = vector_shape(state.node(id).shape);
  depthwise.G = depthwise.C;
  LoweredLayer own = layer_of(state, id, LayerKind::conv, depthwise);
  own.batch_norm = id;
  state.append(std::move(own), id);
}

/// The parts of a concatenation that layers write, through nested concatenations; none if one of
/// them cannot end in a ReLU or is read by anyone else.
std::vector<TensorId> parts_that_take_relu(State& state, TensorId concat,
                                           std::vector<TensorId>& nested) {
  std::vector<TensorId> leaves;
  nested = {concat};
  for (std::size_t i = 0; i < nested.size(); ++i) {
    for (const TensorId part : state.info(nested[i]).parts) {
      if (state.info(part).readers != 1) return {};
      if (!state.info(part).parts.empty()) {
        nested.push_back(part);
        continue;
      }
      if (!can_end_in_relu(state.writer(part).kind)) return {};
      leaves.push_back(part);
    }
  }
  return leaves;
}

/// Moves a ReLU that alone reads `concat` into the concatenation's producers.
bool push_relu_into_producers(State& state, NodeId relu, TensorId concat) {
  const ClampOp op = std::get<ClampOp>(state.node(relu).op);
  std::vector<TensorId> nested;
  const std::vector<TensorId> leaves = parts_that_take_relu(state, concat, nested);
  if (leaves.empty()) return false;
  for (const TensorId leaf : leaves) {
    end_in_relu(state.writer(leaf), relu, op);
    state.take_over_part(leaf, relu);
  }
  for (const TensorId part : nested) state.take_over_part(part, relu);
  state.take_over(concat, relu);
  return true;
}

void lower_relu(State& state, NodeId id) {
  const ClampOp op = std::get<ClampOp>(state.node(id).op);
  const TensorId x = state.tensor_of(state.node(id).inputs.front());
  LoweredLayer* layer = op.separate ? nullptr : state.sole_reader_writer(x);
  if (layer != nullptr && can_end_in_relu(layer->kind)) {
    end_in_relu(*layer, id, op);
    return state.take_over(x, id);
  }
  const bool sole_reader_of_concat =
      !op.separate && state.info(x).readers == 1 && !state.info(x).parts.empty();
  if (sole_reader_of_concat && push_relu_into_producers(state, id, x)) return;
  const TensorShape& shape = state.node(id).shape;
  LoweredLayer copy = layer_of(state, id, LayerKind::copy, vector_shape(shape));
  copy.relu = true;
  copy.clamp = op;
  state.append(std::move(copy), id);
}

/// Fuses the addition `id` into the layer that writes `value`, if that is possible.
bool fuse_add(State& state, NodeId id, NodeId value, NodeId other) {
  const TensorId x = state.tensor_of(value);
  const TensorId residual = state.tensor_of(other);
  LoweredLayer* layer = state.sole_reader_writer(x);
  if (!is_array_layer(layer) || layer->residual) return false;
  if (state.info(residual).ready_after > *state.info(x).writer) return false;
  layer->residual = residual;
  layer->fused.push_back("add " + state.node(other).name);
  state.take_over(x, id);
  return true;
}

void lower_add(State& state, NodeId id) {
  const NodeId a = state.node(id).inputs[0];
  const NodeId b = state.node(id).inputs[1];
  if (fuse_add(state, id, a, b) || fuse_add(state, id, b, a)) return;
  LoweredLayer own = layer_of(state, id, LayerKind::add, vector_shape(state.node(id).shape));
  own.residual = state.tensor_of(b);
  own.pre_add_node = a;
  state.append(std::move(own), id);
}

void lower_concat(State& state, NodeId id) {
  const std::vector<NodeId> inputs = state.node(id).inputs;
  std::vector<TensorId> parts;
  std::unordered_set<TensorId> seen;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const TensorId x = state.tensor_of(inputs[i]);
    const bool here_already = !seen.insert(x).second;
    const bool is_input = inputs[i] == 0;
    parts.push_back(
        is_input || here_already || state.is_part(x) ? state.append_concat_copy(id, i, x) : x);
  }
  state.join(id, std::move(parts));
}

/// Lowers one node; overloaded on the operation.
struct LowerNode {
  State& state;
  NodeId id;

  void operator()(const InputOp&) const { assert(id == 0); }
  void operator()(const ConvOp&) const { lower_weights(state, id, LayerKind::conv); }
  void operator()(const FullyConnectedOp&) const {
    lower_weights(state, id, LayerKind::fully_connected);
  }
  void operator()(const BatchNormOp&) const { lower_batch_norm(state, id); }
  void operator()(const ClampOp&) const { lower_relu(state, id); }
  void operator()(const PoolOp& op) const {
    const bool is_max = op.kind == PoolKind::max;
    lower_vector(state, id, is_max ? LayerKind::max_pool : LayerKind::average_pool, op.window);
  }
  void operator()(const AddOp&) const { lower_add(state, id); }
  void operator()(const ConcatOp&) const { lower_concat(state, id); }
  void operator()(const LrnOp&) const { lower_vector(state, id, LayerKind::lrn); }
  void operator()(const SoftmaxOp&) const { lower_vector(state, id, LayerKind::softmax); }
};

}  // namespace

std::string_view layer_kind_name(LayerKind kind) {
  switch (kind) {
    case LayerKind::conv:
      return "conv";
    case LayerKind::fully_connected:
      return "fully_connected";
    case LayerKind::max_pool:
      return "max_pool";
    case LayerKind::average_pool:
      return "average_pool";
    case LayerKind::add:
      return "add";
    case LayerKind::copy:
      return "copy";
    case LayerKind::lrn:
      return "lrn";
    case LayerKind::softmax:
      return "softmax";
  }
  assert(false);
  return "";
}

LoweredNetwork lower(Network network) {
  State state(std::move(network));
  const auto count = static_cast<NodeId>(state.network().nodes.size());
  for (NodeId id = 0; id < count; ++id) std::visit(LowerNode{state, id}, state.node(id).op);
  return std::move(state).finish();
}

}  // namespace ridgeline
