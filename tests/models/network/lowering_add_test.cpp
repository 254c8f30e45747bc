#include <catch2/catch.hpp>

#include "tests/models/network/lowering_test_graphs.hpp"

using namespace ridgeline;
using namespace ridgeline::lowering_tests;

namespace {

/// Convolution, BatchNorm and ReLU with 4 filters.
NodeId conv_bn_relu(NetworkBuilder& net, const std::string& name, NodeId x) {
  return net.relu(name + "/relu", net.batch_norm(name + "/bn", net.conv(name, x, {.M = 4})));
}

}  // namespace

TEST_CASE("An addition fuses into the later of two convolutions, whatever their order") {
  const bool later_first = GENERATE(false, true);
  NetworkBuilder net = small_net();
  const NodeId projection = conv_bn_relu(net, "projection", net.input());
  const NodeId main = conv_bn_relu(net, "main", net.input());
  const NodeId sum =
      later_first ? net.add("sum", main, projection) : net.add("sum", projection, main);
  const NodeId relu = net.relu("relu", sum);
  const LoweredNetwork lowered = lower(std::move(net).build());
  REQUIRE(layer_names(lowered) == "projection main");
  const LoweredLayer& layer = layer_named(lowered, "main");
  CHECK(layer.relu);
  CHECK(layer.relu_after_add);
  CHECK(layer.pre_add_node == main);
  CHECK(residual_of(lowered, layer) == "projection/relu");
  CHECK(layer.fused == Strings{"batch_norm", "relu", "add projection/relu", "relu"});
  CHECK(tensor(lowered, layer.output).node == relu);
  CHECK(!layer_named(lowered, "projection").residual);
}

TEST_CASE("The value before a fused addition is that of the last node before it") {
  NetworkBuilder net = small_net();
  const NodeId conv = net.conv("conv", net.input(), {.M = 4});
  const NodeId plain = net.add("plain", net.input(), conv);
  const NodeId other = net.conv("other", plain, {.M = 4});
  const NodeId bn = net.batch_norm("bn", other);
  net.add("normalised", bn, plain);
  const LoweredNetwork lowered = lower(std::move(net).build());
  REQUIRE(layer_names(lowered) == "conv other");
  CHECK(lowered.layers[0].pre_add_node == conv);
  CHECK(lowered.layers[0].fused == Strings{"add input"});
  CHECK(!lowered.layers[0].relu_after_add);
  CHECK(lowered.layers[1].pre_add_node == bn);
}

TEST_CASE("An addition stays a layer when the later value is read by others") {
  NetworkBuilder net = small_net();
  const NodeId early = net.conv("early", net.input(), {.M = 4});
  const NodeId late = net.conv("late", net.input(), {.M = 4});
  const NodeId sum = net.add("sum", early, late);
  net.concat("concat", {net.relu("relu", sum), late});
  const LoweredNetwork lowered = lower(std::move(net).build());
  REQUIRE(layer_names(lowered) == "early late sum");
  const LoweredLayer& layer = layer_named(lowered, "sum");
  CHECK(layer.kind == LayerKind::add);
  CHECK(input_of(lowered, layer) == "early");
  CHECK(residual_of(lowered, layer) == "late");
  CHECK(layer.pre_add_node == early);
  CHECK(layer.relu_after_add);
  CHECK(!layer.relu);
  CHECK(layer.shape == ConvShape{.M = 4, .C = 4, .H = 5, .W = 6});
}

TEST_CASE("An addition does not fuse into the earlier producer") {
  NetworkBuilder net = small_net();
  const NodeId conv = net.conv("conv", net.input(), {.M = 4});
  const NodeId late = net.relu("late", net.input());
  net.add("sum", conv, late);
  const LoweredNetwork lowered = lower(std::move(net).build());
  CHECK(layer_names(lowered) == "conv late sum");
}

TEST_CASE("An addition fuses only once into a convolution") {
  NetworkBuilder net = small_net();
  const NodeId conv = net.conv("conv", net.input(), {.M = 4});
  const NodeId first = net.add("first", conv, net.input());
  net.add("second", first, net.input());
  const LoweredNetwork lowered = lower(std::move(net).build());
  REQUIRE(layer_names(lowered) == "conv second");
  CHECK(residual_of(lowered, lowered.layers[0]) == "input");
  CHECK(lowered.layers[1].kind == LayerKind::add);
}

TEST_CASE("A value added to itself is a layer of its own") {
  NetworkBuilder net = small_net();
  const NodeId conv = net.conv("conv", net.input(), {.M = 4});
  net.add("sum", conv, conv);
  const LoweredNetwork lowered = lower(std::move(net).build());
  REQUIRE(layer_names(lowered) == "conv sum");
  CHECK(input_of(lowered, lowered.layers[1]) == "conv");
  CHECK(residual_of(lowered, lowered.layers[1]) == "conv");
}

TEST_CASE("An addition fuses into a fully connected layer and into a lone BatchNorm") {
  NetworkBuilder net = small_net({.C = 4});
  const NodeId full = net.fully_connected("fc", net.input(), {.M = 4});
  const NodeId sum = net.add("sum", full, net.input());
  const NodeId bn = net.batch_norm("bn", sum);
  net.add("again", bn, net.input());
  const LoweredNetwork lowered = lower(std::move(net).build());
  REQUIRE(layer_names(lowered) == "fc bn");
  CHECK(residual_of(lowered, lowered.layers[0]) == "input");
  CHECK(residual_of(lowered, lowered.layers[1]) == "input");
  CHECK(lowered.layers[1].pre_add_node == bn);
}

TEST_CASE("A concatenation can be the other operand once all its parts are written") {
  const bool late_part_first = GENERATE(false, true);
  NetworkBuilder net = small_net();
  const NodeId a = net.conv("a", net.input(), {.M = 2});
  const NodeId before = net.conv("before", net.input(), {.M = 4});
  const NodeId b = net.conv("b", net.input(), {.M = 2});
  const NodeId concat =
      late_part_first ? net.concat("concat", {b, a}) : net.concat("concat", {a, b});
  const NodeId sum = net.add("sum", concat, before);  // `before` runs before `b`
  const NodeId after = net.conv("after", sum, {.M = 4});
  net.add("fused", concat, after);
  const LoweredNetwork lowered = lower(std::move(net).build());
  CHECK(layer_names(lowered) == "a before b sum after");
  CHECK(residual_of(lowered, layer_named(lowered, "after")) == "concat");
}

TEST_CASE("A pool does not take over an addition") {
  NetworkBuilder net = small_net();
  const NodeId pool = net.pool("pool", net.input(), {});
  net.add("sum", net.input(), pool);
  CHECK(layer_names(lower(std::move(net).build())) == "pool sum");
}
