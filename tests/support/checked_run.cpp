#include "tests/support/checked_run.hpp"

#include <catch2/catch.hpp>

#include "models/base/error.hpp"

namespace ridgeline::testing {

std::optional<sim::RunResult> checked_run(const Architecture& arch, const Workload& workload,
                                          const sim::RunOptions& options) {
  sim::RunResult result;
  try {
    result = sim::run_with_data(arch, workload, options);
  } catch (const InfeasibleError&) {
    return std::nullopt;
  }
  sim::check(result, workload);
  for (const LayerStats& layer : result.stats.layers) {
    INFO(layer.name << " (" << layer.op << ", " << layer.dataflow << ")");
    CHECK(layer.check.compared == layer.output_shape.elements());
    CHECK(layer.check.first_mismatch == "");
  }
  return result;
}

void run_cases(bool (*run_case)(std::uint64_t seed), std::uint64_t first, int count, int part) {
  int feasible = 0;
  for (int i = 0; i < count; ++i)
    feasible += run_case(first + static_cast<std::uint64_t>(i)) ? 1 : 0;
  CHECK(feasible > count / part);
}

}  // namespace ridgeline::testing
