// The analytic engine against the simulation: every count equal, cycles within 2 % over a network
// and 10 % in a layer, every network on every architecture under every dataflow. The part tagged
// [long] is the full matrix; the other tests take a third of it.

#include "models/cost/analytic.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <cmath>

#include "models/base/error.hpp"
#include "models/network/zoo/zoo.hpp"
#include "sim/run.hpp"
#include "tests/arch_configs/config_files.hpp"
#include "tests/support/effort.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;

namespace {

struct Combination {
  std::string preset, network, dataflow;
};

/// Presets that differ from another one only in the dataflows they offer are left out: each
/// dataflow is asked for by name.
std::vector<Combination> all_combinations() {
  std::vector<Combination> all;
  for (const char* preset :
       {"squeezelerator_8x8", "squeezelerator_16x16", "squeezelerator_32x32", "systolic_8x8",
        "systolic_16x16", "systolic_32x32", "systolic_12x14", "eyeriss_v1"}) {
    std::vector<std::string> dataflows{"auto"};
    const Architecture arch = config_files::load(preset);
    dataflows.insert(dataflows.end(), arch.dataflows.begin(), arch.dataflows.end());
    for (const zoo::Entry& network : zoo::list()) {
      for (const std::string& dataflow : dataflows) all.push_back({preset, network.name, dataflow});
    }
  }
  return all;
}

struct Difference {
  double relative = 0;
  std::string where;
};

double difference(Cycles ours, Cycles simulated) {
  return ratio(ours, simulated) - 1;
}

/// How far apart cycles may be: a part of the simulation's, or so many.
struct Limits {
  double layer = 0, network = 0;
  std::int64_t cycles = 0;
};
// Closer than what is promised, 10 % in any layer and 2 % over a network.
constexpr Limits kNetworks{.layer = 0.02, .network = 0.001};
// Small layers take a few tens of cycles, and who has the bus first in one of them counts.
constexpr Limits kRandomLayer{.layer = 0.1, .network = 0.1, .cycles = 20};
constexpr Limits kRandomChain{.layer = 0.1, .network = 0.02, .cycles = 20};

bool close(Cycles ours, Cycles simulated, double part, std::int64_t cycles) {
  const auto off = std::abs((ours - simulated).count());
  return off <= cycles || static_cast<double>(off) <= part * static_cast<double>(simulated.count());
}

/// Compares two reports; @return the layer whose cycles are furthest apart.
Difference check_same(const RunStats& analytic, const RunStats& simulated, const Limits& limits) {
  REQUIRE(analytic.layers.size() == simulated.layers.size());
  Difference worst;
  for (std::size_t i = 0; i < analytic.layers.size(); ++i) {
    const LayerStats& ours = analytic.layers[i];
    const LayerStats& theirs = simulated.layers[i];
    const Cycles a = ours.cycles.total(), b = theirs.cycles.total();
    const std::string what = fmt::format("{} ({}, {}): {} and {} cycles", ours.name, ours.op,
                                         ours.dataflow, a.count(), b.count());
    INFO(what);
    CHECK(ours.accesses == theirs.accesses);
    CHECK(ours.ports == theirs.ports);
    CHECK(ours.bytes == theirs.bytes);
    // What the array does by itself does not depend on who waits for whom.
    CHECK(ours.cycles.compute == theirs.cycles.compute);
    CHECK(ours.cycles.fill_drain == theirs.cycles.fill_drain);
    CHECK(ours.cycles.stationary_load == theirs.cycles.stationary_load);
    CHECK(ours.cycles.glb_stall == theirs.cycles.glb_stall);
    CHECK(close(a, b, limits.layer, limits.cycles));
    const double off = difference(a, b);
    if (std::abs(off) > std::abs(worst.relative)) worst = {off, what};
  }
  CHECK(close(total_of(analytic).cycles.total(), total_of(simulated).cycles.total(), limits.network,
              limits.cycles));
  return worst;
}

void check_combinations(std::size_t first, std::size_t step) {
  const std::vector<Combination> all = all_combinations();
  Difference worst_layer, worst_network;
  for (std::size_t i = first; i < all.size(); i += step) {
    const Combination& c = all[i];
    INFO(c.network << " on " << c.preset << ", " << c.dataflow);
    const Architecture arch = config_files::load(c.preset);
    const LoweredNetwork network = lower(zoo::make(c.network));
    const sim::RunOptions options{.dataflow = c.dataflow};
    RunStats simulated;
    try {
      simulated = sim::run_without_data(arch, network, Precision::int8, 1, options);
    } catch (const InfeasibleError&) {
      CHECK_THROWS_AS(sim::run_analytic(arch, network, Precision::int8, 1, options),
                      InfeasibleError);
      continue;
    }
    const RunStats analytic = sim::run_analytic(arch, network, Precision::int8, 1, options);
    Difference layer = check_same(analytic, simulated, kNetworks);
    const double off =
        difference(total_of(analytic).cycles.total(), total_of(simulated).cycles.total());
    const std::string where = fmt::format("{} on {}, {}", c.network, c.preset, c.dataflow);
    if (std::abs(off) > std::abs(worst_network.relative)) worst_network = {off, where};
    if (std::abs(layer.relative) > std::abs(worst_layer.relative)) {
      worst_layer = {layer.relative, where + ", " + layer.where};
    }
  }
  fmt::print(
      "cycles of the analytic engine beside the simulation's, furthest apart:\n"
      "  network {:+.2f} %  {}\n  layer   {:+.2f} %  {}\n",
      worst_network.relative * 100, worst_network.where, worst_layer.relative * 100,
      worst_layer.where);
}

/// One random network on one machine.
bool run_random(std::uint64_t seed, testing::Random& random, const Architecture& arch,
                Network network, const Limits& limits, Difference& worst) {
  INFO("seed " << seed);
  const Precision precision = random.pick({Precision::int8, Precision::int16, Precision::fp32});
  const LoweredNetwork lowered = lower(std::move(network));
  const sim::RunOptions options{.dataflow = testing::random_dataflow(random)};
  try {
    const RunStats simulated = sim::run_without_data(arch, lowered, precision, seed, options);
    const RunStats analytic = sim::run_analytic(arch, lowered, precision, seed, options);
    const Difference off = check_same(analytic, simulated, limits);
    if (std::abs(off.relative) > std::abs(worst.relative)) {
      worst = {off.relative, fmt::format("seed {}, {}", seed, off.where)};
    }
  } catch (const InfeasibleError&) {
    return false;
  }
  return true;
}

}  // namespace

// Two cases, so that they run side by side.
constexpr std::size_t kStep = testing::kSanitized ? 30 : 6;

TEST_CASE("Analytic engine and simulation agree on a third of the matrix, part 1", "[analytic]") {
  check_combinations(0, kStep);
}
TEST_CASE("Analytic engine and simulation agree on a third of the matrix, part 2", "[analytic]") {
  check_combinations(3, kStep);
}
TEST_CASE("Analytic engine and simulation agree on every network, architecture and dataflow",
          "[analytic][long]") {
  check_combinations(0, 1);
}

TEST_CASE("Analytic engine and simulation agree on random layers and machines", "[analytic]") {
  Difference worst;
  int feasible = 0;
  for (std::uint64_t seed = 1000; seed < 2000; ++seed) {
    testing::Random random(seed);
    const Architecture arch = testing::random_architecture(random);
    Network network = testing::random_network(random);
    feasible += run_random(seed, random, arch, std::move(network), kRandomLayer, worst) ? 1 : 0;
  }
  CHECK(feasible > 500);
  fmt::print("cycles of the analytic engine, furthest apart: {:+.2f} %  {}\n", worst.relative * 100,
             worst.where);
}

// Where maps stay in the buffer tiles may load nothing: then the queues hold back the next layer's.
TEST_CASE("Analytic engine and simulation agree on random chains whose maps stay", "[analytic]") {
  Difference worst;
  int feasible = 0;
  const int cases = testing::cases(300);
  for (std::uint64_t seed = 5000; seed < 5000U + static_cast<unsigned>(cases); ++seed) {
    testing::Random random(seed);
    Architecture arch = testing::random_architecture(random);
    arch.global_buffer.keep_ofmap_on_chip = true;
    Network network = testing::random_chain(random);
    feasible += run_random(seed, random, arch, std::move(network), kRandomChain, worst) ? 1 : 0;
  }
  CHECK(feasible > cases * 2 / 3);
  fmt::print("the same for chains: {:+.2f} %  {}\n", worst.relative * 100, worst.where);
}
