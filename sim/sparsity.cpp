#include "sim/sparsity.hpp"

#include <algorithm>
#include <utility>

#include "models/cost/analytic.hpp"
#include "models/cost/energies.hpp"
#include "models/mapping/dataflow.hpp"

namespace ridgeline::sim {
namespace {

bool skips_weights(const LayerJob& job) {
  return !job.zeros->empty();
}

std::int64_t all_of(const ZeroWeights& zeros, const ConvShape& shape) {
  return zeros.count({0, shape.M}, {0, shape.C_per_group()});
}

std::int64_t skipped_weights(const LayerJob& job) {
  return all_of(*job.zeros, job.layer.shape);
}

/// What a layer's words and MACs are, and which of them are zero.
Sparsity zeros_of(const LayerJob& job, const OperandZeroCounts& operands,
                  const NetworkZeros& zeros) {
  const auto map = [&](TensorId id) { return zeros.maps[static_cast<std::size_t>(id)].zero_words; };
  const bool gates = job.arch->pe_array.gate_zero_activations;
  const std::int64_t executed_on_zero = skips_weights(job)
                                            ? operands.macs_zero_either - operands.macs_zero_weight
                                            : operands.macs_zero_activation;
  return {.weights_counted = operands.weights,
          .zero_weights = operands.zero_weights,
          .ifmap_words = job.layer.shape.ifmap().elements(),
          .zero_ifmap_words = map(job.layer.input),
          .ofmap_words = job.layer.output_shape.elements(),
          .zero_ofmap_words = map(job.layer.output),
          .macs_zero_weight = operands.macs_zero_weight,
          .macs_zero_activation = operands.macs_zero_activation,
          .macs_zero_either = operands.macs_zero_either,
          .macs_gated = gates ? executed_on_zero : 0};
}

/// Gated MACs read no weight out of the register file.
void gate(LayerStats& stats, const Architecture& arch) {
  Sparsity& sparsity = stats.sparsity;
  if (sparsity.macs_gated == 0) return;
  const EnergyBreakdown before = stats.energy;
  if (stats.mapping.dataflow->weights_in_registers)
    stats.accesses.rf_filter_read -= sparsity.macs_gated;
  derive(stats, arch);
  sparsity.energy_saved += before.total() - stats.energy.total();
}

/// Whether the cycles or counts of any job depend on zeros.
bool zeros_matter(const JobList& list) {
  return std::ranges::any_of(list.jobs, [](const LayerJob& job) {
    const bool coded =
        std::min({job.input.coded_ratio, job.output.coded_ratio, job.residual.coded_ratio}) < 1;
    return coded || skipped_weights(job) > 0;
  });
}

AccessCounts difference(const AccessCounts& a, const AccessCounts& b) {
  AccessCounts result;
  for (const auto& field : AccessCounts::fields()) {
    result.*field.member = a.*field.member - b.*field.member;
  }
  return result;
}

}  // namespace

NetworkZeros assumed_zeros(const RunInputs& in, const RunOptions& options) {
  if (options.zeros != nullptr) return *options.zeros;
  return declared_zeros(in.network, in.precision);
}

std::vector<std::int64_t> known_zero_weights(const RunInputs& in, const RunOptions& options,
                                             const JobList& list) {
  std::vector<std::int64_t> known(in.network.layers.size(), -1);
  for (std::size_t i = 0; i < list.jobs.size(); ++i) {
    const LayerJob& job = list.jobs[i];
    const std::size_t layer = list.layers[i];
    if (skips_weights(job)) {
      known[layer] = skipped_weights(job);
    } else if (!runs_on_array(job.layer.kind)) {
      continue;
    } else if (!list.known_zeros.empty() && list.known_zeros[i] != nullptr) {
      known[layer] = all_of(*list.known_zeros[i], job.layer.shape);
    } else if (options.weights != nullptr || job.layer.zero_weight_fraction) {
      known[layer] = all_of(*zero_weights(in, layer, options), job.layer.shape);
    }
  }
  return known;
}

std::vector<LayerCost> analytic_costs(const RunInputs& in, const JobList& list, bool plainly) {
  const ZeroWeights none;
  std::vector<LayerTensors> tensors;
  for (const LayerJob& job : list.jobs) {
    tensors.push_back(tensors_of(in.network, job.layer, in.arch, in.maps));
    if (!plainly) continue;
    for (LayerTensors::Place LayerTensors::*place :
         {&LayerTensors::input, &LayerTensors::output, &LayerTensors::residual}) {
      (tensors.back().*place).coded_ratio = 1;
    }
  }
  std::vector<RunLayer> layers;
  for (std::size_t i = 0; i < list.jobs.size(); ++i) {
    const LayerJob& job = list.jobs[i];
    layers.push_back({{in.arch, job.layer, job.precision, job.mapping, tensors[i],
                       plainly ? none : *job.zeros, job.residency},
                      job.needs});
  }
  return analytic_run(layers);
}

void put_zeros(RunStats& run, const RunInputs& in, const JobList& list, const NetworkZeros& zeros) {
  run.activation_zeros = zeros.source;
  run.declared_weights =
      in.workload == nullptr && std::ranges::any_of(list.jobs, [](const LayerJob& job) {
        return job.layer.zero_weight_fraction.has_value();
      });
  for (std::size_t i = 0; i < list.jobs.size(); ++i) {
    run.layers[i].sparsity = zeros_of(list.jobs[i], zeros.layers[list.layers[i]], zeros);
    gate(run.layers[i], in.arch);
  }
}

void put_savings(RunStats& run, const RunInputs& in, const JobList& list,
                 std::vector<LayerCost> now) {
  if (!zeros_matter(list)) return;
  if (now.empty()) now = analytic_costs(in, list, false);
  const std::vector<LayerCost> plain = analytic_costs(in, list, true);
  for (std::size_t i = 0; i < run.layers.size(); ++i) {
    Sparsity& sparsity = run.layers[i].sparsity;
    const Cycles cycles = plain[i].cycles.total() - now[i].cycles.total();
    const Bytes dram =
        plain[i].dram_read + plain[i].dram_write - now[i].dram_read - now[i].dram_write;
    sparsity.cycles_saved = cycles.count();
    sparsity.dram_bytes_saved = dram.count();
    sparsity.energy_saved += energy_of(difference(plain[i].counts, now[i].counts), cycles,
                                       energies_of(in.arch, list.jobs[i].precision))
                                 .total();
  }
}

}  // namespace ridgeline::sim
