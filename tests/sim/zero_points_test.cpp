#include "tests/support/zero_points.hpp"

#include <catch2/catch.hpp>

#include "tests/support/checked_run.hpp"

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
  return testing::checked_run(arch, workload, {.dataflow = testing::random_dataflow(random)})
      .has_value();
}

}  // namespace

TEST_CASE("Random layers with random zero points compute exactly on random machines, part 1",
          "[sim][property]") {
  testing::run_cases(run_case, 71000, 400);
}
TEST_CASE("Random layers with random zero points compute exactly on random machines, part 2",
          "[sim][property]") {
  testing::run_cases(run_case, 72000, 400);
}
