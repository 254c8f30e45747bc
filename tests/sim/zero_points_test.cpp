#include "tests/support/zero_points.hpp"

#include <catch2/catch.hpp>

#include "models/base/error.hpp"
#include "sim/run.hpp"

using namespace ridgeline;
using testing::Random;

namespace {

/// Runs one random layer with random zero points on one random machine. False if no mapping exists.
bool run_case(std::uint64_t seed) {
  INFO("seed " << seed);
  Random random(seed);
  const Architecture arch = testing::random_architecture(random);
  Workload workload = make_workload(lower(testing::random_network(random)), {.seed = seed});
  testing::put_random_zero_points(random, workload);
  sim::RunResult result;
  try {
    result = sim::run_with_data(arch, workload, {.dataflow = testing::random_dataflow(random)});
  } catch (const InfeasibleError&) {
    return false;
  }
  sim::check(result, workload);
  for (const LayerStats& layer : result.stats.layers) {
    INFO(layer.name << " (" << layer.op << ", " << layer.dataflow << ")");
    CHECK(layer.check.compared == layer.output_shape.elements());
    CHECK(layer.check.first_mismatch == "");
  }
  return true;
}

void run_cases(std::uint64_t first, int count) {
  int feasible = 0;
  for (int i = 0; i < count; ++i)
    feasible += run_case(first + static_cast<std::uint64_t>(i)) ? 1 : 0;
  CHECK(feasible > count / 2);
}

}  // namespace

TEST_CASE("Random layers with random zero points compute exactly on random machines, part 1",
          "[sim][property]") {
  run_cases(71000, 400);
}
TEST_CASE("Random layers with random zero points compute exactly on random machines, part 2",
          "[sim][property]") {
  run_cases(72000, 400);
}
