#include <catch2/catch.hpp>
#include <limits>

#include "models/base/error.hpp"
#include "models/network/network.hpp"

using namespace ridgeline;

namespace {

constexpr int kHuge = std::numeric_limits<int>::max();

/// A network "net" with input `x`, to which operations are added.
NetworkBuilder net_of(TensorShape x) {
  return {"net", "a test", x};
}

TensorShape shape_after(TensorShape x, const Op& op) {
  NetworkBuilder net = net_of(x);
  return net.shape(net.add("node", op, {net.input()}));
}

PoolOp max_pool(int kernel, int stride, int pad, bool ceil_mode) {
  return {
      .window = {.R = kernel, .S = kernel, .stride = {stride, stride}, .pad = {pad, pad, pad, pad}},
      .ceil_mode = ceil_mode};
}

int pooled_extent(int extent, const PoolOp& op) {
  const TensorShape out = shape_after({.H = extent, .W = extent}, op);
  CHECK(out.H == out.W);
  return out.H;
}

}  // namespace

TEST_CASE("A convolution's ofmap follows stride, pad and dilation of each side") {
  const ConvOp op{
      .M = 6,
      .G = 3,
      .window = {.R = 3, .S = 2, .stride = {2, 3}, .pad = {1, 0, 2, 4}, .dilation = {2, 5}}};
  // (10 + 3 - 5) / 2 + 1 and (13 + 4 - 6) / 3 + 1
  CHECK(shape_after({.N = 2, .C = 3, .H = 10, .W = 13}, op) ==
        TensorShape{.N = 2, .C = 6, .H = 5, .W = 4});
}

TEST_CASE("A kernel as large as the padded ifmap has one output") {
  CHECK(shape_after({.H = 5, .W = 4}, ConvOp{.window = {.R = 7, .S = 4, .pad = {1, 0, 1, 0}}}) ==
        TensorShape{});
}

TEST_CASE("A fully connected layer flattens its input into channels") {
  NetworkBuilder net = net_of({.N = 2, .C = 3, .H = 4, .W = 5});
  const NodeId full = net.fully_connected("fc", net.input(), {.M = 7});
  CHECK(net.shape(full) == TensorShape{.N = 2, .C = 7});
  const Network network = std::move(net).build();
  CHECK(conv_shape(network, full) == ConvShape{.N = 2, .M = 7, .C = 60});
  CHECK(conv_shape(network, full).ofmap() == TensorShape{.N = 2, .C = 7});
}

TEST_CASE("A pool in floor mode drops the window that would end outside") {
  CHECK(pooled_extent(112, max_pool(3, 2, 0, false)) == 55);
  CHECK(pooled_extent(111, max_pool(3, 2, 0, false)) == 55);
}

TEST_CASE("A pool in ceil mode keeps the window that begins inside") {
  CHECK(pooled_extent(112, max_pool(3, 2, 0, true)) == 56);
  CHECK(pooled_extent(111, max_pool(3, 2, 0, true)) == 55);
  CHECK(pooled_extent(113, max_pool(3, 2, 0, true)) == 56);
  CHECK(pooled_extent(5, max_pool(2, 2, 0, true)) == 3);
}

TEST_CASE("A pool in ceil mode drops the window that begins past ifmap and leading pad") {
  CHECK(pooled_extent(4, max_pool(2, 2, 1, true)) == 3);
  CHECK(pooled_extent(5, max_pool(2, 2, 1, true)) == 3);  // a fourth would begin at 6 of 1 + 5 + 1
  CHECK(pooled_extent(5, max_pool(1, 3, 0, true)) == 2);  // a third would begin at 6 of 5
}

TEST_CASE("A global pool's window is the whole ifmap") {
  NetworkBuilder net = net_of({.C = 3, .H = 4, .W = 5});
  const NodeId pool = net.pool("pool", net.input(), {.kind = PoolKind::average, .global = true});
  CHECK(net.shape(pool) == TensorShape{.C = 3});
  const Network network = std::move(net).build();
  CHECK(std::get<PoolOp>(network.nodes.back().op).window == Window{.R = 4, .S = 5});
}

TEST_CASE("A dilated pool is accepted as long as every window has an element") {
  const PoolOp op{
      .window = {.R = 3, .S = 3, .stride = {2, 2}, .pad = {2, 2, 2, 2}, .dilation = {2, 2}}};
  CHECK(pooled_extent(7, op) == 4);
}

TEST_CASE("A concatenation adds up the channels") {
  NetworkBuilder net = net_of({.N = 2, .C = 3, .H = 4, .W = 5});
  const NodeId conv = net.conv("conv", net.input(), {.M = 4});
  CHECK(net.shape(net.concat("all", {conv, net.input(), conv})) ==
        TensorShape{.N = 2, .C = 11, .H = 4, .W = 5});
}

TEST_CASE("Normalisations, activations and additions keep the shape") {
  const TensorShape x{.N = 2, .C = 3, .H = 4, .W = 5};
  for (const Op& op : std::vector<Op>{BatchNormOp{}, ClampOp{}, LrnOp{}, SoftmaxOp{}})
    CHECK(shape_after(x, op) == x);
  NetworkBuilder net = net_of(x);
  CHECK(net.shape(net.add("sum", net.input(), net.input())) == x);
}

TEST_CASE("Every operation has the name that reports print") {
  const std::vector<std::pair<Op, std::string>> names{
      {InputOp{}, "input"},
      {ConvOp{}, "conv"},
      {FullyConnectedOp{}, "fully_connected"},
      {BatchNormOp{}, "batch_norm"},
      {ClampOp{}, "relu"},
      {PoolOp{}, "max_pool"},
      {PoolOp{.kind = PoolKind::average}, "average_pool"},
      {AddOp{}, "add"},
      {ConcatOp{}, "concat"},
      {LrnOp{}, "lrn"},
      {SoftmaxOp{}, "softmax"}};
  for (const auto& [op, name] : names) CHECK(op_name(op) == name);
}

TEST_CASE("Totals count convolutions and fully connected layers, with biases apart") {
  NetworkBuilder net = net_of({.N = 2, .C = 3, .H = 4, .W = 4});
  NodeId x = net.conv("conv", net.input(), {.M = 6, .G = 3, .window = {.R = 2, .S = 2}});
  x = net.batch_norm("bn", x);
  net.fully_connected("fc", x, {.M = 5, .bias = false});
  const Network network = std::move(net).build();
  CHECK(total_macs(network) == Macs(2 * (6 * 9 * 4 + 54 * 5)));
  CHECK(total_weights(network) == 6 * 4 + 54 * 5);
  CHECK(total_biases(network) == 6);
}

TEST_CASE("A batch multiplies shapes and MACs and leaves the weights") {
  NetworkBuilder net({"net", "a test", {.C = 3, .H = 4, .W = 5}, "data"});
  NodeId x = net.conv("conv", net.input(), {.M = 4});
  x = net.concat("concat", {x, net.input()});
  net.pool("pool", x, {.kind = PoolKind::average, .global = true});
  const Network one = std::move(net).build();
  const Network five = with_batch(one, 5);
  REQUIRE(five.nodes.size() == one.nodes.size());
  for (std::size_t i = 0; i < one.nodes.size(); ++i) {
    TensorShape shape = one.nodes[i].shape;
    shape.N = 5;
    CHECK(five.nodes[i].shape == shape);
    CHECK(five.nodes[i].name == one.nodes[i].name);
    CHECK(five.nodes[i].inputs == one.nodes[i].inputs);
  }
  CHECK(five.name == one.name);
  CHECK(five.source == one.source);
  CHECK(total_macs(five) == 5 * total_macs(one));
  CHECK(total_weights(five) == total_weights(one));
  CHECK_THROWS_AS(with_batch(one, 0), InputError);
  CHECK_THROWS_AS(with_batch(one, kHuge), InputError);
}
