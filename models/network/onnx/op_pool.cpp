#include <fmt/format.h>

#include <algorithm>

#include "models/network/onnx/operators.hpp"
#include "models/network/onnx/pools.hpp"
#include "models/network/onnx/window.hpp"
#include "models/network/onnx/words.hpp"

namespace ridgeline::onnx_import {
namespace {

/// A window that would begin behind the ifmap and its leading pad is left out in ceil mode, as
/// PyTorch does and ONNX says since opset 19: nothing but padding is in it.
Activation add_pool(NodeImport& node, PoolKind kind, const FeatureMap& x, PoolOp op) {
  op.kind = kind;
  const NodeId id = node.add(op, {x.node});
  return array_like(x, id, node.shape(id));
}

std::vector<std::int64_t> kernel_of(const NodeImport& node) {
  if (!node.has("kernel_shape")) node.fail("has no kernel_shape", "one number a dimension");
  return node.integers("kernel_shape");
}

PoolOp pool_of(const NodeImport& node, const FeatureMap& x) {
  return {.window = window_of(node, x, kernel_of(node)),
          .ceil_mode = node.integer("ceil_mode", 0) != 0};
}

}  // namespace

void import_max_pool(NodeImport& node) {
  if (node.output_is_used(1)) node.fail("its output Indices is used", "the output Y alone");
  const FeatureMap x = node.feature_map(node.activation(0));
  node.set_output(
      same_words(node, node.activation(0), add_pool(node, PoolKind::max, x, pool_of(node, x))));
}

Activation average_pool(NodeImport& node) {
  FeatureMap x = node.feature_map(node.padded_activation(0));
  PoolOp op = pool_of(node, x);
  op.count_include_pad = node.integer("count_include_pad", 0) != 0;
  const bool has_own_pads = op.window.pad != std::array<int, 4>{};
  // Zeros of a Pad are elements, those of the pool only if it counts them.
  if (x.pad != std::array<int, 4>{} && !op.ceil_mode && (op.count_include_pad || !has_own_pads)) {
    op.window = with_pad(node, op.window, x.pad);
    op.count_include_pad = true;
  } else {
    x = node.feature_map(node.activation(0));
  }
  return add_pool(node, PoolKind::average, x, op);
}

Activation global_pool(NodeImport& node, PoolKind kind) {
  const FeatureMap x = node.feature_map(node.activation(0));
  if (x.rank < 3) node.fail_layout("reads an array without spatial dimensions");
  FeatureMap pooled = x;
  pooled.swapped = false;
  const NodeId id = node.add(PoolOp{.kind = kind, .global = true}, {x.node});
  return array_like(pooled, id, node.shape(id));
}

void import_average_pool(NodeImport& node) {
  node.set_output(average_pool(node));
}

void import_global_average_pool(NodeImport& node) {
  node.set_output(global_pool(node, PoolKind::average));
}

void import_global_max_pool(NodeImport& node) {
  node.set_output(same_words(node, node.activation(0), global_pool(node, PoolKind::max)));
}

void import_reduce_mean(NodeImport& node) {
  const FeatureMap x = node.feature_map(node.activation(0));
  std::vector<std::size_t> axes;
  for (const std::int64_t axis : node.integers("axes")) axes.push_back(axis_of(node, axis, x.rank));
  std::ranges::sort(axes);
  std::vector<std::size_t> spatial;
  for (std::size_t i = 2; i < x.rank; ++i) spatial.push_back(i);
  if (axes.empty() || axes != spatial)
    node.fail("takes the mean over other dimensions than H and W", "axes 2 to the last");
  FeatureMap pooled = x;
  pooled.swapped = false;
  if (node.integer("keepdims", 1) == 0) pooled.rank = 2;
  const NodeId id = node.add(PoolOp{.kind = PoolKind::average, .global = true}, {x.node});
  node.set_output(array_like(pooled, id, node.shape(id)));
}

}  // namespace ridgeline::onnx_import
