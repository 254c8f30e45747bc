#include "models/mapping/network_mapping.hpp"

#include <catch2/catch.hpp>

#include "models/base/error.hpp"
#include "models/cost/analytic.hpp"
#include "models/cost/energies.hpp"
#include "models/mapping/buffer_plan.hpp"
#include "models/mapping/dataflow.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;

namespace {

constexpr Window kSame{.R = 3, .S = 3, .pad = {1, 1, 1, 1}};

Architecture machine(int bytes, int banks = 1) {
  Architecture arch = testing::small_architecture();
  arch.global_buffer.bytes = Bytes(bytes);
  arch.global_buffer.banks = banks;
  arch.global_buffer.keep_ofmap_on_chip = true;
  return arch;
}

NetworkMapping map(const Architecture& arch, const LoweredNetwork& network,
                   Objective objective = Objective::latency, const char* dataflow = "ws") {
  NetworkMappingRequest request{.network = network,
                                .layers = {},
                                .precision = Precision::int8,
                                .dataflows = {find_dataflow(dataflow)},
                                .objective = objective};
  for (std::size_t i = 0; i < network.layers.size(); ++i) request.layers.push_back(i);
  return map_network(arch, request);
}

/// `a` is read by `b` and, as the other operand of its addition, by `c`.
LoweredNetwork shortcut() {
  NetworkBuilder net("shortcut", "a test", {.C = 4, .H = 6, .W = 6});
  const NodeId a = net.conv("a", net.input(), {.M = 8, .window = kSame});
  const NodeId c = net.conv("c", net.conv("b", a, {.M = 4}), {.M = 8});
  net.conv("d", net.add("sum", c, a), {.M = 2});
  return lower(std::move(net).build());
}

struct Sums {
  double cycles = 0, energy = 0, words = 0;
};

Sums sums(const Architecture& arch, const LoweredNetwork& network, const NetworkMapping& mapped) {
  Sums sum;
  for (std::size_t i = 0; i < mapped.mappings.size(); ++i) {
    const LayerTensors tensors = plain_tensors(network.layers[i]);
    const ZeroWeights no_zeros;
    const LayerCost cost =
        analytic_cost({arch, network.layers[i], Precision::int8, mapped.mappings[i], tensors,
                       no_zeros, mapped.residencies[i]});
    const Cycles latency = cost.cycles.total();
    sum.cycles += static_cast<double>(latency.count());
    sum.energy +=
        energy_of(cost.counts, latency, energies_of(arch, Precision::int8)).total().count();
    sum.words += static_cast<double>(cost.counts.dram_read() + cost.counts.dram_write());
  }
  return sum;
}

}  // namespace

TEST_CASE("A map stays from its first writer to its last reader", "[mapping][residency]") {
  const NetworkMapping mapped = map(machine(65536), shortcut());
  const Bytes a(8 * 36), b(4 * 36);
  REQUIRE(mapped.residencies.size() == 4);
  CHECK(mapped.residencies[0] == Residency{.ofmap = true, .kept = a});
  CHECK(mapped.residencies[1] == Residency{.ifmap = true, .ofmap = true, .kept = a + b});
  CHECK(mapped.residencies[2] ==
        Residency{.ifmap = true, .residual = true, .ofmap = true, .kept = a + a + b});
  CHECK(mapped.residencies[3] == Residency{.ifmap = true, .kept = a});
  REQUIRE(mapped.kept.size() == 3);
  CHECK(mapped.kept[0].last == 2);
}

TEST_CASE("A map that stays takes whole banks away from the tiles", "[mapping][residency]") {
  const Architecture arch = machine(65536, 16);
  const LoweredNetwork network = shortcut();
  const NetworkMapping mapped = map(arch, network);
  const Bytes bank(4096);
  CHECK(mapped.residencies[2].kept == bank * 3);
  const BufferPlan plan = buffer_plan(arch, network.layers[2], Precision::int8, mapped.mappings[2],
                                      mapped.residencies[2]);
  CHECK(plan.kept == bank * 3);
  CHECK(plan.ifmap.held == Bytes(0));
  CHECK(plan.residual.held == Bytes(0));
  CHECK(plan.global == plan.kept + plan.filter.held + plan.ofmap.held);
}

TEST_CASE("A map that leaves some layer no room does not stay", "[mapping][residency]") {
  for (const KeptMap& map : map(machine(300), shortcut()).kept) CHECK(map.bytes < Bytes(288));
  CHECK(map(machine(65536), shortcut()).kept.size() == 3);
}

TEST_CASE("Row stationary reads no ifmap that stays: its rows lie there with their padding",
          "[mapping][residency]") {
  const LoweredNetwork network = shortcut();
  for (const Residency& residency :
       map(machine(65536), network, Objective::latency, "rs").residencies) {
    CHECK_FALSE(residency.ifmap);
  }
}

TEST_CASE("What stays makes no estimate of a run worse, by any objective",
          "[mapping][residency][property]") {
  int better = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    testing::Random random(seed);
    Architecture arch = testing::random_architecture(random);
    const LoweredNetwork network = lower(testing::random_network(random));
    const Objective objective =
        random.pick({Objective::latency, Objective::energy, Objective::edp, Objective::traffic});
    try {
      arch.global_buffer.keep_ofmap_on_chip = true;
      const NetworkMapping mapped = map(arch, network, objective);
      const Sums with = sums(arch, network, mapped);
      arch.global_buffer.keep_ofmap_on_chip = false;
      const NetworkMapping alone = map(arch, network, objective);
      const Sums without = sums(arch, network, alone);
      CHECK(alone.kept.empty());
      if (objective == Objective::latency) CHECK(with.cycles <= without.cycles);
      if (objective == Objective::energy) CHECK(with.energy <= without.energy);
      if (objective == Objective::traffic) CHECK(with.words <= without.words);
      if (objective == Objective::edp) {
        CHECK(with.cycles * with.energy <= without.cycles * without.energy);
      }
      better += mapped.kept.empty() ? 0 : 1;
    } catch (const InfeasibleError&) {
    }
  }
  CHECK(better > 20);
}
