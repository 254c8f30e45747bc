#include <catch2/catch.hpp>
#include <random>

#include "models/base/error.hpp"
#include "tests/models/network/lowering_interpreters.hpp"
#include "tests/models/network/lowering_invariants.hpp"
#include "tests/support/effort.hpp"

using namespace ridgeline;
using namespace ridgeline::lowering_tests;

namespace {

/// Draws graphs in which values are often read by several nodes, and in which chains, additions and
/// concatenations meet in every order.
class GraphDrawer {
 public:
  explicit GraphDrawer(unsigned seed) : random_(seed) {}

  Network draw() {
    NetworkBuilder net("random", "drawn by a test",
                       {.N = upto(2), .C = upto(4), .H = upto(4), .W = upto(4)});
    const int wanted = upto(14);
    for (int attempt = 0, id = 1; attempt < 60 && id < wanted; ++attempt)
      if (try_to_add(net, id)) ++id;
    return std::move(net).build();
  }

 private:
  int upto(int most) { return std::uniform_int_distribution<int>(1, most)(random_); }
  bool chance(int percent) { return upto(100) <= percent; }
  /// One of the `id` nodes so far; the last of them more often than not.
  NodeId pick(int id) { return chance(55) ? id - 1 : upto(id) - 1; }

  Window window() {
    return {.R = upto(2), .S = upto(2), .stride = {upto(2), 1}, .pad = {0, 0, upto(2) - 1, 0}};
  }

  Op op() {
    switch (upto(14)) {
      case 1:
      case 2:
        return ConvOp{.M = upto(4)};
      case 3:
        return ConvOp{.M = 2 * upto(2), .G = upto(2), .window = window()};
      case 4:
      case 5:
        return BatchNormOp{};
      case 6:
      case 7:
      case 8:
        return chance(60) ? ClampOp{} : ClampOp{-3, static_cast<float>(upto(6))};
      case 9:
        return PoolOp{.kind = chance(70) ? PoolKind::max : PoolKind::average,
                      .window = chance(50) ? Window{} : Window{.R = 2, .S = 2, .stride = {2, 2}},
                      .ceil_mode = chance(50)};
      case 10:
        return chance(30) ? Op(FullyConnectedOp{.M = upto(4)}) : Op(LrnOp{});
      case 11:
      case 12:
        return AddOp{};
      default:
        return ConcatOp{};
    }
  }

  bool try_to_add(NetworkBuilder& net, int id) {
    const Op drawn = op();
    std::vector<NodeId> inputs{pick(id)};
    if (std::holds_alternative<AddOp>(drawn)) inputs.push_back(pick(id));
    if (std::holds_alternative<ConcatOp>(drawn))
      for (int more = upto(4); more > 1; --more) inputs.push_back(pick(id));
    std::shuffle(inputs.begin(), inputs.end(), random_);
    try {
      net.add(op_name(drawn) + std::to_string(id), drawn, inputs);
    } catch (const InputError&) {
      return false;  // shapes that do not fit together: draw again
    }
    return true;
  }

  std::mt19937 random_;
};

std::string listing(const Network& network) {
  std::string text;
  for (const Node& node : network.nodes) {
    text.append(node.name).append("(");
    for (const NodeId input : node.inputs) text.append(" ").append(std::to_string(input));
    text.append(" ) ");
  }
  return text;
}

}  // namespace

TEST_CASE("Whatever the graph, its lowered layers compute the same values") {
  constexpr unsigned kFirstSeed = 20'261;
  constexpr unsigned kGraphs = testing::cases(3'000);
  for (unsigned seed = kFirstSeed; seed < kFirstSeed + kGraphs; ++seed) {
    const LoweredNetwork lowered = lower(GraphDrawer(seed).draw());
    INFO("seed " << seed << ": " << listing(lowered.network));
    REQUIRE(violations(lowered) == std::vector<std::string>{});
    REQUIRE(wrong_values(lowered) == std::vector<std::string>{});
  }
}

TEST_CASE("Drawn graphs meet every way of lowering") {
  int fused_adds = 0, own_adds = 0, moved_relus = 0, copies = 0, relu_copies = 0, depthwise = 0;
  for (unsigned seed = 0; seed < 500; ++seed) {
    const LoweredNetwork lowered = lower(GraphDrawer(seed).draw());
    for (const LoweredLayer& layer : lowered.layers) {
      const bool of_concat =
          op_name(lowered.network.nodes[static_cast<std::size_t>(layer.node)].op) == "concat";
      const LoweredTensor& out = lowered.tensors[static_cast<std::size_t>(layer.output)];
      fused_adds += layer.residual && layer.kind != LayerKind::add;
      own_adds += layer.kind == LayerKind::add;
      copies += of_concat;
      relu_copies += layer.kind == LayerKind::copy && !of_concat;
      depthwise += layer.batch_norm == layer.node;
      moved_relus += out.storage != layer.output && !layer.fused.empty() &&
                     layer.fused.back() == "relu" &&
                     out.node == lowered.storage_of(layer.output).node;
    }
  }
  for (const int count : {fused_adds, own_adds, moved_relus, copies, relu_copies, depthwise})
    CHECK(count > 10);
}
