#include <fmt/format.h>

#include <array>

#include "models/network/zoo/catalogue.hpp"

/// Tiny Darknet (github.com/pjreddie/darknet, cfg/tiny.cfg). Convolutions have BatchNorm and, in
/// the original, leaky ReLU; ReLU stands in for it, which changes values but no cost. The last
/// convolution has a bias and neither. Nodes are numbered as darknet prints the layers.
namespace ridgeline::zoo {
namespace {

/// M filters of kernel x kernel; M = 0 is a 2x2 max pool with stride 2.
struct Layer {
  int M;
  int kernel;
};
constexpr Layer kMaxPool{0, 2};
constexpr std::array<Layer, 19> kLayers{{{16, 3},
                                         kMaxPool,
                                         {32, 3},
                                         kMaxPool,
                                         {16, 1},
                                         {128, 3},
                                         {16, 1},
                                         {128, 3},
                                         kMaxPool,
                                         {32, 1},
                                         {256, 3},
                                         {32, 1},
                                         {256, 3},
                                         kMaxPool,
                                         {64, 1},
                                         {512, 3},
                                         {64, 1},
                                         {512, 3},
                                         {128, 1}}};

/// Darknet's load_image: red, green, blue in 0..1.
constexpr Preprocessing kPicture{.scale = {1.0 / 255, 1.0 / 255, 1.0 / 255}};

Network build(const std::string& name) {
  NetworkBuilder net(name, "github.com/pjreddie/darknet, cfg/tiny.cfg",
                     {.C = 3, .H = 224, .W = 224});
  net.set_preprocessing(kPicture);
  NodeId x = net.input();
  for (std::size_t i = 0; i < kLayers.size(); ++i) {
    const Layer& layer = kLayers[i];
    const int k = layer.kernel;
    if (layer.M == 0) {
      x = net.pool(fmt::format("pool{}", i), x, {.window = {.R = k, .S = k, .stride = {k, k}}});
      continue;
    }
    const int pad = k / 2;
    const Window window{.R = k, .S = k, .pad = {pad, pad, pad, pad}};
    x = net.conv(fmt::format("conv{}", i), x, {.M = layer.M, .window = window, .bias = false});
    x = net.relu(fmt::format("relu{}", i), net.batch_norm(fmt::format("bn{}", i), x));
  }
  x = net.conv("conv19", x, {.M = 1000});
  net.pool("pool20", x, {.kind = PoolKind::average, .global = true});
  return std::move(net).build();
}

}  // namespace

Catalogue tiny_darknet() {
  return {.networks = {{"tiny_darknet", "Tiny Darknet at 224, with ReLU for leaky ReLU", build}}};
}

}  // namespace ridgeline::zoo
