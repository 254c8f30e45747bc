#pragma once

#include <vector>

#include "models/cost/analytic.hpp"
#include "sim/hw/job.hpp"
#include "sim/run.hpp"

/// Running a network on one machine with the mappings that a search chose for another.
namespace ridgeline::testing {

/// A run and the jobs that it ran.
struct MappedRun {
  RunStats stats;
  std::vector<sim::LayerJob> jobs;
};

/// A run whose mappings are searched for.
[[nodiscard]] MappedRun run_searched(const Architecture& arch, const LoweredNetwork& network,
                                     sim::RunOptions options = {});

/// A run with the mappings of `jobs`, which must fit this machine too; its array is the same. Zero
/// weights are those of the dataflow that its own search chose: leave it only one, or skip none.
[[nodiscard]] RunStats run_mapped(const Architecture& arch, const LoweredNetwork& network,
                                  const std::vector<sim::LayerJob>& jobs,
                                  sim::RunOptions options = {});

/// Makes each layer one tile.
void make_one_tile(std::vector<sim::LayerJob>& jobs);

/// What the analytic engine says of a job that runs alone, on data without zeros.
[[nodiscard]] LayerCost analytic_cost_of(const Architecture& arch, const sim::LayerJob& job);

}  // namespace ridgeline::testing
