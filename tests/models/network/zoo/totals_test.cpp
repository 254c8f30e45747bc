#include <catch2/catch.hpp>

#include "models/network/zoo/zoo.hpp"

using namespace ridgeline;

namespace {

struct Expected {
  const char* name;
  TensorShape input;
  int weighted;  ///< convolutions and fully connected layers
  std::int64_t macs, weights, biases;
};

/// From the authors' prototxt files or papers, worked out independently of this program. Biases of
/// squeezenext_course, mobilenet_v1, tiny_darknet and vgg16 are the sums of their filters.
constexpr std::int64_t kVggBiases = 2 * 64 + 2 * 128 + 3 * 256 + 6 * 512 + 2 * 4096 + 1000;
constexpr TensorShape k227{.C = 3, .H = 227, .W = 227};
constexpr TensorShape k224{.C = 3, .H = 224, .W = 224};
const std::vector<Expected> kExpected{
    {"squeezenet_v1.0", k227, 26, 861'339'936, 1'244'448, 3'976},
    {"squeezenet_v1.1", k227, 26, 387'747'520, 1'231'552, 3'944},
    {"squeezenext_1.0_23", k227, 112, 277'999'808, 705'728, 0},
    {"squeezenext_1.0_g_23", k227, 112, 224'191'552, 531'520, 0},
    {"squeezenext_1.0_23v5", k227, 112, 224'916'480, 915'648, 0},
    {"squeezenext_2.0_23", k227, 112, 742'070'464, 2'339'008, 0},
    {"squeezenext_2.0_23v5", k227, 112, 702'592'000, 3'194'560, 0},
    // With one scale and one shift for each of the convolutions' outputs: 733,664, 747,840 and
    // 762,016 parameters; 228.98, 228.71 and 228.43 M MACs with one more for each output.
    {"squeezenext_1.0_23v2", k227, 112, 224'916'480, 722'112, 0},
    {"squeezenext_1.0_23v3", k227, 112, 224'916'480, 735'936, 0},
    {"squeezenext_1.0_23v4", k227, 112, 224'916'480, 749'760, 0},
    {"squeezenet_course", k224, 26, 948'667'904, 1'244'448, 3'976},
    {"squeezenext_course", k224, 111, 370'334'976, 1'053'888, 6'312},
    {"alexnet", k227, 8, 665'784'864 + 58'621'952, 2'332'704 + 58'621'952, 10'568},
    {"mobilenet_v1", k224, 28, 568'740'352, 4'209'088, 1'000},
    {"tiny_darknet", k224, 16, 491'524'096, 1'036'720, 1'000},
    {"vgg16", k224, 16, 15'346'630'656 + 123'633'664, 14'710'464 + 123'633'664, kVggBiases},
};

int count_weighted(const Network& network) {
  int count = 0;
  for (const Node& node : network.nodes) count += has_weights(node.op);
  return count;
}

}  // namespace

TEST_CASE("Totals of every network of the zoo are the published ones") {
  REQUIRE(zoo::list().size() == kExpected.size());
  for (const Expected& expected : kExpected) {
    INFO(expected.name);
    const Network network = zoo::make(expected.name);
    CHECK(network.name == expected.name);
    CHECK(!network.source.empty());
    CHECK(network.input() == expected.input);
    CHECK(count_weighted(network) == expected.weighted);
    CHECK(total_macs(network).count() == expected.macs);
    CHECK(total_weights(network) == expected.weights);
    CHECK(total_biases(network) == expected.biases);
    CHECK(network.nodes.back().shape == TensorShape{.C = 1000});
  }
}

TEST_CASE("MACs of SqueezeNext by the paper's count add one for each convolution output") {
  const auto paper_macs = [](const char* name) {
    const Network network = zoo::make(name);
    std::int64_t sum = total_macs(network).count();
    for (const Node& node : network.nodes)
      if (std::holds_alternative<ConvOp>(node.op)) sum += node.shape.elements();
    return sum;
  };
  CHECK(paper_macs("squeezenext_1.0_23") == 281'990'768);
  CHECK(paper_macs("squeezenext_1.0_g_23") == 228'182'512);
  CHECK(paper_macs("squeezenext_1.0_23v5") == 228'017'984);
  CHECK(paper_macs("squeezenext_2.0_23") == 749'257'568);
  CHECK(paper_macs("squeezenext_2.0_23v5") == 707'985'920);
  CHECK((paper_macs("squeezenext_1.0_23v2") + 5'000) / 10'000 == 22'898);
  CHECK((paper_macs("squeezenext_1.0_23v3") + 5'000) / 10'000 == 22'871);
  CHECK((paper_macs("squeezenext_1.0_23v4") + 5'000) / 10'000 == 22'843);
}
