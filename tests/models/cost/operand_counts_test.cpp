// Accesses by operand of one small layer, worked out by hand: a 1x1 convolution of 2 channels of
// 3 x 3 words with 3 filters, so 9 positions, 6 weights and 54 MACs. A tile holds all of it. That
// the simulation counts the same is what analytic_test and random_layers_test check.

#include <catch2/catch.hpp>

#include "models/cost/analytic.hpp"
#include "models/cost/energies.hpp"
#include "models/mapping/dataflow.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;

namespace {

AccessCounts counts_under(const char* dataflow, bool residual = false) {
  NetworkBuilder net("n", "test", {.C = 2, .H = 3, .W = 3});
  NodeId x = net.conv("conv", net.input(), {.M = 3, .bias = false});
  if (residual) {
    const NodeId other = net.conv("other", net.input(), {.M = 3, .bias = false});
    x = net.add("sum", x, other);
  }
  const LoweredNetwork network = lower(std::move(net).build());
  const LoweredLayer& layer = residual ? network.layers.back() : network.layers.front();
  const Architecture arch = testing::small_architecture();
  const Mapping mapping{.dataflow = find_dataflow(dataflow),
                        .tile = {.N = 1, .G = 1, .M = 3, .C = 2, .P = 3, .Q = 3}};
  const LayerTensors tensors = plain_tensors(layer);
  const ZeroWeights none;
  return analytic_counts({arch, layer, Precision::int8, mapping, tensors, none}).counts;
}

/// What does not depend on the dataflow: 18 ifmap words in, 6 weights and 3 channel records of 8
/// bytes, 27 ofmap words out, each an operation of the vector unit.
AccessCounts with_memory(AccessCounts array) {
  array.mac = 54;
  array.glb_ifmap_write += 18;
  array.glb_filter_write += 6 + 24;
  array.glb_filter_read += 24;  // the vector unit takes the records over
  array.glb_psum_read += 27;    // and the psums
  array.glb_ofmap_write += 27;
  array.glb_ofmap_read += 27;
  array.dram_ifmap_read += 18;
  array.dram_filter_read += 30;
  array.dram_ofmap_write += 27;
  array.vector += 27;
  return array;
}

}  // namespace

TEST_CASE("ws and ws_gemm read a weight out of the register file for each MAC and load it once") {
  const AccessCounts expected = with_memory({.mac_reused = 54 - 6,
                                             .rf_filter_read = 54,
                                             .rf_filter_write = 6,
                                             .noc_ifmap = 54,
                                             .noc_filter = 6,
                                             .noc_psum = 54,
                                             .glb_ifmap_read = 18,
                                             .glb_filter_read = 6,
                                             .glb_psum_write = 27});
  CHECK(counts_under("ws") == expected);
  CHECK(counts_under("ws_gemm") == expected);
}

TEST_CASE("is_gemm keeps ifmap words, four positions at a time, and streams the filters by") {
  CHECK(counts_under("is_gemm") == with_memory({.mac_reused = 54 - 18,
                                                .rf_ifmap_read = 54,
                                                .rf_ifmap_write = 18,
                                                .noc_ifmap = 18,
                                                .noc_filter = 54,
                                                .noc_psum = 54,
                                                .glb_ifmap_read = 18,
                                                .glb_filter_read = 3 * 6,
                                                .glb_psum_write = 27}));
}

TEST_CASE("os keeps psums, broadcasts weights and shifts ifmap words") {
  CHECK(counts_under("os") == with_memory({.rf_ifmap_read = 54,
                                           .rf_ifmap_write = 18,
                                           .rf_psum_read = 54 + 27,
                                           .rf_psum_write = 54,
                                           .noc_ifmap = 18,
                                           .noc_filter = 54,
                                           .noc_psum = 27,
                                           .glb_ifmap_read = 18,
                                           .glb_filter_read = 6,
                                           .glb_psum_write = 27}));
}

TEST_CASE("os_gemm keeps psums and moves both operands with every MAC") {
  CHECK(counts_under("os_gemm") == with_memory({.rf_psum_read = 54 + 27,
                                                .rf_psum_write = 54,
                                                .noc_ifmap = 54,
                                                .noc_filter = 54,
                                                .noc_psum = 27,
                                                .glb_ifmap_read = 18,
                                                .glb_filter_read = 3 * 6,
                                                .glb_psum_write = 27}));
}

TEST_CASE("rs makes four register file accesses a MAC, one of each operand and the psum written") {
  // Three sets of 1 x 3 PEs on a filter each: a weight goes to 3 PEs, an ifmap word to 3 sets.
  CHECK(counts_under("rs") == with_memory({.rf_ifmap_read = 54,
                                           .rf_filter_read = 54,
                                           .rf_psum_read = 54,
                                           .rf_psum_write = 54,
                                           .noc_ifmap = 3 * 18,
                                           .noc_filter = 3 * 6,
                                           .noc_psum = 27,
                                           .glb_ifmap_read = 18,
                                           .glb_filter_read = 6,
                                           .glb_psum_write = 27}));
}

TEST_CASE("The other operand of an addition counts as an ifmap") {
  const AccessCounts with = counts_under("ws", true), without = counts_under("ws");
  CHECK(with.dram_ifmap_read == without.dram_ifmap_read + 27);
  CHECK(with.glb_ifmap_write == without.glb_ifmap_write + 27);
  CHECK(with.glb_ifmap_read == without.glb_ifmap_read + 27);
  CHECK(with.glb_ofmap_write == without.glb_ofmap_write);
}

TEST_CASE("Sums over operands are what reports print of a layer") {
  AccessCounts n;
  std::int64_t next = 1;
  for (const auto& field : AccessCounts::fields()) n.*field.member = next++;
  std::int64_t sum = 0;
  for (const auto& each : AccessCounts::sums()) sum += each.of(n);
  // All but mac_reused (the second field), a part of mac, and vector, which is no access.
  CHECK(sum == 23 * 24 / 2 - 2 - 23);
}

TEST_CASE("Energies follow the actions: a MAC is random, reused or gated") {
  const ActionCounts actions = actions_of({.mac = 100, .mac_reused = 60}, 50, Cycles(7));
  CHECK(actions.mac_gated == 50);
  CHECK(actions.mac_reused == 30);
  CHECK(actions.mac_random == 20);
  CHECK(actions.leakage == 7);
  // However few there are of a kind, none becomes negative.
  for (std::int64_t mac = 0; mac <= 6; ++mac) {
    for (std::int64_t reused = 0; reused <= mac; ++reused) {
      for (std::int64_t gated = 0; gated <= mac; ++gated) {
        const ActionCounts n = actions_of({.mac = mac, .mac_reused = reused}, gated, Cycles(0));
        CHECK(std::min({n.mac_random, n.mac_reused, n.mac_gated}) >= 0);
        CHECK(n.mac_random + n.mac_reused + n.mac_gated == mac);
      }
    }
  }
}

TEST_CASE("Every action of the machine is in the list once, and in the sum of its part") {
  Energies energies;
  ActionCounts counts;
  CHECK(sizeof(Energies) == machine_actions().size() * sizeof(double));
  double each = 1;
  double total = 0;
  for (const MachineAction& action : machine_actions()) {
    CHECK(energies.*action.energy == 0);
    CHECK(counts.*action.count == 0);
    energies.*action.energy = each;
    counts.*action.count = 2;
    total += 2 * each;
    each *= 2;
  }
  CHECK(energy_of(counts, energies).total() == Energy(total));
}

TEST_CASE("Energies written out for the search are those of the list, to the bit") {
  AccessCounts counts;
  std::int64_t next = 1'000'003;
  for (const auto& field : AccessCounts::fields()) counts.*field.member = next += 7919;
  counts.mac_reused = counts.mac / 3;
  Energies energies;
  double each = 0.1;
  for (const MachineAction& action : machine_actions()) energies.*action.energy = each *= 1.1;
  CHECK(energy_of(counts, Cycles(12345), energies) ==
        energy_of(actions_of(counts, 0, Cycles(12345)), energies));
}
