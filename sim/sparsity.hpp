#pragma once

#include "models/cost/analytic.hpp"
#include "models/cost/sparsity.hpp"
#include "sim/job_list.hpp"

/// What a run has to do with zeros, beside its cycles and counts.
namespace ridgeline::sim {

/// The zeros that a run without data works with: those of RunOptions::zeros, or the declared ones,
/// without the layers' operands.
[[nodiscard]] NetworkZeros assumed_zeros(const RunInputs& inputs, const RunOptions& options);
/// Of each layer, where the machine skips them, or where the network has weights of its own; -1
/// elsewhere: weights from a seed are not made only to be counted.
[[nodiscard]] std::vector<std::int64_t> known_zero_weights(const RunInputs& inputs,
                                                           const RunOptions& options,
                                                           const JobList& list);

/// What the jobs cost by the analytic engine, as a run; `plainly`: as if no word were zero.
[[nodiscard]] std::vector<LayerCost> analytic_costs(const RunInputs& inputs, const JobList& list,
                                                    bool plainly);

/// Fills in the zeros of each layer of `run`, one for each job, and what of its MACs was gated.
void put_zeros(RunStats& run, const RunInputs& inputs, const JobList& list,
               const NetworkZeros& zeros);
/// And then what they saved. `costs` are analytic_costs(), not plainly, if they are known already.
void put_savings(RunStats& run, const RunInputs& inputs, const JobList& list,
                 std::vector<LayerCost> costs);

}  // namespace ridgeline::sim
