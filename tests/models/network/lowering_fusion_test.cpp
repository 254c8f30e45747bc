#include <catch2/catch.hpp>

#include "tests/models/network/lowering_test_graphs.hpp"

using namespace ridgeline;
using namespace ridgeline::lowering_tests;

TEST_CASE("A convolution takes over BatchNorm and ReLU") {
  NetworkBuilder net = small_net();
  const NodeId conv = net.conv("conv", net.input(), {.M = 3, .window = {.R = 2, .S = 3}});
  const NodeId bn = net.batch_norm("bn", conv);
  const NodeId relu = net.relu("relu", bn);
  const LoweredNetwork lowered = lower(std::move(net).build());
  REQUIRE(layer_names(lowered) == "conv");
  const LoweredLayer& layer = lowered.layers[0];
  CHECK(layer.kind == LayerKind::conv);
  CHECK(layer.node == conv);
  CHECK(layer.batch_norm == bn);
  CHECK(layer.relu);
  CHECK(!layer.relu_after_add);
  CHECK(!layer.residual);
  CHECK(layer.pre_add_node == relu);
  CHECK(layer.fused == Strings{"batch_norm", "relu"});
  CHECK(layer.shape == ConvShape{.M = 3, .C = 4, .H = 5, .W = 6, .window = {.R = 2, .S = 3}});
  CHECK(layer.output_shape == TensorShape{.C = 3, .H = 4, .W = 4});
  CHECK(layer.input == 0);
  CHECK(lowered.output == layer.output);
  CHECK(tensor(lowered, layer.output).name == "relu");
  CHECK(tensor(lowered, layer.output).node == relu);
  CHECK(tensor(lowered, 0).name == "input");
}

TEST_CASE("A fully connected layer takes over BatchNorm and ReLU") {
  NetworkBuilder net = small_net();
  const NodeId full = net.fully_connected("fc", net.input(), {.M = 3});
  net.relu("relu", net.batch_norm("bn", full));
  const LoweredNetwork lowered = lower(std::move(net).build());
  REQUIRE(layer_names(lowered) == "fc");
  CHECK(lowered.layers[0].kind == LayerKind::fully_connected);
  CHECK(lowered.layers[0].shape == ConvShape{.M = 3, .C = 120});
  CHECK(lowered.layers[0].fused == Strings{"batch_norm", "relu"});
}

TEST_CASE("A value that somebody else reads does not disappear into BatchNorm or ReLU") {
  NetworkBuilder net = small_net();
  const NodeId first = net.conv("first", net.input(), {.M = 4});
  const NodeId bn = net.batch_norm("bn", first);
  const NodeId second = net.conv("second", net.add("sum", first, bn), {.M = 4});
  const NodeId relu = net.relu("relu", second);
  net.concat("concat", {second, relu});
  const LoweredNetwork lowered = lower(std::move(net).build());
  CHECK(layer_names(lowered) == "first bn second relu");
  CHECK(!layer_named(lowered, "first").batch_norm);
  CHECK(!layer_named(lowered, "second").relu);
  CHECK(layer_named(lowered, "relu").kind == LayerKind::copy);
  CHECK(layer_named(lowered, "relu").relu);
}

TEST_CASE("A clamp that is separate is a copy that no layer and no concatenation takes over") {
  constexpr ClampOp kSeparate{.lowest = -1, .highest = 2, .separate = true};
  NetworkBuilder net = small_net();
  const NodeId first = net.conv("first", net.input(), {.M = 4});
  const NodeId alone = net.clamp("alone", first, kSeparate);
  const NodeId relu = net.relu("relu", alone);
  const NodeId second = net.conv("second", relu, {.M = 2});
  const NodeId third = net.conv("third", relu, {.M = 2});
  net.clamp("whole", net.concat("concat", {second, third}), kSeparate);
  const LoweredNetwork lowered = lower(std::move(net).build());
  CHECK(layer_names(lowered) == "first alone second third whole");
  CHECK(!layer_named(lowered, "first").relu);
  const LoweredLayer& copy = layer_named(lowered, "alone");
  CHECK(copy.kind == LayerKind::copy);
  CHECK(copy.relu);
  CHECK(copy.clamp.lowest == 0);
  CHECK(copy.clamp.highest == 2);
  CHECK(!layer_named(lowered, "second").relu);
  CHECK(layer_named(lowered, "whole").kind == LayerKind::copy);
}

TEST_CASE("A BatchNorm that nothing takes over is a depthwise 1x1 convolution") {
  NetworkBuilder net = small_net();
  const NodeId on_input = net.batch_norm("on_input", net.input());
  const NodeId pool = net.pool("pool", on_input, {.window = {.R = 2, .S = 2}});
  const NodeId after_pool = net.batch_norm("after_pool", pool);
  const NodeId sum = net.add("sum", after_pool, after_pool);
  const NodeId after_add = net.batch_norm("after_add", sum);
  const NodeId twice = net.batch_norm("twice", after_add);
  const NodeId relu = net.relu("relu", twice);
  net.batch_norm("after_relu", relu);
  const LoweredNetwork lowered = lower(std::move(net).build());
  CHECK(layer_names(lowered) == "on_input pool after_pool sum after_add twice after_relu");
  for (const char* name : {"on_input", "after_pool", "after_add", "twice", "after_relu"}) {
    const LoweredLayer& layer = layer_named(lowered, name);
    INFO(name);
    CHECK(layer.kind == LayerKind::conv);
    CHECK(layer.batch_norm == layer.node);
    CHECK(lowered.network.nodes[static_cast<std::size_t>(layer.node)].name == name);
    CHECK(layer.shape.G == 4);
    CHECK(layer.shape.M == 4);
    CHECK(layer.shape.C == 4);
    CHECK(layer.shape.window == Window{});
    CHECK(layer.shape.ofmap() == layer.output_shape);
  }
  CHECK(layer_named(lowered, "twice").relu);
  CHECK(layer_named(lowered, "twice").fused == Strings{"relu"});
  CHECK(tensor(lowered, layer_named(lowered, "twice").output).node == relu);
}

TEST_CASE("ReLU fuses into a max pool and into an addition but not into an average pool") {
  NetworkBuilder net = small_net();
  const PoolOp max{.window = {.R = 2, .S = 2}};
  NodeId x = net.relu("relu_max", net.pool("max", net.input(), max));
  x = net.relu("relu_sum", net.add("sum", x, x));
  x = net.pool("average", x, {.kind = PoolKind::average, .window = {.R = 2, .S = 2}});
  x = net.relu("relu_average", x);
  const LoweredNetwork lowered = lower(std::move(net).build());
  REQUIRE(layer_names(lowered) == "max sum average relu_average");
  CHECK(lowered.layers[0].relu);
  CHECK(lowered.layers[0].shape ==
        ConvShape{.M = 4, .C = 4, .H = 5, .W = 6, .window = {.R = 2, .S = 2}});
  CHECK(!lowered.layers[1].relu);
  CHECK(lowered.layers[1].relu_after_add);
  CHECK(lowered.layers[1].fused == Strings{"relu"});
  CHECK(!lowered.layers[2].relu);
  CHECK(lowered.layers[3].kind == LayerKind::copy);
  CHECK(lowered.layers[3].relu);
  CHECK(lowered.layers[3].fused.empty());
}

TEST_CASE("ReLU of the network's input is a copy, and a second ReLU joins it") {
  NetworkBuilder net = small_net();
  net.relu("again", net.relu("relu", net.input()));
  const LoweredNetwork lowered = lower(std::move(net).build());
  REQUIRE(layer_names(lowered) == "relu");
  CHECK(lowered.layers[0].kind == LayerKind::copy);
  CHECK(lowered.layers[0].relu);
  CHECK(output_of(lowered, lowered.layers[0]) == "again");
}

TEST_CASE("A network that is only its input has no layers") {
  NetworkBuilder net = small_net();
  const LoweredNetwork lowered = lower(std::move(net).build());
  CHECK(lowered.layers.empty());
  CHECK(lowered.output == 0);
  CHECK(lowered.tensors.size() == 1);
}

TEST_CASE("A pool in ceil mode keeps its output's shape and a global pool its window") {
  NetworkBuilder net = small_net({.N = 2, .C = 3, .H = 6, .W = 6});
  const NodeId pool = net.pool("pool", net.input(),
                               {.window = {.R = 3, .S = 3, .stride = {2, 2}}, .ceil_mode = true});
  net.pool("global", pool, {.kind = PoolKind::average, .global = true});
  const LoweredNetwork lowered = lower(std::move(net).build());
  CHECK(lowered.layers[0].output_shape == TensorShape{.N = 2, .C = 3, .H = 3, .W = 3});
  CHECK(lowered.layers[0].shape.ofmap() == TensorShape{.N = 2, .C = 3, .H = 2, .W = 2});
  CHECK(lowered.layers[1].kind == LayerKind::average_pool);
  CHECK(lowered.layers[1].shape.window == Window{.R = 3, .S = 3});
}

TEST_CASE("LRN and softmax are layers of their own, with a 1x1 window") {
  NetworkBuilder net = small_net();
  const NodeId lrn = net.add("lrn", LrnOp{}, {net.input()});
  const NodeId relu = net.relu("relu", lrn);
  net.add("softmax", SoftmaxOp{}, {relu});
  const LoweredNetwork lowered = lower(std::move(net).build());
  REQUIRE(layer_names(lowered) == "lrn relu softmax");
  CHECK(lowered.layers[0].kind == LayerKind::lrn);
  CHECK(lowered.layers[1].kind == LayerKind::copy);
  CHECK(lowered.layers[2].kind == LayerKind::softmax);
  for (const LoweredLayer& layer : lowered.layers)
    CHECK(layer.shape == ConvShape{.M = 4, .C = 4, .H = 5, .W = 6});
}

TEST_CASE("Nodes that the output does not depend on are lowered too") {
  NetworkBuilder net = small_net();
  net.relu("dead_relu", net.conv("dead", net.input(), {.M = 2}));
  net.conv("live", net.input(), {.M = 3});
  const LoweredNetwork lowered = lower(std::move(net).build());
  CHECK(layer_names(lowered) == "dead live");
  CHECK(layer_named(lowered, "dead").relu);
  CHECK(tensor(lowered, lowered.output).name == "live");
}

TEST_CASE("Every kind of layer has the name that reports print") {
  const std::vector<std::pair<LayerKind, std::string>> names{
      {LayerKind::conv, "conv"},         {LayerKind::fully_connected, "fully_connected"},
      {LayerKind::max_pool, "max_pool"}, {LayerKind::average_pool, "average_pool"},
      {LayerKind::add, "add"},           {LayerKind::copy, "copy"},
      {LayerKind::lrn, "lrn"},           {LayerKind::softmax, "softmax"}};
  for (const auto& [kind, name] : names) CHECK(layer_kind_name(kind) == name);
}
