#include <fmt/format.h>

#include <array>

#include "models/network/zoo/catalogue.hpp"

/// VGG-16 (Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image
/// Recognition", arXiv:1409.1556, configuration D), with the node names of the authors' Caffe
/// model. Dropout is left out.
namespace ridgeline::zoo {
namespace {

struct Stage {
  int convolutions;
  int M;
};
constexpr std::array<Stage, 5> kStages{{{2, 64}, {2, 128}, {3, 256}, {3, 512}, {3, 512}}};

/// As on the authors' page of the model.
constexpr Preprocessing kPicture{.channels = ChannelOrder::bgr, .mean = {103.939, 116.779, 123.68}};

Network build(const std::string& name) {
  constexpr Window kConv{.R = 3, .S = 3, .pad = {1, 1, 1, 1}};
  constexpr Window kPool{.R = 2, .S = 2, .stride = {2, 2}};
  NetworkBuilder net(name, "arXiv:1409.1556, configuration D", {.C = 3, .H = 224, .W = 224},
                     "data");
  net.set_preprocessing(kPicture);
  NodeId x = net.input();
  for (std::size_t stage = 0; stage < kStages.size(); ++stage) {
    for (int i = 1; i <= kStages[stage].convolutions; ++i) {
      const std::string number = fmt::format("{}_{}", stage + 1, i);
      x = net.conv("conv" + number, x, {.M = kStages[stage].M, .window = kConv});
      x = net.relu("relu" + number, x);
    }
    x = net.pool(fmt::format("pool{}", stage + 1), x, {.window = kPool, .ceil_mode = true});
  }
  x = net.relu("relu6", net.fully_connected("fc6", x, {.M = 4096}));
  x = net.relu("relu7", net.fully_connected("fc7", x, {.M = 4096}));
  net.fully_connected("fc8", x, {.M = 1000});
  return std::move(net).build();
}

}  // namespace

Catalogue vgg() {
  return {.networks = {{"vgg16", "VGG-16 at 224, configuration D", build}}};
}

}  // namespace ridgeline::zoo
