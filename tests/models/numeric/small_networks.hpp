#pragma once

#include <string>

#include "models/network/lowering.hpp"
#include "models/network/network.hpp"

/// Small networks for the tests of whole workloads.
namespace ridgeline::small_networks {

inline ConvOp conv(int M, int kernel, int stride = 1, int pad = 0, int G = 1) {
  return {.M = M,
          .G = G,
          .window = {
              .R = kernel, .S = kernel, .stride = {stride, stride}, .pad = {pad, pad, pad, pad}}};
}

inline PoolOp pool(PoolKind kind, int kernel, int stride, int pad = 0) {
  return {.kind = kind,
          .window = {
              .R = kernel, .S = kernel, .stride = {stride, stride}, .pad = {pad, pad, pad, pad}}};
}

inline NodeId conv_relu(NetworkBuilder& b, const std::string& name, NodeId x, ConvOp op) {
  return b.relu(name + "/relu", b.conv(name, x, op));
}

/// Like SqueezeNet: a convolution, pools, fire modules, a global average.
inline Network fires() {
  NetworkBuilder b("fires", "test", {1, 3, 43, 43});
  NodeId x = conv_relu(b, "conv1", b.input(), conv(24, 5, 2));
  x = b.pool("pool1", x, pool(PoolKind::max, 3, 2));
  for (int i = 2; i < 5; ++i) {
    const std::string name = "fire" + std::to_string(i);
    const NodeId s = conv_relu(b, name + "/squeeze", x, conv(8, 1));
    const NodeId a = conv_relu(b, name + "/expand1x1", s, conv(16, 1));
    const NodeId c = conv_relu(b, name + "/expand3x3", s, conv(16, 3, 1, 1));
    x = b.concat(name + "/concat", {a, c});
  }
  x = conv_relu(b, "conv5", x, conv(20, 1));
  b.pool("average", x, {.kind = PoolKind::average, .global = true});
  return std::move(b).build();
}

/// Every operation, in the combinations that lowering treats differently: BatchNorm behind a
/// convolution and on its own, fused and separate additions, nested concatenations with a pool and
/// the input in them, grouped and depthwise convolutions.
inline Network everything() {
  NetworkBuilder b("everything", "test", {2, 4, 24, 20});
  const NodeId stem = conv_relu(b, "stem", b.input(), conv(12, 3, 1, 1));
  const NodeId lrn = b.add("lrn", LrnOp{.size = 5, .alpha = 0.5F}, {stem});
  const NodeId normed = b.batch_norm("bn_alone", lrn);
  const NodeId grouped =
      b.batch_norm("bn_grouped", b.conv("grouped", normed, conv(12, 3, 1, 1, 2)));
  const NodeId depthwise =
      b.relu("depthwise/relu",
             b.batch_norm("bn_depthwise", b.conv("depthwise", grouped, conv(12, 3, 1, 1, 12))));
  const NodeId back = b.relu("back/relu", b.conv("back", depthwise, conv(12, 1)));
  const NodeId fused = b.relu("fused/relu", b.add("fused", back, normed));
  const NodeId separate = b.add("separate", fused, stem);
  const NodeId pooled = b.pool("pooled", separate, pool(PoolKind::max, 3, 1, 1));
  const NodeId inner = b.concat("inner", {conv_relu(b, "left", separate, conv(5, 1)), pooled});
  const NodeId outer = b.concat("outer", {inner, b.input()});
  const NodeId averaged = b.pool("averaged", outer, pool(PoolKind::average, 3, 2, 1));
  const NodeId logits = b.fully_connected("logits", averaged, {.M = 10});
  b.add("softmax", SoftmaxOp{}, {logits});
  return std::move(b).build();
}

}  // namespace ridgeline::small_networks
