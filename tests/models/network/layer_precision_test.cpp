#include "models/network/layer_precision.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "models/base/error.hpp"
#include "models/numeric/workload.hpp"
#include "tests/models/numeric/small_networks.hpp"

namespace ridgeline {
namespace {

using Rules = std::vector<PrecisionRule>;

LoweredNetwork fires(const Rules& rules, Precision run = Precision::int8) {
  return assign_precisions(lower(small_networks::fires()), run, rules);
}

const LoweredLayer& layer(const LoweredNetwork& network, const std::string& name) {
  const auto found = std::ranges::find(network.layers, name, &LoweredLayer::name);
  REQUIRE(found != network.layers.end());
  return *found;
}

LayerPrecision words(const LoweredNetwork& network, const std::string& name) {
  return layer_precision(network, layer(network, name), Precision::int8);
}

std::vector<std::string> copies(const LoweredNetwork& network) {
  std::vector<std::string> names;
  for (const LoweredLayer& one : network.layers)
    if (one.converts) names.push_back(one.name);
  return names;
}

constexpr auto kInt8 = Precision::int8, kInt16 = Precision::int16;

}  // namespace

TEST_CASE("Without rules a network is as it was") {
  const LoweredNetwork network = fires({});
  CHECK(copies(network).empty());
  for (const LoweredLayer& one : network.layers) {
    CHECK_FALSE(one.precision);
    CHECK(layer_precision(network, one, kInt16) == LayerPrecision(kInt16));
    CHECK(layer_precision(network, one, Precision::fp32) == LayerPrecision(Precision::fp32));
  }
}

TEST_CASE("A wide layer has a wide input and output, and int8 layers of the array get a copy") {
  const LoweredNetwork network = fires({{"fire2/squeeze", kInt16}});
  CHECK(words(network, "conv1") == LayerPrecision(kInt8));
  CHECK(words(network, "pool1") == LayerPrecision(kInt8, kInt16, kInt8));
  CHECK(words(network, "fire2/squeeze") == LayerPrecision(kInt16));
  // Both expanding layers read one copy.
  CHECK(copies(network) == std::vector<std::string>{"fire2/squeeze/relu/to_int8"});
  const LoweredLayer& copy = layer(network, "fire2/squeeze/relu/to_int8");
  CHECK(layer_precision(network, copy, kInt8) == LayerPrecision(kInt16, kInt8, kInt16));
  CHECK(layer(network, "fire2/expand1x1").input == copy.output);
  CHECK(layer(network, "fire2/expand3x3").input == copy.output);
  CHECK(network.layers[3].name == copy.name);
  CHECK(words(network, "fire2/expand3x3") == LayerPrecision(kInt8));
}

TEST_CASE("Parts of a concatenation have words of one width") {
  const LoweredNetwork network = fires({{"fire2/expand1x1", kInt16}});
  CHECK(words(network, "fire2/expand3x3") == LayerPrecision(kInt8, kInt16, kInt8));
  // The squeezed map is wide for the one, and copied for the other; the concatenation is copied for
  // the next squeeze.
  CHECK(copies(network) ==
        std::vector<std::string>{"fire2/squeeze/relu/to_int8", "fire2/concat/to_int8"});
}

TEST_CASE("The last rule that names a layer counts, and a run of int16 may have int8 layers") {
  const LoweredNetwork narrow = fires({{"*", kInt16}, {"fire*", kInt8}, {"fire3/*", kInt16}});
  CHECK(words(narrow, "conv1") == LayerPrecision(kInt16));
  CHECK(words(narrow, "fire4/expand1x1").own == kInt8);
  CHECK(words(narrow, "fire3/expand1x1") == LayerPrecision(kInt16));
  const LoweredNetwork wide = fires({{"fire2/expand3x3", kInt8}}, kInt16);
  CHECK(layer_precision(wide, layer(wide, "fire2/expand3x3"), kInt16) ==
        LayerPrecision(kInt8, kInt16, kInt8));
  CHECK(copies(wide) == std::vector<std::string>{"fire2/squeeze/relu/to_int8"});
}

TEST_CASE("A glob that matches no layer is refused with the nearest name") {
  CHECK_THROWS_WITH(fires({{"conv55", kInt16}}),
                    Catch::Matchers::Contains("--layer-precision: 'conv55' matches no layer of "
                                              "fires") &&
                        Catch::Matchers::Contains("did you mean 'conv5'?"));
}

TEST_CASE("Random weights are the same, whichever copies were put in") {
  const Workload plain = make_workload(fires({}), {.precision = kInt8});
  const Workload mixed = make_workload(fires({{"fire2/squeeze", kInt16}, {"fire3/*1x1", kInt16}}),
                                       {.precision = kInt8});
  REQUIRE(mixed.lowered.layers.size() > plain.lowered.layers.size());
  int narrow = 0;
  for (std::size_t i = 0; i < plain.layers.size(); ++i) {
    const auto& name = plain.lowered.layers[i].name;
    const auto found = std::ranges::find(mixed.lowered.layers, name, &LoweredLayer::name);
    const auto& other =
        mixed.layers[static_cast<std::size_t>(found - mixed.lowered.layers.begin())];
    if (other.filters.index() != plain.layers[i].filters.index()) continue;
    CHECK(other.filters == plain.layers[i].filters);
    ++narrow;
  }
  CHECK(narrow > 5);
}

}  // namespace ridgeline
