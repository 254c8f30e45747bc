#include <fmt/format.h>

#include <array>
#include <cmath>

#include "models/network/zoo/catalogue.hpp"

/// SqueezeNet (Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and
/// <0.5MB model size", arXiv:1602.07360), as in the authors' prototxt files: node names are theirs,
/// pools are in ceil mode as everywhere in Caffe, conv10 of v1.0 has pad 1. Dropout is left out.
namespace ridgeline::zoo {
namespace {

enum class Version { v1_0, v1_1 };

struct Config {
  Version version = Version::v1_0;
  /// Squeeze filters of fire2 to fire9 (section 4 of the paper: the squeeze ratio times the expand
  /// filters, which are `kExpand` for each of 1x1 and 3x3).
  std::array<int, 8> squeeze{16, 16, 32, 32, 48, 48, 64, 64};
  /// Of conv10, whose output is 15 x 15 with it and 13 x 13 without at an input of 227.
  int conv10_pad = 1;
  int input = 227;
};

constexpr std::array<int, 8> kExpand{64, 64, 128, 128, 192, 192, 256, 256};

constexpr Window square(int kernel, int stride = 1, int pad = 0) {
  return {.R = kernel, .S = kernel, .stride = {stride, stride}, .pad = {pad, pad, pad, pad}};
}

NodeId conv_relu(NetworkBuilder& net, const std::string& name, const std::string& relu, NodeId x,
                 int M, const Window& window) {
  return net.relu(relu, net.conv(name, x, {.M = M, .window = window}));
}

NodeId max_pool(NetworkBuilder& net, const std::string& name, NodeId x) {
  return net.pool(name, x, {.window = square(3, 2), .ceil_mode = true});
}

NodeId fire(NetworkBuilder& net, int number, NodeId x, int squeeze, int expand) {
  const std::string at = fmt::format("fire{}/", number);
  const auto part = [&](const std::string& name, NodeId from, int M, const Window& window) {
    return conv_relu(net, at + name, at + "relu_" + name, from, M, window);
  };
  const NodeId squeezed = part("squeeze1x1", x, squeeze, square(1));
  const NodeId expand1 = part("expand1x1", squeezed, expand, square(1));
  const NodeId expand3 = part("expand3x3", squeezed, expand, square(3, 1, 1));
  return net.concat(at + "concat", {expand1, expand3});
}

Network build(const std::string& name, const Config& config) {
  const bool first = config.version == Version::v1_0;
  NetworkBuilder net(name,
                     first ? "github.com/forresti/SqueezeNet, SqueezeNet_v1.0"
                           : "github.com/forresti/SqueezeNet, SqueezeNet_v1.1",
                     {.C = 3, .H = config.input, .W = config.input}, "data");
  net.set_preprocessing(kCaffePicture);
  NodeId x =
      conv_relu(net, "conv1", "relu_conv1", net.input(), first ? 96 : 64, square(first ? 7 : 3, 2));
  x = max_pool(net, "pool1", x);
  for (int number = 2; number <= 9; ++number) {
    const auto index = static_cast<std::size_t>(number - 2);
    x = fire(net, number, x, config.squeeze[index], kExpand[index]);
    const bool pooled = first ? number == 4 || number == 8 : number == 3 || number == 5;
    if (pooled) x = max_pool(net, fmt::format("pool{}", number), x);
  }
  x = conv_relu(net, "conv10", "relu_conv10", x, 1000, square(1, 1, config.conv10_pad));
  net.pool("pool10", x, {.kind = PoolKind::average, .global = true});
  return std::move(net).build();
}

/// Squeeze filters must come out whole; the paper's ratios (0.125 to 1) all do.
Config with_ratio(Config config, const Settings& settings) {
  const double ratio = settings.fraction("ratio");
  for (std::size_t i = 0; i < kExpand.size(); ++i) {
    const double filters = ratio * 2 * kExpand[i];
    if (filters < 1 || filters != std::floor(filters))
      settings.fail("ratio", fmt::format("ratios that give whole numbers of squeeze filters; this "
                                         "one gives fire{} {}",
                                         i + 2, filters));
    config.squeeze[i] = static_cast<int>(filters);
  }
  return config;
}

Network build_from(const Settings& settings) {
  Config config;
  config.version =
      settings.choice("version", {"1.0", "1.1"}) == "1.0" ? Version::v1_0 : Version::v1_1;
  const std::string pad = settings.choice("conv10_pad", {"auto", "0", "1"});
  const bool padded = pad == "auto" ? config.version == Version::v1_0 : pad == "1";
  config.conv10_pad = padded ? 1 : 0;
  config.input = settings.integer("input", 1, 8192);
  return build(settings.network(), with_ratio(config, settings));
}

}  // namespace

Catalogue squeezenet() {
  return {.networks = {{"squeezenet_v1.0", "SqueezeNet v1.0 at 227, authors' prototxt",
                        [](const std::string& name) { return build(name, {}); }},
                       {"squeezenet_v1.1", "SqueezeNet v1.1 at 227, authors' prototxt",
                        [](const std::string& name) {
                          return build(name, {.version = Version::v1_1, .conv10_pad = 0});
                        }}},
          .families = {{"squeezenet",
                        "SqueezeNet",
                        {{"version", "1.0", "1.0 or 1.1"},
                         {"ratio", "0.125", "squeeze filters / expand filters of a fire module"},
                         {"conv10_pad", "auto", "0 or 1; auto: the prototxt's, 1 in 1.0, 0 in 1.1"},
                         {"input", "227", "height and width of the picture"}},
                        build_from}}};
}

}  // namespace ridgeline::zoo
