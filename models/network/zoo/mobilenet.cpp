#include <fmt/format.h>

#include <array>

#include "models/network/zoo/catalogue.hpp"

/// MobileNet v1 (Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile
/// Vision Applications", arXiv:1704.04861, Table 1): depthwise 3x3 and pointwise 1x1 convolutions,
/// each with BatchNorm and ReLU. Node names are those of github.com/shicai/MobileNet-Caffe, whose
/// last layer (a 1x1 convolution there) is fully connected here.
namespace ridgeline::zoo {
namespace {

struct Config {
  int thirty_seconds = 32;  ///< width multiplier in 1/32, the narrowest layer having 32 filters
  int input = 224;
};

struct Separable {
  const char* name;
  int M;  ///< of the pointwise convolution, at width 1
  int stride;
};

constexpr std::array<Separable, 13> kSeparables{{{"2_1", 64, 1},
                                                 {"2_2", 128, 2},
                                                 {"3_1", 128, 1},
                                                 {"3_2", 256, 2},
                                                 {"4_1", 256, 1},
                                                 {"4_2", 512, 2},
                                                 {"5_1", 512, 1},
                                                 {"5_2", 512, 1},
                                                 {"5_3", 512, 1},
                                                 {"5_4", 512, 1},
                                                 {"5_5", 512, 1},
                                                 {"5_6", 1024, 2},
                                                 {"6", 1024, 1}}};

constexpr Window window3(int stride) {
  return {.R = 3, .S = 3, .stride = {stride, stride}, .pad = {1, 1, 1, 1}};
}

/// "conv" + `name` with its BatchNorm and ReLU.
NodeId conv(NetworkBuilder& net, const std::string& name, NodeId x, ConvOp op) {
  op.bias = false;
  x = net.conv("conv" + name, x, op);
  return net.relu("relu" + name, net.batch_norm("conv" + name + "/bn", x));
}

/// As in the Caffe model's eval_image.py.
constexpr Preprocessing kPicture{.channels = ChannelOrder::bgr,
                                 .mean = {103.94, 116.78, 123.68},
                                 .scale = {0.017, 0.017, 0.017}};

Network build(const std::string& name, const Config& config) {
  const auto width = [&](int M) { return M / 32 * config.thirty_seconds; };
  NetworkBuilder net(name, "arXiv:1704.04861, Table 1; names of github.com/shicai/MobileNet-Caffe",
                     {.C = 3, .H = config.input, .W = config.input}, "data");
  net.set_preprocessing(kPicture);
  NodeId x = conv(net, "1", net.input(), {.M = width(32), .window = window3(2)});
  for (const Separable& one : kSeparables) {
    const int C = net.shape(x).C;
    const std::string at = one.name;
    x = conv(net, at + "/dw", x, {.M = C, .G = C, .window = window3(one.stride)});
    x = conv(net, at + "/sep", x, {.M = width(one.M)});
  }
  x = net.pool("pool6", x, {.kind = PoolKind::average, .global = true});
  net.fully_connected("fc7", x, {.M = 1000});
  return std::move(net).build();
}

Network build_from(const Settings& settings) {
  Config config;
  config.thirty_seconds = settings.parts("width", 32, 1, 128);
  config.input = settings.integer("input", 1, 8192);
  return build(settings.network(), config);
}

}  // namespace

Catalogue mobilenet() {
  return {.networks = {{"mobilenet_v1", "1.0 MobileNet-224, depthwise and pointwise convolutions",
                        [](const std::string& name) { return build(name, {}); }}},
          .families = {{"mobilenet",
                        "MobileNet v1",
                        {{"width", "1.0", "multiplies the channels of every layer"},
                         {"input", "224", "height and width of the picture"}},
                        build_from}}};
}

}  // namespace ridgeline::zoo
