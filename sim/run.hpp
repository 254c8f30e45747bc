#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/cost/run_stats.hpp"
#include "models/cost/zero_weights.hpp"
#include "models/mapping/mapping_json.hpp"
#include "models/numeric/workload.hpp"

/// Running a network on the SystemC model. Hides the kernel from everyone else: nothing outside
/// sim/hw and run.cpp sees SystemC. One machine is elaborated in a process, on first use, and is
/// fed job by job whatever the architecture.
namespace ridgeline::sim {

struct LayerJob;  // sim/hw/job.hpp

/// Zero weights of a network's layers, by their index, once they have been counted: for further
/// runs of the same network, precision, weights and seed. One thread at a time.
using ZeroWeightsMemo = std::map<std::size_t, std::shared_ptr<const ZeroWeights>>;

/// For tests that plant faults: called once everything is ready to run, with the layers' jobs in
/// order and the contents of DRAM.
using FaultHook = std::function<void(std::vector<LayerJob>& jobs, std::span<std::byte> memory)>;

struct RunOptions {
  std::string dataflow = "auto";         ///< "auto" or one of the architecture's dataflows
  std::optional<Objective> objective{};  ///< the architecture's own if none is asked for
  /// Names of the layers to run, as a glob ("fire2/*"); empty means all. The inputs of a layer
  /// whose producer does not run come from the reference engine.
  std::string layers{};
  /// Layers that are not to be searched, but to run as said here; those that have no such name are
  /// ignored, and so is `dataflow` for them.
  std::vector<LayerMapping> mappings{};
  bool trace = false;  ///< record RunStats::trace
  /// Work out what zeros saved (Sparsity), which takes two runs of the analytic engine: who only
  /// wants the costs of many networks leaves it out.
  bool savings = true;
  /// The network's own weights, by NodeId; null: seeded ones. Mappings are chosen knowing which of
  /// them are zero; with data they are those of the workload.
  std::shared_ptr<const std::vector<NodeWeights>> weights{};
  /// What a run without data takes for the zeros: those that one with data measured, say, which
  /// then has the same cycles and counts. Null: those declared in the lowered network.
  std::shared_ptr<const NetworkZeros> zeros{};
  /// Null: they are counted in every run.
  std::shared_ptr<ZeroWeightsMemo> zero_weights{};
  FaultHook fault{};
};

/// A run and what it computed.
struct RunResult {
  RunStats stats;
  /// By TensorId, as read back from the model's DRAM, or from its global buffer where one stayed
  /// there; with data.
  std::vector<AnyTensor> tensors{};
  NetworkZeros zeros{};
  /// Every tensor by the reference engine, if the run had to know it beforehand; else empty.
  std::vector<AnyTensor> reference{};
};

/// Maps every layer and simulates it. Layers are not checked: check() does that. Zeros are counted
/// in the tensors of the run; how long coded feature maps become is measured on those of the
/// reference engine, which are the same but for the rounding of fp32.
/// @throws InputError for a dataflow that the architecture does not offer or a glob that matches
/// nothing, InfeasibleError when a layer has no mapping, SimulationError when the machine starves.
[[nodiscard]] RunResult run_with_data(const Architecture& arch, const Workload& workload,
                                      const RunOptions& options);
/// The same cycles and counts, without moving data. With zeros of feature maps that are not those
/// of the data, what depends on them differs: the DRAM traffic of an architecture that codes
/// feature maps, and the energy of one that gates.
[[nodiscard]] RunStats run_without_data(const Architecture& arch, const LoweredNetwork& network,
                                        Precision precision, std::uint64_t seed,
                                        const RunOptions& options);

/// The same counts, and cycles within 2 % over a network, from the analytic engine
/// (models/cost/analytic.hpp): nothing is simulated.
[[nodiscard]] RunStats run_analytic(const Architecture& arch, const LoweredNetwork& network,
                                    Precision precision, std::uint64_t seed,
                                    const RunOptions& options);

/// Compares every tensor that `result` produced with the reference engine and fills in
/// stats.layers[i].check. Integers bit for bit against the whole reference run; fp32 layer by
/// layer, from the inputs that the machine had, within summation_bound.
void check(RunResult& result, const Workload& workload);

/// Compares what `result` produced with what the network gives in fp32 and fills in the
/// quantization of stats and its layers. The workload is one of integers, with its real outputs.
void judge_quantization(RunResult& result, const Workload& workload);

}  // namespace ridgeline::sim
