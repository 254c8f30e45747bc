#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "models/network/onnx/operators.hpp"

namespace ridgeline::onnx_import {
namespace {

std::vector<float> statistic(const NodeImport& node, std::size_t i, const FeatureMap& x) {
  const std::vector<float>& values = node.floats(i);
  if (values.size() != static_cast<std::size_t>(x.shape.C))
    node.fail(fmt::format("input {} has {} numbers for {} channels", i, values.size(), x.shape.C),
              "one a channel");
  return in_order_of_map(values, x.channels);
}

/// What is in words must not have a BatchNorm folded into it: the machine copies it first.
Activation own_layer(NodeImport& node, Activation x) {
  if (!x.quantization) return x;
  ClampOp copy{-std::numeric_limits<float>::infinity()};
  copy.separate = true;
  const Quantization q = *x.quantization;
  x.node = node.add(copy, {x.node}, {}, "/copy");
  node.weights(x.node).fixed.output = q;
  return x;
}

}  // namespace

void import_batch_normalization(NodeImport& node) {
  if (node.integer("training_mode", 0) != 0) node.fail("training_mode is set", "inference");
  if (node.integer("spatial", 1) == 0) node.fail("spatial is 0", "1");
  for (std::size_t i = 1; i < 5; ++i)
    if (node.output_is_used(i)) node.fail("an output of training is used", "the output Y alone");
  const FeatureMap x = node.feature_map(own_layer(node, node.activation(0)));
  NodeWeights weights{.gamma = statistic(node, 1, x),
                      .beta = statistic(node, 2, x),
                      .mean = statistic(node, 3, x),
                      .variance = statistic(node, 4, x)};
  if (std::ranges::any_of(weights.variance, [](float v) { return v < 0; }))
    node.fail("a variance is negative", "0 or more");
  const NodeId id =
      node.add(BatchNormOp{.epsilon = node.real("epsilon", 1e-5F)}, {x.node}, std::move(weights));
  node.set_output(array_like(x, id, node.shape(id)));
}

void import_lrn(NodeImport& node) {
  if (!node.has("size")) node.fail("has no size", "a number of channels");
  const FeatureMap x = node.ordered_feature_map(node.activation(0));
  const LrnOp op{.size = to_int(node, node.integer("size", 1), "size"),
                 .alpha = node.real("alpha", 1e-4F),
                 .beta = node.real("beta", 0.75F),
                 .k = node.real("bias", 1)};
  const NodeId id = node.add(op, {x.node});
  node.set_output(array_like(x, id, node.shape(id)));
}

// Before opset 13 the dimensions from `axis` to the last are one; since then it is `axis` alone.
void import_softmax(NodeImport& node) {
  Activation x = node.activation(0);
  const std::size_t rank = x.layout.rank();
  const bool alone = node.opset() >= 13;
  const std::size_t axis = axis_of(node, node.integer("axis", alone ? -1 : 1), rank);
  if (!channels_along(x, node.shape(x.node), axis, alone ? axis + 1 : rank))
    node.fail_layout(fmt::format("runs over axis {}, which is not the channels", axis));
  x.node = node.add(SoftmaxOp{}, {x.node});
  x.quantization.reset();
  node.set_output(std::move(x));
}

}  // namespace ridgeline::onnx_import
