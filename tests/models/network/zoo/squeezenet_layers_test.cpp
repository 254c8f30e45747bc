#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "models/network/zoo/zoo.hpp"

// Layer tables of SqueezeNet, worked out from the authors' deploy.prototxt files; filters and
// parameters of v1.0 are also those of the paper's Table 1.
using namespace ridgeline;

namespace {

NodeId id_of(const Network& network, const std::string& name) {
  for (std::size_t i = 0; i < network.nodes.size(); ++i)
    if (network.nodes[i].name == name) return static_cast<NodeId>(i);
  FAIL("no node " << name);
  return 0;
}

std::int64_t macs_of(const Network& network, const std::string& name) {
  return conv_shape(network, id_of(network, name)).macs().count();
}

TensorShape shape_of(const Network& network, const std::string& name) {
  return network.nodes[static_cast<std::size_t>(id_of(network, name))].shape;
}

std::int64_t parameters_of(const Network& network, const std::string& name) {
  const ConvShape shape = conv_shape(network, id_of(network, name));
  return shape.filter_elements() + shape.M;
}

struct Fire {
  int number, extent, channels, squeeze, expand;
  std::int64_t parameters, squeeze_macs, expand1_macs, expand3_macs;
};

void check_fire(const Network& network, const Fire& fire) {
  const std::string at = fmt::format("fire{}/", fire.number);
  INFO(network.name << " " << at);
  CHECK(shape_of(network, at + "concat") ==
        TensorShape{.C = fire.channels, .H = fire.extent, .W = fire.extent});
  CHECK(shape_of(network, at + "squeeze1x1").C == fire.squeeze);
  CHECK(shape_of(network, at + "expand1x1").C == fire.expand);
  CHECK(shape_of(network, at + "expand3x3").C == fire.expand);
  CHECK(macs_of(network, at + "squeeze1x1") == fire.squeeze_macs);
  CHECK(macs_of(network, at + "expand1x1") == fire.expand1_macs);
  CHECK(macs_of(network, at + "expand3x3") == fire.expand3_macs);
  std::int64_t parameters = 0;
  for (const char* name : {"squeeze1x1", "expand1x1", "expand3x3"})
    parameters += parameters_of(network, at + name);
  CHECK(parameters == fire.parameters);
}

TensorShape square(int C, int extent) {
  return {.C = C, .H = extent, .W = extent};
}

}  // namespace

TEST_CASE("The layers of SqueezeNet v1.0 are those of its table") {
  const Network network = zoo::make("squeezenet_v1.0");
  CHECK(shape_of(network, "conv1") == square(96, 111));
  CHECK(parameters_of(network, "conv1") == 14'208);
  CHECK(macs_of(network, "conv1") == 173'873'952);
  CHECK(shape_of(network, "pool1") == square(96, 55));
  for (const Fire& fire :
       std::vector<Fire>{{2, 55, 128, 16, 64, 11'920, 4'646'400, 3'097'600, 27'878'400},
                         {3, 55, 128, 16, 64, 12'432, 6'195'200, 3'097'600, 27'878'400},
                         {4, 55, 256, 32, 128, 45'344, 12'390'400, 12'390'400, 111'513'600},
                         {5, 27, 256, 32, 128, 49'440, 5'971'968, 2'985'984, 26'873'856},
                         {6, 27, 384, 48, 192, 104'880, 8'957'952, 6'718'464, 60'466'176},
                         {7, 27, 384, 48, 192, 111'024, 13'436'928, 6'718'464, 60'466'176},
                         {8, 27, 512, 64, 256, 188'992, 17'915'904, 11'943'936, 107'495'424},
                         {9, 13, 512, 64, 256, 197'184, 5'537'792, 2'768'896, 24'920'064}})
    check_fire(network, fire);
  CHECK(shape_of(network, "pool4") == square(256, 27));
  CHECK(shape_of(network, "pool8") == square(512, 13));
  CHECK(shape_of(network, "conv10") == square(1000, 15));
  CHECK(parameters_of(network, "conv10") == 513'000);
  CHECK(macs_of(network, "conv10") == 115'200'000);
}

TEST_CASE("The layers of SqueezeNet v1.1 are those of its table") {
  const Network network = zoo::make("squeezenet_v1.1");
  CHECK(shape_of(network, "conv1") == square(64, 113));
  CHECK(macs_of(network, "conv1") == 22'064'832);
  for (const Fire& fire :
       std::vector<Fire>{{2, 56, 128, 16, 64, 11'408, 3'211'264, 3'211'264, 28'901'376},
                         {3, 56, 128, 16, 64, 12'432, 6'422'528, 3'211'264, 28'901'376},
                         {4, 28, 256, 32, 128, 45'344, 3'211'264, 3'211'264, 28'901'376},
                         {5, 28, 256, 32, 128, 49'440, 6'422'528, 3'211'264, 28'901'376},
                         {6, 14, 384, 48, 192, 104'880, 2'408'448, 1'806'336, 16'257'024},
                         {7, 14, 384, 48, 192, 111'024, 3'612'672, 1'806'336, 16'257'024},
                         {8, 14, 512, 64, 256, 188'992, 4'816'896, 3'211'264, 28'901'376},
                         {9, 14, 512, 64, 256, 197'184, 6'422'528, 3'211'264, 28'901'376}})
    check_fire(network, fire);
  CHECK(shape_of(network, "pool1") == square(64, 56));
  CHECK(shape_of(network, "pool3") == square(128, 28));
  CHECK(shape_of(network, "pool5") == square(256, 14));
  CHECK(shape_of(network, "conv10") == square(1000, 14));
  CHECK(macs_of(network, "conv10") == 100'352'000);
}

TEST_CASE("SqueezeNet at 224 has the MACs worked out for 224") {
  CHECK(total_macs(zoo::make("squeezenet:input=224")).count() == 847'596'576);
  CHECK(total_macs(zoo::make("squeezenet:version=1.1,input=224")).count() == 349'151'936);
}
