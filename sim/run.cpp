#include "sim/run.hpp"

#include <algorithm>

#include "models/numeric/reference.hpp"
#include "sim/job_list.hpp"
#include "sim/machine.hpp"
#include "sim/memory_layout.hpp"

namespace ridgeline::sim {
namespace {

/// Filter words and biases, as the network's author counts them.
std::int64_t parameters_of(const LoweredLayer& layer) {
  if (const auto* conv = std::get_if<ConvOp>(&layer.op)) {
    return layer.shape.filter_elements() + (conv->bias ? layer.shape.M : 0);
  }
  if (const auto* fc = std::get_if<FullyConnectedOp>(&layer.op)) {
    return layer.shape.filter_elements() + (fc->bias ? layer.shape.M : 0);
  }
  return 0;
}

LayerStats stats_of(const LayerJob& job) {
  const LoweredLayer& layer = job.layer;
  const Measurement& measured = *job.measured;
  const AccessCounts& n = measured.counts;
  const Bytes word = word_bytes(job.precision);
  const Bytes psum = buffered_psum_bytes(job.arch->global_buffer, job.precision);
  const std::int64_t psum_reads = measured.ports.psum_in + measured.vector_psums;
  const std::int64_t psum_writes = measured.ports.psum_out;
  const bool on_array = runs_on_array(layer.kind);
  LayerStats stats{.name = layer.name,
                   .op = std::string(layer_kind_name(layer.kind)),
                   .fused = layer.fused,
                   .dataflow = on_array ? job.mapping.dataflow->name : "vector",
                   .mapping = job.mapping,
                   .residency = job.residency,
                   .shape = layer.shape,
                   .output_shape = layer.output_shape,
                   .macs = on_array ? layer.shape.macs() : Macs(0),
                   .parameters = parameters_of(layer),
                   .cycles = measured.cycles,
                   .overlapped = measured.overlapped,
                   .accesses = n,
                   .ports = measured.ports,
                   .bytes = {.dram_read = measured.dram_read,
                             .dram_write = measured.dram_write,
                             .glb_read = word * (n.glb_read - psum_reads) + psum * psum_reads,
                             .glb_write = word * (n.glb_write - psum_writes) + psum * psum_writes}};
  derive(stats, *job.arch);
  return stats;
}

RunStats run_stats(const RunInputs& in, const RunOptions& options, const JobList& list) {
  const Network& network = in.network.network;
  RunStats run{
      .engine = "simulate",
      .arch = in.arch,
      .network = network.name,
      .input = network.input(),
      .network_macs = total_macs(network),
      .network_parameters = total_weights(network) + total_biases(network),
      .precision = in.precision,
      .dataflow = options.dataflow,
      .objective = std::string(objective_name(options.objective.value_or(in.arch.objective))),
      .seed = in.seed,
      .data = in.workload != nullptr,
      .weights_note = in.workload != nullptr ? in.workload->weights_note : ""};
  for (const LayerJob& job : list.jobs) run.layers.push_back(stats_of(job));
  return run;
}

/// Simulates; with data, leaves everything in the machine's memory.
RunStats simulate(const RunInputs& in, const RunOptions& options, const MemoryLayout& layout) {
  JobList list = make_jobs(in, options, layout);
  Machine& machine = Machine::instance();
  if (in.workload != nullptr) {
    layout.fill(machine.memory(), *in.workload);
    if (!options.layers.empty()) {
      const std::vector<AnyTensor> tensors = reference::run_network(*in.workload);
      for (std::size_t id = 1; id < tensors.size(); ++id) {
        layout.write_tensor(machine.memory(), static_cast<TensorId>(id), tensors[id]);
      }
    }
  }
  if (options.fault) options.fault(list.jobs, machine.memory());
  machine.run(list.jobs);
  RunStats run = run_stats(in, options, list);
  if (options.trace) run.trace = trace_of(list);
  return run;
}

}  // namespace

RunResult run_with_data(const Architecture& arch, const Workload& workload,
                        const RunOptions& options) {
  const RunInputs inputs{arch, workload.lowered, workload.precision, workload.seed, &workload};
  const MemoryLayout layout(workload.lowered, workload.precision);
  RunResult result{.stats = simulate(inputs, options, layout)};
  const std::vector<std::byte>& memory = Machine::instance().memory();
  for (std::size_t id = 0; id < workload.lowered.tensors.size(); ++id) {
    const auto tensor = static_cast<TensorId>(id);
    const auto* kept = Machine::instance().kept(workload.lowered.tensors[id].storage);
    result.tensors.push_back(kept != nullptr ? layout.read_kept(*kept, tensor)
                                             : layout.read_tensor(memory, tensor));
  }
  return result;
}

RunStats run_without_data(const Architecture& arch, const LoweredNetwork& network,
                          Precision precision, std::uint64_t seed, const RunOptions& options) {
  const RunInputs inputs{arch, network, precision, seed, nullptr};
  return simulate(inputs, options, MemoryLayout(network, precision));
}

void check(RunResult& result, const Workload& workload) {
  const bool real = workload.precision == Precision::fp32;
  const std::vector<AnyTensor> expected =
      real ? std::vector<AnyTensor>() : reference::run_network(workload);
  const auto tensor = [](const std::vector<AnyTensor>& tensors, TensorId id) -> const AnyTensor& {
    return tensors[static_cast<std::size_t>(id)];
  };
  for (LayerStats& stats : result.stats.layers) {
    const auto& layers = workload.lowered.layers;
    const auto found = std::ranges::find(layers, stats.name, &LoweredLayer::name);
    const auto index = static_cast<std::size_t>(found - layers.begin());
    const AnyTensor& produced = tensor(result.tensors, found->output);
    if (!real) {
      stats.check = compare(produced, tensor(expected, found->output));
      continue;
    }
    const AnyTensor& input = tensor(result.tensors, found->input);
    const AnyTensor* residual =
        found->residual ? &tensor(result.tensors, *found->residual) : nullptr;
    std::vector<float> bound;
    if (runs_on_array(found->kind)) {
      bound = reference::summation_bound(workload, index, input, residual);
    }
    stats.check = compare(produced, reference::run_layer(workload, index, input, residual), bound);
  }
}

}  // namespace ridgeline::sim
