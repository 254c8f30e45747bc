// Zeros of real tensors: what is counted, gated, skipped and coded, in the simulation, in the
// analytic engine, and without data.

#include "models/cost/sparsity.hpp"

#include <catch2/catch.hpp>

#include "models/base/error.hpp"
#include "models/mapping/dataflow.hpp"
#include "sim/run.hpp"
#include "tests/arch_configs/config_files.hpp"
#include "tests/models/numeric/small_networks.hpp"
#include "tests/support/checked_run.hpp"
#include "tests/support/pruned_weights.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;
using testing::Random;

namespace {

/// A random machine that may gate, skip and code.
Architecture random_machine(Random& random) {
  Architecture arch = testing::random_architecture(random);
  arch.pe_array.gate_zero_activations = random.one_in(2);
  arch.energy.mac_gated = random.one_in(2) ? 0 : 0.25;
  if (random.one_in(2)) arch.dram.activations = ActivationCoding::run_length;
  return arch;
}

bool skips(const Architecture& arch, const LayerStats& layer) {
  return layer.mapping.dataflow != nullptr && layer.mapping.dataflow->skips_zero_weights &&
         arch.pe_array.skip_zero_weights;
}

std::int64_t zeros_in(const AnyTensor& tensor) {
  return std::visit([](const auto& words) { return std::ranges::count(words.data, 0); }, tensor);
}

void check_words(const LayerStats& stats, const LoweredLayer& layer,
                 const std::vector<AnyTensor>& tensors) {
  const auto zeros = [&](TensorId id) { return zeros_in(tensors[static_cast<std::size_t>(id)]); };
  CHECK(stats.sparsity.ifmap_words == layer.shape.ifmap().elements());
  CHECK(stats.sparsity.zero_ifmap_words == zeros(layer.input));
  CHECK(stats.sparsity.zero_ofmap_words == zeros(layer.output));
}

/// Every MAC is skipped, gated, or multiplies.
void check_macs(const Architecture& arch, const LayerStats& stats) {
  const Sparsity& s = stats.sparsity;
  const bool skip = skips(arch, stats);
  CHECK(stats.macs_skipped == Macs(skip ? s.macs_zero_weight : 0));
  const std::int64_t multiplied = stats.accesses.mac - s.macs_gated;
  CHECK(multiplied + s.macs_gated + stats.macs_skipped.count() == stats.macs.count());
  if (!arch.pe_array.gate_zero_activations) {
    CHECK(s.macs_gated == 0);
  } else {
    CHECK(multiplied == stats.macs.count() - (skip ? s.macs_zero_either : s.macs_zero_activation));
  }
  const AccessCounts& n = stats.accesses;
  CHECK(stats.energy.mac.count() ==
        Approx(static_cast<double>(multiplied) * arch.energy.mac +
               static_cast<double>(s.macs_gated) * arch.energy.mac_gated)
            .epsilon(1e-12)
            .margin(1e-9));
  CHECK(stats.energy.rf.count() ==
        Approx(static_cast<double>(n.rf_read() + n.rf_write()) * arch.energy.rf));
}

void check_same(const RunStats& a, const RunStats& b, bool cycles) {
  REQUIRE(a.layers.size() == b.layers.size());
  for (std::size_t i = 0; i < a.layers.size(); ++i) {
    INFO(a.layers[i].name << " (" << a.layers[i].dataflow << ")");
    if (cycles) CHECK(a.layers[i].cycles == b.layers[i].cycles);
    CHECK(a.layers[i].accesses == b.layers[i].accesses);
    CHECK(a.layers[i].bytes == b.layers[i].bytes);
    CHECK(a.layers[i].sparsity == b.layers[i].sparsity);
  }
}

/// One random pruned layer on one random machine. False if no mapping exists.
bool run_case(std::uint64_t seed) {
  INFO("seed " << seed);
  Random random(seed);
  const Architecture arch = random_machine(random);
  const Precision precision = random.pick({Precision::int8, Precision::int16, Precision::fp32});
  const LoweredNetwork lowered = lower(testing::random_network(random));
  const auto weights =
      testing::pruned_weights(lowered.network, seed, random.pick({0, 300, 700, 990}));
  const Workload workload =
      make_workload(lowered, {.precision = precision, .seed = seed, .weights = weights});
  sim::RunOptions options{.dataflow = testing::random_dataflow(random), .weights = weights};
  const auto run = testing::checked_run(arch, workload, options);
  if (!run) return false;
  const sim::RunResult& result = *run;
  CHECK(result.stats.activation_zeros == ZerosSource::measured);
  for (std::size_t i = 0; i < result.stats.layers.size(); ++i) {
    const LayerStats& stats = result.stats.layers[i];
    INFO(stats.name << " (" << stats.op << ", " << stats.dataflow << ")");
    // In fp32 the machine's own sums decide which words of a coded run are zero.
    if (precision != Precision::fp32 || result.reference.empty())
      check_words(stats, lowered.layers[i], result.tensors);
    check_macs(arch, stats);
  }
  options.zeros = std::make_shared<const NetworkZeros>(result.zeros);
  check_same(sim::run_without_data(arch, lowered, precision, seed, options), result.stats, true);
  check_same(sim::run_analytic(arch, lowered, precision, seed, options), result.stats, false);
  return true;
}

/// One random layer whose zero weights are declared. False if no mapping exists.
bool run_declared_case(std::uint64_t seed) {
  INFO("seed " << seed);
  Random random(seed);
  const Architecture arch = random_machine(random);
  const Precision precision = random.pick({Precision::int8, Precision::int16});
  LoweredNetwork lowered = lower(testing::random_network(random));
  const double zeros = random.pick({0.0, 0.1, 0.4, 0.75, 1.0});
  for (LoweredLayer& layer : lowered.layers) layer.zero_weight_fraction = zeros;
  const sim::RunOptions options{.dataflow = testing::random_dataflow(random)};
  RunStats simulated;
  try {
    simulated = sim::run_without_data(arch, lowered, precision, seed, options);
  } catch (const InfeasibleError&) {
    return false;
  }
  for (const LayerStats& stats : simulated.layers) check_macs(arch, stats);
  check_same(simulated, sim::run_analytic(arch, lowered, precision, seed, options), false);
  return true;
}

/// The same machine, blind to zeros.
Architecture blind(Architecture arch) {
  arch.pe_array.gate_zero_activations = arch.pe_array.skip_zero_weights = false;
  arch.dram.activations = ActivationCoding::plain;
  return arch;
}

std::vector<LayerMapping> mappings_of(const RunStats& run) {
  std::vector<LayerMapping> mappings;
  for (const LayerStats& layer : run.layers) mappings.push_back({layer.name, layer.mapping});
  return mappings;
}

Bytes dram_bytes(const RunStats& run) {
  const TrafficBytes bytes = total_of(run).bytes;
  return bytes.dram_read + bytes.dram_write;
}

RunStats run_pruned(const Architecture& arch, int zeros, sim::RunOptions options) {
  const LoweredNetwork lowered = lower(small_networks::fires());
  options.weights = testing::pruned_weights(lowered.network, 3, zeros);
  const Workload workload = make_workload(lowered, {.weights = options.weights});
  sim::RunResult result = sim::run_with_data(arch, workload, options);
  sim::check(result, workload);
  CHECK(total_of(result.stats).check.passed());
  return result.stats;
}

}  // namespace

TEST_CASE(
    "Zeros of random pruned layers are counted, gated, skipped and coded alike by everyone, 1",
    "[sim][property][sparsity]") {
  testing::run_cases(run_case, 81000, 200);
}
TEST_CASE(
    "Zeros of random pruned layers are counted, gated, skipped and coded alike by everyone, 2",
    "[sim][property][sparsity]") {
  testing::run_cases(run_case, 82000, 200);
}

TEST_CASE("Declared zero weights of random layers are skipped alike by both engines",
          "[sim][property][sparsity]") {
  testing::run_cases(run_declared_case, 83000, 150);
}

TEST_CASE("Fewer declared weights never cost more cycles, and no bytes, and os alone skips them",
          "[sim][sparsity]") {
  const Architecture arch = testing::small_architecture();
  LoweredNetwork network = lower(small_networks::fires());
  for (const char* dataflow : {"ws", "os"}) {
    INFO(dataflow);
    const bool skips = std::string_view(dataflow) == "os";
    std::optional<RunStats> denser;
    for (const double zeros : {0.0, 0.2, 0.4, 0.8, 1.0}) {
      for (LoweredLayer& layer : network.layers) layer.zero_weight_fraction = zeros;
      sim::RunOptions options{.dataflow = dataflow};
      if (denser) options.mappings = mappings_of(*denser);
      const RunStats run = sim::run_without_data(arch, network, Precision::int8, 1, options);
      const LayerStats now = total_of(run);
      CHECK(static_cast<double>(now.macs_skipped.count()) ==
            Approx(skips ? zeros * static_cast<double>(now.macs.count()) : 0).epsilon(0.02));
      if (skips) CHECK(now.sparsity.zero_weight_fraction() == Approx(zeros).margin(0.02));
      if (denser) CHECK(now.cycles.total() <= total_of(*denser).cycles.total());
      if (denser) CHECK(dram_bytes(run) == dram_bytes(*denser));
      denser = run;
    }
  }
}

TEST_CASE("What zeros save is the difference from a machine that is blind to them",
          "[sim][sparsity]") {
  for (const char* dataflow : {"ws", "os", "rs", "auto"}) {
    INFO(dataflow);
    const RunStats seeing = run_pruned(testing::frugal_architecture(), 600, {.dataflow = dataflow});
    const RunStats unseeing =
        run_pruned(blind(testing::frugal_architecture()), 600, {.mappings = mappings_of(seeing)});
    const LayerStats a = total_of(seeing), b = total_of(unseeing);
    CHECK(b.sparsity.cycles_saved == 0);
    CHECK(b.sparsity.energy_saved == Energy(0));
    CHECK(a.sparsity.cycles_saved > 0);
    CHECK(static_cast<double>(a.sparsity.cycles_saved) ==
          Approx(static_cast<double>((b.cycles.total() - a.cycles.total()).count()))
              .margin(0.001 * static_cast<double>(b.cycles.total().count())));
    CHECK(Bytes(a.sparsity.dram_bytes_saved) == dram_bytes(unseeing) - dram_bytes(seeing));
    CHECK(a.sparsity.energy_saved.count() == Approx((b.energy.total() - a.energy.total()).count()));
  }
}

TEST_CASE("Gating costs no cycle and no byte, and reads fewer weights", "[sim][sparsity]") {
  Architecture arch = testing::frugal_architecture();
  arch.pe_array.gate_zero_activations = false;
  for (const char* dataflow : {"ws", "os", "rs"}) {
    INFO(dataflow);
    const RunStats without = run_pruned(arch, 500, {.dataflow = dataflow});
    const RunStats with = run_pruned(testing::frugal_architecture(), 500, {.dataflow = dataflow});
    for (std::size_t i = 0; i < with.layers.size(); ++i) {
      const LayerStats &on = with.layers[i], &off = without.layers[i];
      CHECK(on.cycles == off.cycles);
      CHECK(on.bytes == off.bytes);
      CHECK(on.accesses.mac == off.accesses.mac);
      const bool reads = std::string_view(dataflow) != "os";
      CHECK(on.accesses.rf_filter_read ==
            off.accesses.rf_filter_read - (reads ? on.sparsity.macs_gated : 0));
      if (on.dataflow != "vector") CHECK(on.sparsity.macs_gated > 0);
    }
  }
}

TEST_CASE("More zero weights never cost more cycles or energy in os", "[sim][sparsity]") {
  Architecture arch = testing::small_architecture();
  arch.global_buffer.bytes = Bytes(16384);
  std::optional<LayerStats> fewer;
  for (const int zeros : {0, 250, 500, 750, 950, 1000}) {
    INFO(zeros << " of 1000 weights are zero");
    const LayerStats now = total_of(run_pruned(arch, zeros, {.dataflow = "os"}));
    if (fewer) {
      CHECK(now.cycles.total() <= fewer->cycles.total());
      CHECK(now.energy.total() <= fewer->energy.total());
      CHECK(now.macs_skipped > fewer->macs_skipped);
    }
    fewer = now;
  }
}

TEST_CASE("More declared zeros never cost more cycles, bytes or energy, and the report says so",
          "[sim][sparsity]") {
  LoweredNetwork network = lower(small_networks::fires());
  std::optional<RunStats> denser;
  for (const double zeros : {0.0, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0}) {
    INFO("zeros " << zeros);
    for (LoweredTensor& tensor : network.tensors) tensor.zero_fraction = zeros;
    const RunStats now = sim::run_without_data(testing::frugal_architecture(), network,
                                               Precision::int8, 1, {.dataflow = "ws"});
    CHECK(now.activation_zeros == ZerosSource::declared);
    CHECK(total_of(now).sparsity.zero_ifmap_fraction() == Approx(zeros).margin(0.001));
    if (denser) {
      CHECK(total_of(now).cycles.total() <= total_of(*denser).cycles.total());
      CHECK(total_of(now).energy.total() < total_of(*denser).energy.total());
      CHECK(dram_bytes(now) <= dram_bytes(*denser));
    }
    denser = now;
  }
  CHECK(total_of(*denser).sparsity.macs_gated == total_of(*denser).macs.count());
}

TEST_CASE("Eyeriss codes the tensors that it has, and plain ones where nothing is known",
          "[sim][sparsity]") {
  const Architecture arch = config_files::load("eyeriss_v1");
  const LoweredNetwork lowered = lower(small_networks::fires());
  const Workload workload = make_workload(lowered, {.precision = Precision::int16});
  const sim::RunResult measured = sim::run_with_data(arch, workload, {});
  const RunStats plain = sim::run_without_data(arch, lowered, Precision::int16, 1, {});
  CHECK(plain.activation_zeros == ZerosSource::declared);
  CHECK(dram_bytes(measured.stats) < dram_bytes(plain));
  CHECK(Bytes(total_of(measured.stats).sparsity.dram_bytes_saved) ==
        dram_bytes(plain) - dram_bytes(measured.stats));
  const auto zeros = std::make_shared<const NetworkZeros>(measured.zeros);
  check_same(sim::run_without_data(arch, lowered, Precision::int16, 1, {.zeros = zeros}),
             measured.stats, true);
}
