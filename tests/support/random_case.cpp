#include "tests/support/random_case.hpp"

#include <algorithm>

#include "models/mapping/dataflow.hpp"

namespace ridgeline::testing {
namespace {

/// A window that fits H x W; sometimes 1xK or Kx1, sometimes dilated.
Window random_window(Random& random, int H, int W) {
  Window w;
  w.R = random.between(1, 7);
  w.S = random.between(1, 7);
  if (random.one_in(4)) w.R = 1;
  if (random.one_in(4)) w.S = 1;
  if (random.one_in(4)) w.R = w.S = 1;
  for (int& stride : w.stride) stride = random.between(1, 4);
  if (random.one_in(4)) {
    for (int& dilation : w.dilation) dilation = random.between(1, 3);
  }
  w.R = std::min(w.R, (H - 1) / w.dilation[0] + 1);
  w.S = std::min(w.S, (W - 1) / w.dilation[1] + 1);
  for (std::size_t side = 0; side < 4; ++side) {
    const bool vertical = side % 2 == 0;
    w.pad[side] = random.between(0, (vertical ? w.R : w.S) / 2);
  }
  return w;
}

NodeId add_convolution(Random& random, NetworkBuilder& net, NodeId x) {
  const TensorShape in = net.shape(x);
  ConvOp op{.window = random_window(random, in.H, in.W), .bias = !random.one_in(3)};
  switch (random.between(1, 4)) {
    case 1:  // depthwise, with one or two filters a channel
      op.G = in.C;
      op.M = in.C * random.between(1, 2);
      break;
    case 2:
      for (const int G : {3, 2}) {
        if (in.C % G == 0) op.G = G;
      }
      op.M = op.G * random.between(1, 23);
      break;
    default:
      op.M = random.pick({1, 2, 3, 5, 7, 11, 13, 16, 17, 31, 32, 37, 53});
  }
  return net.conv("conv", x, op);
}

NodeId add_pool(Random& random, NetworkBuilder& net, NodeId x) {
  const TensorShape in = net.shape(x);
  PoolOp op{.kind = random.pick({PoolKind::max, PoolKind::average}),
            .window = random_window(random, in.H, in.W),
            .ceil_mode = random.one_in(2),
            .global = random.one_in(4),
            .count_include_pad = random.one_in(2)};
  op.count_include_pad = op.count_include_pad && op.kind == PoolKind::average;
  if (op.kind == PoolKind::max && (in.C + in.W) % 2 == 0) {
    op.window.pad = {};  // a dilated window could miss the ifmap
  } else {
    op.window.dilation = {1, 1};
  }
  return net.pool("pool", x, op);
}

Window square(int kernel, int stride, int pad) {
  return {.R = kernel, .S = kernel, .stride = {stride, stride}, .pad = {pad, pad, pad, pad}};
}

/// A ReLU, or a clamp that cuts into values of unit variance on both sides.
ClampOp any_clamp(const TensorShape& x) {
  return (x.C + x.H + x.W) % 2 == 0 ? ClampOp{} : ClampOp{-0.3F, 0.9F};
}

}  // namespace

Network random_network(Random& random) {
  NetworkBuilder net("random", "a property test",
                     {.N = random.pick({1, 1, 1, 2, 3}),
                      .C = random.pick({1, 2, 3, 4, 6, 7, 12, 13, 16, 17, 23, 33, 64}),
                      .H = random.between(1, 23),
                      .W = random.between(1, 23)});
  NodeId x = net.input();
  switch (random.between(1, 12)) {
    case 1:
      x = add_pool(random, net, x);
      break;
    case 2:
      x = net.add("lrn", LrnOp{.size = random.pick({3, 5}) - net.shape(x).C % 2}, {x});
      break;
    case 3:
      x = net.add("softmax", SoftmaxOp{}, {x});
      break;
    case 4:
      x = net.fully_connected("fc", x, {.M = random.between(1, 40), .bias = !random.one_in(3)});
      break;
    case 5:
      x = net.concat("join", {net.relu("left", x),
                              net.conv("right", x,
                                       {.M = random.between(1, 20),
                                        .window = {.R = 3, .S = 3, .pad = {1, 1, 1, 1}}})});
      break;
    default:
      x = add_convolution(random, net, x);
      if (random.one_in(3)) x = net.batch_norm("norm", x);
      if (random.one_in(3)) x = net.clamp("relu", x, any_clamp(net.shape(x)));
      if (random.one_in(3)) {
        x = net.add("sum", x, net.conv("other", x, {.M = net.shape(x).C}));
        if (random.one_in(2)) x = net.clamp("sum_relu", x, any_clamp(net.shape(x)));
      }
  }
  return std::move(net).build();
}

Network random_chain(Random& random) {
  NetworkBuilder net("chain", "a property test",
                     {.N = random.pick({1, 1, 2}),
                      .C = random.pick({1, 3, 8, 9, 32}),
                      .H = random.between(3, 19),
                      .W = random.between(3, 19)});
  NodeId x = net.input();
  for (int i = random.between(2, 6); i > 0; --i) {
    const auto name = [&](const char* part) { return part + std::to_string(i); };
    const bool depthwise = random.one_in(6);
    const int kernel = random.pick({1, 3, 3, 5});
    x = net.conv(name("conv"), x,
                 {.M = depthwise ? net.shape(x).C : random.between(1, 30),
                  .G = depthwise ? net.shape(x).C : 1,
                  .window = square(kernel, random.pick({1, 1, 1, 2}), kernel / 2)});
    switch (random.between(1, 5)) {
      case 1:
        x = net.add(name("sum"), x, net.conv(name("side"), x, {.M = net.shape(x).C}));
        break;
      case 2:
        x = net.concat(name("join"), {net.conv(name("a"), x, {.M = random.between(1, 9)}),
                                      net.conv(name("b"), x, {.M = 5, .window = square(3, 1, 1)})});
        break;
      case 3:
        if (net.shape(x).H == 1 || net.shape(x).W == 1) break;
        x = net.pool(name("pool"), x, {.window = square(2, random.between(1, 2), 0)});
        break;
      case 4:
        x = net.relu(name("relu"), x);
        break;
      default:
        break;
    }
  }
  if (random.one_in(3)) x = net.fully_connected("fc", x, {.M = 7});
  return std::move(net).build();
}

Architecture random_architecture(Random& random) {
  Architecture arch{.name = "random", .summary = "a property test"};
  for (const Dataflow& dataflow : all_dataflows()) arch.dataflows.push_back(dataflow.name);
  arch.pe_array = {.rows = random.between(1, 40),
                   .cols = random.between(1, 40),
                   .fabric = random.pick({Fabric::broadcast, Fabric::systolic}),
                   .preload = random.one_in(2),
                   .psums_per_pe = random.pick({1, 2, 5, 16, 24}),
                   .ifmap_words_per_pe = random.pick({1, 3, 12, 40}),
                   .filter_words_per_pe = random.pick({1, 7, 40, 224}),
                   .skip_zero_weights = random.one_in(2),
                   .shorten_edge_passes = random.one_in(2)};
  arch.global_buffer = {.bytes = Bytes(random.pick({700, 1500, 4096, 9000, 32768, 1 << 20})),
                        .banks = random.pick({1, 1, 4, 25}),
                        .double_buffer = !random.one_in(4),
                        .ifmap_words_per_cycle = random.between(1, 40),
                        .filter_words_per_cycle = random.between(1, 40),
                        .psum_in_words_per_cycle = random.between(1, 40),
                        .psum_out_words_per_cycle = random.between(1, 40),
                        .filter_bytes = Bytes(random.pick({0, 0, 0, 8192})),
                        .psum_word_bytes = Bytes(random.pick({0, 0, 2})),
                        .keep_ofmap_on_chip = random.one_in(2)};
  arch.dram = {.bytes_per_cycle = random.one_in(3) ? 2.4 : random.between(1, 64),
               .latency = Cycles(random.pick({0, 1, 20, 100, 500})),
               .burst_bytes = random.pick({1, 4, 32, 64})};
  arch.vector_unit = {.lanes = random.between(1, 40)};
  arch.energy = {.name = "test", .unit = "MAC", .leakage_per_cycle = 0.25};
  return arch;
}

std::string random_dataflow(Random& random) {
  const auto& all = all_dataflows();
  const int index = random.between(-1, static_cast<int>(all.size()) - 1);
  return index < 0 ? "auto" : all[static_cast<std::size_t>(index)].name;
}

TileExtent random_tile(Random& random, const LoweredLayer& layer) {
  const TileExtent all = iteration_space(layer);
  const auto part = [&](int extent) {
    return random.one_in(3) ? extent : random.between(1, extent);
  };
  TileExtent tile{
      .N = part(all.N), .M = part(all.M), .C = part(all.C), .P = part(all.P), .Q = part(all.Q)};
  if (!runs_on_array(layer.kind)) tile.N = 1;
  const bool whole = layer.kind == LayerKind::lrn || layer.kind == LayerKind::softmax;
  if (whole) tile.M = all.M;
  if (runs_on_array(layer.kind) && tile.M == all.M && tile.C == all.C) tile.G = part(all.G);
  return tile;
}

Architecture small_architecture() {
  Architecture arch{.name = "small", .summary = "a 4x4 machine", .dataflows = {"ws", "os", "rs"}};
  arch.pe_array = {.rows = 4, .cols = 4, .psums_per_pe = 4};
  arch.global_buffer = {.bytes = Bytes(4096),
                        .ifmap_words_per_cycle = 4,
                        .filter_words_per_cycle = 4,
                        .psum_in_words_per_cycle = 4,
                        .psum_out_words_per_cycle = 4};
  arch.vector_unit = {.lanes = 4};
  arch.energy = {.name = "test", .unit = "MAC"};
  return arch;
}

Architecture frugal_architecture() {
  Architecture arch = small_architecture();
  arch.global_buffer.bytes = Bytes(16384);
  arch.pe_array.gate_zero_activations = true;
  arch.dram = {.bytes_per_cycle = 1, .burst_bytes = 4, .activations = ActivationCoding::run_length};
  return arch;
}

}  // namespace ridgeline::testing
