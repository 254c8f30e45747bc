#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/hw/job.hpp"
#include "sim/memory_layout.hpp"
#include "sim/run.hpp"

namespace ridgeline::sim {

/// The layers of one run as jobs for the machine, with the values that they point to.
struct JobList {
  std::vector<std::size_t> layers;  ///< index in the network of each job's layer
  std::vector<LayerJob> jobs;
  std::vector<std::shared_ptr<const ZeroWeights>> zeros;
  /// Zero weights of each layer on the array, skipped or not, if mappings were chosen by them; null
  /// for layers whose zeros nobody knew.
  std::vector<std::shared_ptr<const ZeroWeights>> known_zeros;
  std::vector<Measurement> measurements;
  std::vector<LayerTrace> traces;  ///< empty unless the run is traced
};

/// What a run is made from. `workload` is null without data; then the filters that are needed to
/// count zero weights are made from `seed`, or are those of RunOptions::weights.
struct RunInputs {
  const Architecture& arch;
  const LoweredNetwork& network;
  Precision precision;
  std::uint64_t seed;
  const Workload* workload;
  /// By TensorId, for an architecture that codes feature maps in DRAM; none: all lie plain.
  std::span<const MapZeros> maps{};
};

/// Maps the layers that `options` select.
/// @throws InputError for an unknown dataflow or a glob that matches nothing; InfeasibleError.
[[nodiscard]] JobList make_jobs(const RunInputs& inputs, const RunOptions& options,
                                const MemoryLayout& layout);

/// Zero weights of layer `index`, which is one of the array.
[[nodiscard]] std::shared_ptr<const ZeroWeights> zero_weights(const RunInputs& inputs,
                                                              std::size_t index,
                                                              const RunOptions& options);

/// What the units noted while the jobs ran; takes it out of the list.
[[nodiscard]] Trace trace_of(JobList& list);

}  // namespace ridgeline::sim
