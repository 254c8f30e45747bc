#include <fmt/format.h>

#include <array>

#include "models/network/zoo/catalogue.hpp"

/// SqueezeNext (Gholami et al., "SqueezeNext: Hardware-Aware Neural Network Design",
/// arXiv:1803.10615). Structure and node names follow the authors' prototxt files: every
/// convolution is ConvolutionN, BatchNormN (with its Scale) and a ReLU, without bias.
///
/// The order of the separable pair alternates block by block: 3x1 then 1x3 in the first block of
/// every stage, 1x3 then 3x1 in the second, and so on. The official networks have even block
/// counts in all stages but the last, so they do not tell whether the alternation starts anew with
/// each stage; here it does.
namespace ridgeline::zoo {
namespace {

/// The shortcut of the first block of a stage is a 1x1 projection.
enum class Style {
  A,  ///< projection and main path both read the block's input (the 23 and G-23 networks)
  B   ///< the main path reads the projection (the 23v5 networks)
};

struct Config {
  int eighths = 8;  ///< width multiplier in eighths: a quarter of the narrowest block is as wide
  std::array<int, 4> blocks{6, 6, 8, 1};
  int conv1 = 7;   ///< kernel of the first convolution
  int groups = 1;  ///< of a block's first 1x1 and of its separable pair
  Style style = Style::A;
  int input = 227;
};

class Builder {
 public:
  Builder(const std::string& name, std::string source, Config config)
      : config_(config),
        net_(name, std::move(source), {.C = 3, .H = config.input, .W = config.input}, "data") {}

  Network build() && {
    net_.set_preprocessing(kCaffePicture);
    const int k = config_.conv1;
    NodeId x = conv(net_.input(), {.M = 64, .window = {.R = k, .S = k, .stride = {2, 2}}}, "conv1");
    const Window pool{.R = 3, .S = 3, .stride = {2, 2}};
    x = net_.pool("pool1", x, {.window = pool, .ceil_mode = true});
    for (std::size_t stage = 0; stage < config_.blocks.size(); ++stage)
      for (int block = 0; block < config_.blocks[stage]; ++block)
        x = add_block(x, static_cast<int>(stage), block);
    x = conv(x, {.M = 128}, "conv_128");
    x = net_.pool("pool5", x, {.kind = PoolKind::average, .global = true});
    net_.fully_connected("fc1000", x, {.M = 1000, .bias = false});
    return std::move(net_).build();
  }

 private:
  std::string next_relu() { return fmt::format("ReLU{}", ++relus_); }

  NodeId conv(NodeId x, ConvOp op, const std::string& relu) {
    const int number = ++convolutions_;
    op.bias = false;
    x = net_.conv(fmt::format("Convolution{}", number), x, op);
    return net_.relu(relu, net_.batch_norm(fmt::format("BatchNorm{}", number), x));
  }
  NodeId conv(NodeId x, const ConvOp& op) { return conv(x, op, next_relu()); }

  NodeId add_block(NodeId x, int stage, int block) {
    const int C = 4 * config_.eighths << stage;
    const int stride = stage > 0 && block == 0 ? 2 : 1;
    const bool projects = block == 0;
    const Window strided{.stride = {stride, stride}};
    const NodeId shortcut = projects ? conv(x, {.M = C, .window = strided}) : x;
    const bool strides_in_main_path = projects && config_.style == Style::A;
    if (projects && config_.style == Style::B) x = shortcut;
    x = conv(
        x, {.M = C / 2, .G = config_.groups, .window = strides_in_main_path ? strided : Window{}});
    x = conv(x, {.M = C / 4});
    x = add_separable_pair(x, C / 2, block % 2 == 0);
    x = conv(x, {.M = C});
    return net_.relu(next_relu(), net_.add(fmt::format("Eltwise{}", ++additions_), shortcut, x));
  }

  NodeId add_separable_pair(NodeId x, int M, bool tall_first) {
    const Window tall{.R = 3, .S = 1, .pad = {1, 0, 1, 0}};
    const Window wide{.R = 1, .S = 3, .pad = {0, 1, 0, 1}};
    for (const Window& window : {tall_first ? tall : wide, tall_first ? wide : tall})
      x = conv(x, {.M = M, .G = config_.groups, .window = window});
    return x;
  }

  Config config_;
  NetworkBuilder net_;
  int convolutions_ = 0, relus_ = 0, additions_ = 0;
};

FixedNetwork official(const std::string& name, const std::string& folder, const Config& config) {
  return {name, fmt::format("{} at 227, authors' prototxt", folder), [=](const std::string& as) {
            return Builder(as, "github.com/amirgholami/SqueezeNext, " + folder, config).build();
          }};
}

/// Variants v2 to v4 have no official file. Their block counts are recalled from the paper; that
/// they have the 5x5 first kernel and the style of v5 is our reading.
FixedNetwork reconstructed(const std::string& version, std::array<int, 4> blocks) {
  return {"squeezenext_1.0_23" + version,
          fmt::format("1.0-SqNxt-23{} at 227, reconstructed: no official file exists", version),
          [=](const std::string& name) {
            return Builder(name,
                           "reconstructed from arXiv:1803.10615 (no official file exists): conv1 "
                           "5x5, style B, blocks as recalled from the paper",
                           {.blocks = blocks, .conv1 = 5, .style = Style::B})
                .build();
          }};
}

Network build_from(const Settings& settings) {
  Config config;
  config.eighths = settings.parts("width", 8, 1, 128);
  const std::vector<int> blocks = settings.integers("blocks", config.blocks.size(), 1, 100);
  std::copy(blocks.begin(), blocks.end(), config.blocks.begin());
  config.conv1 = settings.integer("conv1", 1, 15);
  config.groups = settings.integer("groups", 1, 4096);
  config.style = settings.choice("style", {"A", "B"}) == "A" ? Style::A : Style::B;
  config.input = settings.integer("input", 1, 8192);
  return Builder(settings.network(), "SqueezeNext family, arXiv:1803.10615", config).build();
}

}  // namespace

Catalogue squeezenext() {
  const Config v1{};
  const Config v5{.blocks = {2, 4, 14, 1}, .conv1 = 5, .style = Style::B};
  const auto with = [](Config config, int eighths, int groups) {
    config.eighths = eighths;
    config.groups = groups;
    return config;
  };
  return {.networks = {official("squeezenext_1.0_23", "1.0-SqNxt-23", v1),
                       official("squeezenext_1.0_g_23", "1.0-G-SqNxt-23", with(v1, 8, 2)),
                       official("squeezenext_1.0_23v5", "1.0-SqNxt-23v5", v5),
                       official("squeezenext_2.0_23", "2.0-SqNxt-23", with(v1, 16, 1)),
                       official("squeezenext_2.0_23v5", "2.0-SqNxt-23v5", with(v5, 16, 1)),
                       reconstructed("v2", {6, 6, 8, 1}), reconstructed("v3", {4, 8, 8, 1}),
                       reconstructed("v4", {2, 10, 8, 1})},
          .families = {{"squeezenext",
                        "SqueezeNext",
                        {{"width", "1.0", "multiplies the blocks' channels"},
                         {"blocks", "6-6-8-1", "blocks of each of the four stages"},
                         {"conv1", "7", "kernel of the first convolution"},
                         {"groups", "1", "of a block's first 1x1 and of its separable pair"},
                         {"style", "A",
                          "whether the first block of a stage reads its input (A) or "
                          "the projection (B)"},
                         {"input", "227", "height and width of the picture"}},
                        build_from}}};
}

}  // namespace ridgeline::zoo
