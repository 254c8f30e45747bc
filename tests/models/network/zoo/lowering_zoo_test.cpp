#include <catch2/catch.hpp>

#include "models/network/zoo/zoo.hpp"
#include "tests/models/network/lowering_invariants.hpp"

using namespace ridgeline;
using lowering_tests::violations;

namespace {

int layers_of(const LoweredNetwork& lowered, LayerKind kind) {
  return static_cast<int>(
      std::count_if(lowered.layers.begin(), lowered.layers.end(),
                    [&](const LoweredLayer& layer) { return layer.kind == kind; }));
}

}  // namespace

TEST_CASE("Every network of the zoo lowers into layers that keep the invariants") {
  for (const zoo::Entry& entry : zoo::list()) {
    INFO(entry.name);
    const Network network = zoo::make(entry.name);
    CHECK(violations(lower(network)) == std::vector<std::string>{});
    CHECK(violations(lower(with_batch(network, 3))) == std::vector<std::string>{});
  }
}

TEST_CASE("No network of the zoo needs a copy or an addition of its own") {
  for (const zoo::Entry& entry : zoo::list()) {
    INFO(entry.name);
    const LoweredNetwork lowered = lower(zoo::make(entry.name));
    CHECK(layers_of(lowered, LayerKind::copy) == 0);
    CHECK(layers_of(lowered, LayerKind::add) == 0);
  }
}

TEST_CASE("SqueezeNext runs as its convolutions, two pools and a fully connected layer") {
  const LoweredNetwork lowered = lower(zoo::make("squeezenext_1.0_23v5"));
  CHECK(lowered.layers.size() == 114);
  CHECK(layers_of(lowered, LayerKind::conv) == 111);
  int additions = 0;
  for (const LoweredLayer& layer : lowered.layers) {
    if (layer.kind != LayerKind::conv) continue;
    CHECK(layer.batch_norm.has_value());
    CHECK(layer.relu);
    additions += layer.residual.has_value();
    CHECK(layer.relu_after_add == layer.residual.has_value());
  }
  CHECK(additions == 21);
}

TEST_CASE("The course's BatchNorm after a pool is one more convolution") {
  const LoweredNetwork lowered = lower(zoo::make("squeezenet_course"));
  CHECK(layers_of(lowered, LayerKind::conv) == 27);
  CHECK(lowered.layers[2].name == "bn1");
  CHECK(lowered.layers[2].shape.G == 96);
  int expands_with_relu = 0;
  for (const LoweredLayer& layer : lowered.layers)
    expands_with_relu += layer.name.find("/expand") != std::string::npos && layer.relu;
  CHECK(expands_with_relu == 16);
}
