// Layers with precisions of their own, on the simulated machine.

#include <algorithm>
#include <catch2/catch.hpp>

#include "models/base/error.hpp"
#include "models/cost/analytic.hpp"
#include "models/network/layer_precision.hpp"
#include "models/numeric/reference.hpp"
#include "sim/run.hpp"
#include "tests/arch_configs/config_files.hpp"
#include "tests/models/numeric/small_networks.hpp"
#include "tests/support/checked_run.hpp"
#include "tests/support/effort.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;
using testing::Random;

namespace {

/// A part of the layers is int16, another int8, in a run of either.
LoweredNetwork random_precisions(Random& random, Network network, Precision run) {
  LoweredNetwork lowered = lower(std::move(network));
  std::vector<PrecisionRule> rules;
  for (const LoweredLayer& layer : lowered.layers) {
    if (random.one_in(2)) rules.push_back({layer.name, Precision::int16});
    if (random.one_in(3)) rules.push_back({layer.name, Precision::int8});
  }
  return assign_precisions(std::move(lowered), run, rules);
}

Network random_mixed_network(Random& random) {
  if (random.one_in(6)) return small_networks::everything();
  if (random.one_in(4)) return small_networks::fires();
  return testing::random_network(random);
}

/// Counts and bytes are equal with data, without, and in closed form; cycles without data, too.
void check_equal(const RunStats& data, const RunStats& no_data, const RunStats& analytic) {
  REQUIRE(data.layers.size() == no_data.layers.size());
  REQUIRE(data.layers.size() == analytic.layers.size());
  for (std::size_t i = 0; i < data.layers.size(); ++i) {
    const LayerStats &a = data.layers[i], &b = no_data.layers[i], &c = analytic.layers[i];
    INFO(a.name << " (" << a.op << ", " << a.dataflow << ")");
    CHECK(a.cycles == b.cycles);
    CHECK(a.accesses == b.accesses);
    CHECK(a.bytes == b.bytes);
    CHECK(a.accesses == c.accesses);
    CHECK(a.bytes == c.bytes);
    CHECK(a.precision == c.precision);
    CHECK(a.sparsity == b.sparsity);
    CHECK(a.sparsity == c.sparsity);
  }
  const Cycles simulated = total_of(data).cycles.total(),
               worked_out = total_of(analytic).cycles.total();
  // Who has the bus first in one cycle counts in networks of a few hundred.
  CHECK(std::abs((simulated - worked_out).count()) <=
        std::max(std::int64_t{20}, simulated.count() / 50));
}

/// Every third machine codes feature maps, every third gates.
void make_frugal(Architecture& arch, std::uint64_t seed) {
  Random random(~seed);  // leaves the other numbers of a seed as they are without
  if (random.one_in(3)) arch.dram.activations = ActivationCoding::run_length;
  arch.pe_array.gate_zero_activations = random.one_in(3);
}

/// False if no mapping exists.
bool run_case(std::uint64_t seed) {
  INFO("seed " << seed);
  Random random(seed);
  Architecture arch = testing::random_architecture(random);
  make_frugal(arch, seed);
  const Precision run = random.pick({Precision::int8, Precision::int8, Precision::int16});
  const LoweredNetwork network = random_precisions(random, random_mixed_network(random), run);
  const bool asymmetric = run == Precision::int8 && random.one_in(3);
  const Workload workload = make_workload(
      network, {.precision = run, .seed = seed, .calibration = {.asymmetric = asymmetric}});
  sim::RunOptions options{.dataflow = testing::random_dataflow(random)};
  const auto result = testing::checked_run(arch, workload, options);
  if (!result) return false;
  options.zeros = std::make_shared<const NetworkZeros>(result->zeros);
  check_equal(result->stats, sim::run_without_data(arch, network, run, seed, options),
              sim::run_analytic(arch, network, run, seed, options));
  return true;
}

/// What layer `name` of `fires` loses, in dB, with the rules.
double sqnr_of(const std::string& name, const std::vector<PrecisionRule>& rules) {
  const LoweredNetwork network =
      assign_precisions(lower(small_networks::fires()), Precision::int8, rules);
  const Workload workload = make_workload(network, {.keep_real_outputs = true});
  const std::vector<AnyTensor> tensors = reference::run_network(workload);
  const auto found = std::ranges::find(network.layers, name, &LoweredLayer::name);
  REQUIRE(found != network.layers.end());
  const auto index = static_cast<std::size_t>(found - network.layers.begin());
  const AnyTensor& words = tensors[static_cast<std::size_t>(found->output)];
  return layer_quantization(workload, index, words).error.sqnr_db().value();
}

}  // namespace

TEST_CASE("Random networks of mixed precisions compute exactly on random machines, part 1",
          "[sim][property]") {
  testing::run_cases(run_case, 81000, testing::cases(150), 3);
}
TEST_CASE("Random networks of mixed precisions compute exactly on random machines, part 2",
          "[sim][property]") {
  testing::run_cases(run_case, 82000, testing::cases(150), 3);
}

TEST_CASE("A layer loses less when it is int16, and the network when many are") {
  for (const LoweredLayer& layer : lower(small_networks::fires()).layers) {
    if (!runs_on_array(layer.kind)) continue;
    INFO(layer.name);
    CHECK(sqnr_of(layer.name, {{layer.name, Precision::int16}}) > sqnr_of(layer.name, {}));
  }
  // Of the last map before it is averaged: its few averages are up or down by chance.
  const double plain = sqnr_of("conv5", {});
  double best = plain;
  for (const LoweredLayer& layer : lower(small_networks::fires()).layers)
    best = std::max(best, sqnr_of("conv5", {{layer.name, Precision::int16}}));
  const double fires = sqnr_of("conv5", {{"fire*", Precision::int16}});
  CAPTURE(plain, best, fires);
  CHECK(best > plain + 0.3);
  CHECK(fires > best);
  CHECK(sqnr_of("conv5", {{"*", Precision::int16}}) > plain + 40);
}

TEST_CASE("A wide layer moves wide words, and its neighbours nothing more than they must") {
  const Architecture arch = config_files::load("squeezelerator_8x8");
  const LoweredNetwork plain = lower(small_networks::fires());
  const LoweredNetwork mixed = assign_precisions(
      plain, Precision::int8, std::vector<PrecisionRule>{{"conv5", Precision::int16}});
  const RunStats before = sim::run_without_data(arch, plain, Precision::int8, 1, {});
  const RunStats after = sim::run_without_data(arch, mixed, Precision::int8, 1, {});
  // "average", which follows, reads wide words and writes narrow ones: nothing is copied.
  REQUIRE(before.layers.size() == after.layers.size());
  for (std::size_t i = 0; i < before.layers.size(); ++i) {
    const LayerStats &a = before.layers[i], &b = after.layers[i];
    INFO(a.name);
    CHECK(a.accesses.mac + a.macs_skipped.count() == b.accesses.mac + b.macs_skipped.count());
    if (a.name == "fire4/expand1x1" || a.name == "fire4/expand3x3") {
      CHECK(b.bytes.dram_write == a.bytes.dram_write * 2);
      CHECK(b.precision.own == Precision::int8);
    } else if (a.name == "conv5") {
      CHECK(b.bytes.dram_write == a.bytes.dram_write * 2);
      CHECK(b.bytes.dram_read > a.bytes.dram_read);
    } else if (a.name == "average") {
      CHECK(b.bytes.dram_read == a.bytes.dram_read * 2);
      CHECK(b.bytes.dram_write == a.bytes.dram_write);
    } else {
      CHECK(a.bytes == b.bytes);
      CHECK(a.cycles == b.cycles);
    }
  }
}

TEST_CASE("A layer alone takes as long in closed form, whatever the widths of its operands") {
  Architecture arch = testing::small_architecture();
  arch.global_buffer.bytes = Bytes(16384);
  arch.dram = {.bytes_per_cycle = 1, .burst_bytes = 4};  // every byte shows
  arch.pe_array.skip_zero_weights = false;               // the search knows of no zeros
  int mixed = 0;
  for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6}) {
    Random random(seed);
    const LoweredNetwork network =
        random_precisions(random, small_networks::everything(), Precision::int8);
    for (const LoweredLayer& layer : network.layers) {
      INFO("seed " << seed << ", " << layer.name);
      const LayerPrecision words = layer_precision(network, layer, Precision::int8);
      mixed += layer.residual && words.residual != words.own ? 1 : 0;
      const sim::RunOptions alone{.layers = layer.name};
      const RunStats simulated = sim::run_without_data(arch, network, Precision::int8, 1, alone);
      const RunStats worked_out = sim::run_analytic(arch, network, Precision::int8, 1, alone);
      CHECK(simulated.layers[0].cycles == worked_out.layers[0].cycles);
      // As the mapping search judges it.
      const LayerTensors tensors = tensors_of(network, layer, arch, {});
      const ZeroWeights none;
      const LayerCost judged =
          analytic_cost({arch, layer, words, simulated.layers[0].mapping, tensors, none});
      CHECK(judged.cycles == simulated.layers[0].cycles);
      CHECK(judged.dram_read == simulated.layers[0].bytes.dram_read);
      CHECK(judged.dram_write == simulated.layers[0].bytes.dram_write);
    }
  }
  CHECK(mixed > 2);
}
