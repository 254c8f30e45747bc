// Whole small layers, as the mapping cuts them, on the register-level array: as many cycles as the
// SystemC pass model charges to its array, and the convolution's numbers.

#include <catch2/catch.hpp>

#include "models/base/error.hpp"
#include "sim/hw/job.hpp"
#include "sim/register_level/layer_on_registers.hpp"
#include "sim/run.hpp"
#include "tests/support/register_case.hpp"

using namespace ridgeline;
using sim::register_level::LayerData;
using sim::register_level::LayerOnRegisters;
using testing::Random;

namespace {

std::vector<int> words_of(const AnyTensor& tensor) {
  const auto& words = std::get<Tensor<std::int8_t>>(tensor).data;
  return {words.begin(), words.end()};
}

/// The time of the array itself, without waiting for the memory or the vector unit.
Cycles array_cycles(const CycleBreakdown& cycles) {
  return cycles.compute + cycles.fill_drain + cycles.stationary_load + cycles.glb_stall;
}

/// Every tile of a layer, pass by pass.
void check_layer(const sim::LayerJob& job, const LayerStats& stats, const LayerData& data) {
  INFO(stats.op << " under " << stats.dataflow << ", " << job.tiles.size() << " tiles");
  LayerOnRegisters array(*job.arch, stats.dataflow, data);
  Cycles measured;
  for (const Tile& tile : job.tiles) {
    const PassSequence sequence(data.shape, job.pass, tile);
    std::vector<Pass> passes;
    for (std::int64_t i = 0; i < sequence.size(); ++i) passes.push_back(sequence[i]);
    measured += array.run_tile(passes);
  }
  CHECK(measured == array_cycles(stats.cycles));
  const TensorShape out = data.shape.ofmap();
  std::int64_t wrong = 0;
  for (std::int64_t i = 0; i < out.elements(); ++i) {
    const int q = static_cast<int>(i % out.W), p = static_cast<int>(i / out.W % out.H);
    const int m = static_cast<int>(i / out.W / out.H % out.C);
    const int n = static_cast<int>(i / out.W / out.H / out.C);
    if (array.ofmap()[static_cast<std::size_t>(i)] != testing::convolution_at(data, n, m, p, q)) {
      ++wrong;
    }
  }
  CHECK(wrong == 0);
}

/// Layers of one random network that were checked.
int run_case(std::uint64_t seed) {
  INFO("seed " << seed);
  Random random(seed);
  const Fabric fabric = random.pick({Fabric::broadcast, Fabric::systolic});
  const Architecture arch = testing::random_small_array(random, fabric);
  const Workload workload = make_workload(lower(testing::random_network(random)),
                                          {.precision = Precision::int8, .seed = seed});
  std::vector<sim::LayerJob> jobs;
  const sim::RunOptions options{
      .dataflow = testing::random_dataflow(random),
      .fault = [&](std::vector<sim::LayerJob>& all, std::span<std::byte>) { jobs = all; }};
  sim::RunResult result;
  try {
    result = sim::run_with_data(arch, workload, options);
  } catch (const InfeasibleError&) {
    return 0;
  }
  int checked = 0;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const LoweredLayer& layer = jobs[i].layer;
    if (!sim::register_level::has_register_level_array(result.stats.layers[i].dataflow)) continue;
    if (layer.shape.macs() > Macs(100'000)) continue;
    const LayerData data{.shape = layer.shape,
                         .ifmap = words_of(result.tensors[static_cast<std::size_t>(layer.input)]),
                         .filters = words_of(workload.layers[i].filters)};
    check_layer(jobs[i], result.stats.layers[i], data);
    ++checked;
  }
  return checked;
}

}  // namespace

TEST_CASE("A whole layer takes the cycles on registers that the pass model charges to its array",
          "[register][sim]") {
  int checked = 0;
  for (std::uint64_t seed = 9000; seed < 9600; ++seed) checked += run_case(seed);
  CHECK(checked > 200);
}
