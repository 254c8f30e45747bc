#include <fmt/format.h>

#include <array>

#include "models/network/zoo/catalogue.hpp"

/// The two listings of the DeepLearningSystem course, at 224, read as they are meant. They differ
/// from the authors' networks: a padded first kernel, floor-mode pools, BatchNorm after the first
/// pool. The SqueezeNet listing declares the BatchNorm of a fire's squeeze out/4 wide although its
/// input has out/8 channels, and so fails as printed; out/8 is meant.
namespace ridgeline::zoo {
namespace {

constexpr const char* kSource = "DeepLearningSystem course, listing in the text";
constexpr TensorShape kPicture{.C = 3, .H = 224, .W = 224};

constexpr Window window(int kernel, int stride = 1, int pad = 0) {
  return {.R = kernel, .S = kernel, .stride = {stride, stride}, .pad = {pad, pad, pad, pad}};
}

/// conv1, pool1 and bn1, which both listings begin with.
NodeId add_head(NetworkBuilder& net, int M) {
  NodeId x = net.conv("conv1", net.input(), {.M = M, .window = window(7, 2, 3)});
  x = net.pool("pool1", x, {.window = window(3, 2)});
  return net.batch_norm("bn1", x);
}

NodeId fire(NetworkBuilder& net, const std::string& at, NodeId x, int out) {
  x = net.conv(at + "squeeze", x, {.M = out / 8});
  x = net.relu(at + "relu", net.batch_norm(at + "bn", x));
  const NodeId one = net.conv(at + "expand1x1", x, {.M = out / 2});
  const NodeId three = net.conv(at + "expand3x3", x, {.M = out / 2, .window = window(3, 1, 1)});
  return net.relu(at + "relu_concat", net.concat(at + "concat", {one, three}));
}

Network squeezenet_course(const std::string& name) {
  constexpr std::array<int, 8> kOutputs{128, 128, 256, 256, 384, 384, 512, 512};
  NetworkBuilder net(name, kSource, kPicture);
  NodeId x = add_head(net, 96);
  for (std::size_t i = 0; i < kOutputs.size(); ++i) {
    x = fire(net, fmt::format("fire{}/", i + 2), x, kOutputs[i]);
    const bool pooled = i == 3 || i == 6;
    if (pooled) x = net.pool(fmt::format("pool{}", i + 2), x, {.window = window(3, 2)});
  }
  x = net.relu("relu_conv10", net.conv("conv10", x, {.M = 1000}));
  net.pool("pool10", x, {.window = window(13)});
  return std::move(net).build();
}

NodeId conv_bn(NetworkBuilder& net, const std::string& at, const std::string& suffix, NodeId x,
               const ConvOp& op) {
  return net.batch_norm(at + "bn" + suffix, net.conv(at + "conv" + suffix, x, op));
}

/// The five convolutions of a block; the stride is in the first.
NodeId main_path(NetworkBuilder& net, const std::string& at, NodeId x, int out, int stride) {
  const int in = net.shape(x).C;
  const std::array<ConvOp, 5> convolutions{{
      {.M = in / 2, .window = window(1, stride)},
      {.M = in / 4},
      {.M = in / 2, .window = {.R = 1, .S = 3, .pad = {0, 1, 0, 1}}},
      {.M = in / 2, .window = {.R = 3, .S = 1, .pad = {1, 0, 1, 0}}},
      {.M = out},
  }};
  for (std::size_t i = 0; i < convolutions.size(); ++i) {
    const std::string suffix = std::to_string(i + 1);
    x = net.relu(at + "relu" + suffix, conv_bn(net, at, suffix, x, convolutions[i]));
  }
  return x;
}

NodeId block(NetworkBuilder& net, const std::string& at, NodeId x, int out, int stride) {
  NodeId shortcut = x;
  if (stride != 1 || net.shape(x).C != out)
    shortcut = conv_bn(net, at, "_shortcut", x, {.M = out, .window = window(3, stride, 1)});
  return net.add(at + "add", main_path(net, at, x, out, stride), shortcut);
}

Network squeezenext_course(const std::string& name) {
  constexpr std::array<int, 4> kBlocks{6, 6, 8, 1};
  NetworkBuilder net(name, kSource, kPicture);
  NodeId x = net.relu("relu1", add_head(net, 64));
  for (std::size_t stage = 0; stage < kBlocks.size(); ++stage)
    for (int i = 0; i < kBlocks[stage]; ++i)
      x = block(net, fmt::format("stage{}/block{}/", stage + 1, i + 1), x, 32 << stage,
                stage > 0 && i == 0 ? 2 : 1);
  x = net.pool("pool5", x, {.window = window(7)});
  net.fully_connected("fc", x, {.M = 1000});
  return std::move(net).build();
}

}  // namespace

Catalogue course() {
  return {
      .networks = {{"squeezenet_course", "SqueezeNet of the DeepLearningSystem course, at 224",
                    squeezenet_course},
                   {"squeezenext_course", "SqueezeNext of the DeepLearningSystem course, at 224",
                    squeezenext_course}}};
}

}  // namespace ridgeline::zoo
