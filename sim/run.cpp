#include "sim/run.hpp"

#include <algorithm>

#include "models/cost/analytic.hpp"
#include "models/cost/compulsory_traffic.hpp"
#include "models/network/layer_names.hpp"
#include "models/numeric/reference.hpp"
#include "models/numeric/zero_counts.hpp"
#include "sim/job_list.hpp"
#include "sim/machine.hpp"
#include "sim/memory_layout.hpp"
#include "sim/sparsity.hpp"

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

LayerCost measured_cost(const LayerJob& job) {
  const Measurement& measured = *job.measured;
  return {.cycles = measured.cycles,
          .overlapped = measured.overlapped,
          .counts = measured.counts,
          .ports = measured.ports,
          .dram_read = measured.dram_read,
          .dram_write = measured.dram_write,
          .vector_psums = measured.vector_psums};
}

/// Words in the buffer are of four widths: the layer's own, psums, the ofmap's, which the vector
/// unit writes once and the store DMA reads once, and those of an addition's other operand, which
/// the load DMA writes once and the vector unit reads once.
TrafficBytes bytes_of(const LayerJob& job, const LayerCost& cost) {
  const AccessCounts& n = cost.counts;
  const Bytes word = word_bytes(job.precision);
  const Bytes psum = buffered_psum_bytes(job.arch->global_buffer, job.precision);
  const std::int64_t psum_reads = cost.ports.psum_in + cost.vector_psums;
  const std::int64_t psum_writes = cost.ports.psum_out;
  const std::int64_t ofmap = job.layer.output_shape.elements();
  const std::int64_t residual = job.layer.residual ? ofmap : 0;
  const Bytes ofmap_more = (word_bytes(job.precision.output) - word) * ofmap;
  const Bytes residual_more = (word_bytes(job.precision.residual) - word) * residual;
  TrafficBytes bytes{.dram_read = cost.dram_read,
                     .dram_write = cost.dram_write,
                     .glb_read = word * (n.glb_read() - psum_reads) + psum * psum_reads,
                     .glb_write = word * (n.glb_write() - psum_writes) + psum * psum_writes};
  bytes.glb_read += residual_more + (job.residency.ofmap ? Bytes(0) : ofmap_more);
  bytes.glb_write += ofmap_more + (job.residency.residual ? Bytes(0) : residual_more);
  return bytes;
}

CompulsoryTraffic compulsory_of(const LayerJob& job) {
  const ConvShape& shape = job.layer.shape;
  const std::int64_t skipped =
      job.zeros->empty() ? 0 : job.zeros->count({0, shape.M}, {0, shape.C_per_group()});
  const CodedRatios coded{job.input.coded_ratio, job.output.coded_ratio, job.residual.coded_ratio};
  return compulsory_traffic(job.layer, job.precision, job.residency, coded, skipped);
}

LayerStats stats_of(const LayerJob& job, const LayerCost& cost) {
  const LoweredLayer& layer = job.layer;
  const bool on_array = runs_on_array(layer.kind);
  LayerStats stats{.name = layer.name,
                   .op = std::string(layer_kind_name(layer.kind)),
                   .fused = layer.fused,
                   .dataflow = on_array ? job.mapping.dataflow->name : "vector",
                   .mapping = job.mapping,
                   .residency = job.residency,
                   .precision = job.precision,
                   .shape = layer.shape,
                   .output_shape = layer.output_shape,
                   .macs = on_array ? layer.shape.macs() : Macs(0),
                   .parameters = parameters_of(layer),
                   .cycles = cost.cycles,
                   .overlapped = cost.overlapped,
                   .accesses = cost.counts,
                   .ports = cost.ports,
                   .bytes = bytes_of(job, cost),
                   .compulsory = compulsory_of(job)};
  derive(stats, *job.arch);
  return stats;
}

/// A report without layers yet.
RunStats empty_report(const RunInputs& in, const RunOptions& options, const char* engine) {
  const Network& network = in.network.network;
  return {.engine = engine,
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
}

/// Simulates the jobs on what lies in the machine's memory.
RunStats simulate(const RunInputs& in, const RunOptions& options, JobList& list) {
  Machine& machine = Machine::instance();
  if (options.fault) options.fault(list.jobs, machine.memory());
  machine.run(list.jobs);
  RunStats run = empty_report(in, options, "simulate");
  for (const LayerJob& job : list.jobs) run.layers.push_back(stats_of(job, measured_cost(job)));
  if (options.trace) run.trace = trace_of(list);
  return run;
}

/// Puts the workload into the machine's DRAM, and the tensors of layers that do not run.
void fill_memory(const MemoryLayout& layout, const Workload& workload,
                 std::span<const AnyTensor> computed) {
  std::vector<std::byte>& memory = Machine::instance().memory();
  layout.fill(memory, workload);
  for (std::size_t id = 1; id < computed.size(); ++id) {
    layout.write_tensor(memory, static_cast<TensorId>(id), computed[id]);
  }
}

std::vector<AnyTensor> read_tensors(const MemoryLayout& layout, const LoweredNetwork& network) {
  std::vector<AnyTensor> tensors;
  for (std::size_t id = 0; id < network.tensors.size(); ++id) {
    const auto tensor = static_cast<TensorId>(id);
    const auto* kept = Machine::instance().kept(network.tensors[id].storage);
    tensors.push_back(kept != nullptr ? layout.read_kept(*kept, tensor)
                                      : layout.read_tensor(Machine::instance().memory(), tensor));
  }
  return tensors;
}

}  // namespace

RunResult run_with_data(const Architecture& arch, const Workload& workload,
                        const RunOptions& options) {
  RunInputs inputs{arch, workload.lowered, workload.precision, workload.seed, &workload};
  const MemoryLayout layout(workload.lowered, workload.precision);
  const bool part = !options.layers.empty();
  const bool coded = arch.dram.activations == ActivationCoding::run_length;
  RunResult result;
  if (part || coded) result.reference = reference::run_network(workload);
  if (coded) result.zeros = measured_zeros(workload, result.reference, true);
  inputs.maps = result.zeros.maps;
  JobList list = make_jobs(inputs, options, layout);
  fill_memory(layout, workload, part ? std::span(result.reference) : std::span<AnyTensor>());
  result.stats = simulate(inputs, options, list);
  result.tensors = read_tensors(layout, workload.lowered);
  if (!coded) result.zeros = measured_zeros(workload, result.tensors, false);
  put_zeros(result.stats, inputs, list, result.zeros);
  if (options.savings) put_savings(result.stats, inputs, list, {});
  return result;
}

RunStats run_without_data(const Architecture& arch, const LoweredNetwork& network,
                          Precision precision, std::uint64_t seed, const RunOptions& options) {
  RunInputs inputs{arch, network, precision, seed, nullptr};
  NetworkZeros zeros = assumed_zeros(inputs, options);
  inputs.maps = zeros.maps;
  JobList list = make_jobs(inputs, options, MemoryLayout(network, precision));
  RunStats run = simulate(inputs, options, list);
  if (zeros.layers.empty())
    zeros.layers = declared_operands(network, known_zero_weights(inputs, options, list));
  put_zeros(run, inputs, list, zeros);
  if (options.savings) put_savings(run, inputs, list, {});
  return run;
}

RunStats run_analytic(const Architecture& arch, const LoweredNetwork& network, Precision precision,
                      std::uint64_t seed, const RunOptions& options) {
  RunInputs inputs{arch, network, precision, seed, nullptr};
  NetworkZeros zeros = assumed_zeros(inputs, options);
  inputs.maps = zeros.maps;
  const JobList list = make_jobs(inputs, options, MemoryLayout(network, precision));
  RunStats run = empty_report(inputs, options, "analytic");
  std::vector<LayerCost> costs = analytic_costs(inputs, list, false);
  for (std::size_t i = 0; i < costs.size(); ++i) {
    run.layers.push_back(stats_of(list.jobs[i], costs[i]));
  }
  if (zeros.layers.empty())
    zeros.layers = declared_operands(network, known_zero_weights(inputs, options, list));
  put_zeros(run, inputs, list, zeros);
  if (options.savings) put_savings(run, inputs, list, std::move(costs));
  return run;
}

void check(RunResult& result, const Workload& workload) {
  const bool real = workload.precision == Precision::fp32;
  std::vector<AnyTensor> computed;
  if (!real && result.reference.empty()) computed = reference::run_network(workload);
  const std::vector<AnyTensor>& expected = result.reference.empty() ? computed : result.reference;
  const auto tensor = [](const std::vector<AnyTensor>& tensors, TensorId id) -> const AnyTensor& {
    return tensors[static_cast<std::size_t>(id)];
  };
  for (LayerStats& stats : result.stats.layers) {
    const std::size_t index = layer_index(workload.lowered, stats.name);
    const LoweredLayer& layer = workload.lowered.layers[index];
    const AnyTensor& produced = tensor(result.tensors, layer.output);
    if (!real) {
      stats.check = compare(produced, tensor(expected, layer.output));
      continue;
    }
    const AnyTensor& input = tensor(result.tensors, layer.input);
    const AnyTensor* residual = layer.residual ? &tensor(result.tensors, *layer.residual) : nullptr;
    std::vector<float> bound;
    if (runs_on_array(layer.kind)) {
      bound = reference::summation_bound(workload, index, input, residual);
    }
    stats.check = compare(produced, reference::run_layer(workload, index, input, residual), bound);
  }
}

}  // namespace ridgeline::sim
