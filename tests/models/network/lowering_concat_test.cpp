#include <catch2/catch.hpp>

#include "tests/models/network/lowering_test_graphs.hpp"

using namespace ridgeline;
using namespace ridgeline::lowering_tests;

namespace {

NodeId conv(NetworkBuilder& net, const std::string& name, NodeId x, int M) {
  return net.conv(name, x, {.M = M});
}

/// Where a tensor lives: "concat+3".
std::string place_of(const LoweredNetwork& lowered, const std::string& name) {
  const LoweredTensor& one = tensor_named(lowered, name);
  return tensor(lowered, one.storage).name + "+" + std::to_string(one.channel_offset);
}

}  // namespace

TEST_CASE("Producers of a concatenation write into their channels of one tensor") {
  NetworkBuilder net = small_net({.N = 2, .C = 4, .H = 5, .W = 6});
  const NodeId a = conv(net, "a", net.input(), 3);
  const NodeId b = net.relu("b/relu", conv(net, "b", net.input(), 2));
  conv(net, "reader", net.concat("concat", {a, b}), 1);
  const LoweredNetwork lowered = lower(std::move(net).build());
  CHECK(layer_names(lowered) == "a b reader");
  CHECK(place_of(lowered, "a") == "concat+0");
  CHECK(place_of(lowered, "b/relu") == "concat+3");
  CHECK(place_of(lowered, "concat") == "concat+0");
  CHECK(tensor_named(lowered, "concat").shape == TensorShape{.N = 2, .C = 5, .H = 5, .W = 6});
  CHECK(input_of(lowered, layer_named(lowered, "reader")) == "concat");
}

TEST_CASE("A part of a concatenation is still a tensor that others read") {
  NetworkBuilder net = small_net();
  const NodeId a = conv(net, "a", net.input(), 3);
  const NodeId b = conv(net, "b", a, 2);
  const NodeId concat = net.concat("concat", {b, a});
  net.add("sum", conv(net, "c", concat, 3), a);
  const LoweredNetwork lowered = lower(std::move(net).build());
  CHECK(layer_names(lowered) == "a b c");
  CHECK(place_of(lowered, "a") == "concat+2");
  CHECK(input_of(lowered, layer_named(lowered, "b")) == "a");
  CHECK(residual_of(lowered, layer_named(lowered, "c")) == "a");
}

TEST_CASE("Nested concatenations share the outermost tensor") {
  NetworkBuilder net = small_net();
  const NodeId a = conv(net, "a", net.input(), 1);
  const NodeId b = conv(net, "b", net.input(), 2);
  const NodeId inner = net.concat("inner", {a, b});
  const NodeId c = conv(net, "c", inner, 3);
  const NodeId middle = net.concat("middle", {c, inner});
  const NodeId d = conv(net, "d", middle, 4);
  net.concat("outer", {d, middle});
  const LoweredNetwork lowered = lower(std::move(net).build());
  CHECK(layer_names(lowered) == "a b c d");
  CHECK(place_of(lowered, "d") == "outer+0");
  CHECK(place_of(lowered, "middle") == "outer+4");
  CHECK(place_of(lowered, "c") == "outer+4");
  CHECK(place_of(lowered, "inner") == "outer+7");
  CHECK(place_of(lowered, "a") == "outer+7");
  CHECK(place_of(lowered, "b") == "outer+8");
  CHECK(lowered.storage_of(layer_named(lowered, "b").output).name == "outer");
}

TEST_CASE("The network's input and a tensor concatenated twice are copied") {
  NetworkBuilder net = small_net();
  const NodeId a = conv(net, "a", net.input(), 3);
  const NodeId first = net.concat("first", {net.input(), a, a});
  net.concat("second", {a, first, conv(net, "b", net.input(), 1), first});
  const LoweredNetwork lowered = lower(std::move(net).build());
  CHECK(layer_names(lowered) == "a first/copy0 first/copy2 b second/copy0 second/copy3");
  CHECK(place_of(lowered, "first/copy0") == "second+3");
  CHECK(place_of(lowered, "a") == "second+7");
  CHECK(place_of(lowered, "first/copy2") == "second+10");
  CHECK(place_of(lowered, "second/copy0") == "second+0");
  CHECK(place_of(lowered, "second/copy3") == "second+14");
  const LoweredLayer& copy = layer_named(lowered, "first/copy0");
  CHECK(copy.kind == LayerKind::copy);
  CHECK(copy.node == first);
  CHECK(copy.input == 0);
  CHECK(!copy.relu);
  CHECK(copy.shape == ConvShape{.M = 4, .C = 4, .H = 5, .W = 6});
  CHECK(input_of(lowered, layer_named(lowered, "second/copy3")) == "first");
  CHECK(tensor_named(lowered, "second/copy0").node == a);
}

TEST_CASE("A copy's name does not collide with a node's") {
  NetworkBuilder net = small_net();
  const NodeId taken = conv(net, "concat/copy0", net.input(), 4);
  net.concat("concat", {net.input(), taken});
  CHECK(layer_names(lower(std::move(net).build())) == "concat/copy0 concat/copy0_");
}

TEST_CASE("ReLU after a concatenation moves into its producers") {
  NetworkBuilder net = small_net();
  const NodeId a = conv(net, "a", net.input(), 4);
  const NodeId sum = net.add("sum", a, net.input());
  const NodeId pool = net.pool("pool", net.input(), {});
  const NodeId own_sum = net.add("own_sum", net.input(), net.input());
  const NodeId inner = net.concat("inner", {sum, pool});
  const NodeId relu = net.relu("relu", net.concat("concat", {own_sum, inner, net.input()}));
  conv(net, "reader", relu, 1);
  const LoweredNetwork lowered = lower(std::move(net).build());
  REQUIRE(layer_names(lowered) == "a pool own_sum concat/copy2 reader");
  CHECK(layer_named(lowered, "a").relu_after_add);
  CHECK(!layer_named(lowered, "a").relu);
  CHECK(layer_named(lowered, "a").pre_add_node == a);
  CHECK(layer_named(lowered, "a").fused == Strings{"add input", "relu"});
  CHECK(layer_named(lowered, "pool").relu);
  CHECK(layer_named(lowered, "own_sum").relu_after_add);
  CHECK(layer_named(lowered, "concat/copy2").relu);
  CHECK(input_of(lowered, layer_named(lowered, "reader")) == "relu");
  CHECK(place_of(lowered, "pool") == "relu+8");
  CHECK(place_of(lowered, "inner") == "relu+4");
  for (const char* part : {"sum", "pool", "inner", "own_sum", "concat/copy2", "relu"})
    CHECK(tensor_named(lowered, part).node == relu);
}

TEST_CASE("ReLU after a concatenation is a copy when a value before it is read by others") {
  const bool of_part = GENERATE(true, false);
  NetworkBuilder net = small_net();
  const NodeId a = conv(net, "a", net.input(), 2);
  const NodeId b = conv(net, "b", net.input(), 3);
  const NodeId concat = net.concat("concat", {a, b});
  const NodeId relu = net.relu("relu", concat);
  conv(net, "reader", relu, 2);
  conv(net, "other", of_part ? b : concat, 2);
  const LoweredNetwork lowered = lower(std::move(net).build());
  REQUIRE(layer_names(lowered) == "a b relu reader other");
  CHECK(!layer_named(lowered, "a").relu);
  CHECK(!layer_named(lowered, "b").relu);
  CHECK(layer_named(lowered, "relu").kind == LayerKind::copy);
  CHECK(layer_named(lowered, "relu").relu);
  CHECK(place_of(lowered, "relu") == "relu+0");
}

TEST_CASE("ReLU after a concatenation is a copy when a producer cannot end in it") {
  NetworkBuilder net = small_net();
  const NodeId a = conv(net, "a", net.input(), 2);
  const NodeId lrn = net.add("lrn", LrnOp{}, {net.input()});
  net.relu("relu", net.concat("concat", {a, net.concat("inner", {lrn})}));
  const LoweredNetwork lowered = lower(std::move(net).build());
  CHECK(layer_names(lowered) == "a lrn relu");
  CHECK(!layer_named(lowered, "a").relu);
}

TEST_CASE("BatchNorm after a concatenation is a layer that takes over the ReLU") {
  NetworkBuilder net = small_net();
  const NodeId concat = net.concat("concat", {conv(net, "a", net.input(), 2)});
  net.relu("relu", net.batch_norm("bn", concat));
  const LoweredNetwork lowered = lower(std::move(net).build());
  REQUIRE(layer_names(lowered) == "a bn");
  CHECK(lowered.layers[1].relu);
  CHECK(place_of(lowered, "a") == "concat+0");
}

TEST_CASE("A concatenation can be the network's output") {
  NetworkBuilder net = small_net();
  const NodeId a = conv(net, "a", net.input(), 2);
  net.concat("concat", {a, conv(net, "b", a, 2)});
  const LoweredNetwork lowered = lower(std::move(net).build());
  CHECK(tensor(lowered, lowered.output).name == "concat");
  CHECK(tensor(lowered, lowered.output).storage == lowered.output);
}
