#include "tests/support/fixed_mapping.hpp"

namespace ridgeline::testing {

using Jobs = std::vector<sim::LayerJob>;

MappedRun run_searched(const Architecture& arch, const LoweredNetwork& network,
                       sim::RunOptions options) {
  MappedRun run;
  options.fault = [&](Jobs& jobs, std::span<std::byte>) { run.jobs = jobs; };
  run.stats = sim::run_without_data(arch, network, Precision::int8, 1, options);
  return run;
}

RunStats run_mapped(const Architecture& arch, const LoweredNetwork& network, const Jobs& jobs,
                    sim::RunOptions options) {
  options.fault = [&](Jobs& own, std::span<std::byte>) {
    for (std::size_t i = 0; i < own.size(); ++i) {
      own[i].mapping = jobs[i].mapping;
      own[i].pass = jobs[i].pass;
      own[i].plan = buffer_plan(arch, own[i].layer, own[i].precision, own[i].mapping);
      own[i].loads = jobs[i].loads;
      own[i].tiles = jobs[i].tiles;
    }
  };
  return sim::run_without_data(arch, network, Precision::int8, 1, options);
}

void make_one_tile(Jobs& jobs) {
  for (sim::LayerJob& job : jobs) {
    job.mapping.tile = iteration_space(job.layer);
    if (job.mapping.dataflow != nullptr) {
      job.pass =
          job.mapping.dataflow->pass_extent(job.arch->pe_array, job.layer.shape, job.mapping.tile);
    }
    job.plan = buffer_plan(*job.arch, job.layer, job.precision, job.mapping, job.residency);
    job.loads = job.tiles = tiles_of(job.layer, job.mapping);
  }
}

LayerCost analytic_cost_of(const Architecture& arch, const sim::LayerJob& job) {
  const LayerTensors tensors = plain_tensors(job.layer);
  const ZeroWeights no_zeros;
  return analytic_cost(
      {arch, job.layer, job.precision, job.mapping, tensors, no_zeros, job.residency});
}

}  // namespace ridgeline::testing
