#pragma once

#include <memory>
#include <span>
#include <vector>

#include "models/cost/run_stats.hpp"
#include "models/cost/zero_weights.hpp"
#include "models/mapping/mapping.hpp"

/// The analytic engine: what a mapping of a layer costs, without walking its tiles or passes.
///
/// - Counts are closed forms over the whole layer (Dataflow::totals; DRAM transfers by kind) and
///   equal the simulation's exactly.
/// - Cycles are recurrences over tiles for the units, the bus between them and the halves of the
///   buffer (analytic/units.hpp), with the array's time for a tile in closed form
///   (analytic/array_time.hpp). A loop that has come to repeat itself is one step. Where two DMAs
///   ask for the bus in the same cycle the order may differ from the simulation's.
///
/// With the simulation it shares shapes, mapping and the primitive cost of a pass, and no sums.
namespace ridgeline {

/// A layer's feature maps as they lie in DRAM: parts of stored tensors, each perhaps coded to a
/// part of its plain length.
struct LayerTensors {
  struct Place {
    TensorShape stored{};
    double coded_ratio = 1;
  };
  Place input{}, output{}, residual{};
};
/// Tensors of the layer's own shapes, plain.
[[nodiscard]] LayerTensors plain_tensors(const LoweredLayer& layer);
/// As the network stores them and the architecture codes them; `maps` by TensorId, or none: all
/// plain.
[[nodiscard]] LayerTensors tensors_of(const LoweredNetwork& network, const LoweredLayer& layer,
                                      const Architecture& arch, std::span<const MapZeros> maps);

/// What a layer costs; the simulation measures the same.
struct LayerCost {
  CycleBreakdown cycles{};
  Cycles overlapped{};  ///< as LayerStats has it; none for a layer alone
  AccessCounts counts{};
  PortWords ports{};  ///< of the array; part of counts
  Bytes dram_read{}, dram_write{};
  Cycles compute{};               ///< of the array alone; part of cycles
  std::int64_t vector_psums = 0;  ///< read by the vector unit; part of counts
};

struct LayerQuestion {
  const Architecture& arch;
  const LoweredLayer& layer;
  LayerPrecision precision;
  const Mapping& mapping;
  const LayerTensors& tensors;
  const ZeroWeights& zeros;
  Residency residency{};
};
[[nodiscard]] LayerCost analytic_cost(const LayerQuestion& question);

namespace analytic {
struct LayerMemory;
}
/// Costs many mappings of one layer: what one has in common with the one before is not worked out
/// again. The order in which they come changes no result, only how long it takes.
class LayerEvaluator {
 public:
  /// Refers to all of these but the residency.
  LayerEvaluator(const Architecture& arch, const LoweredLayer& layer,
                 const LayerPrecision& precision, const LayerTensors& tensors,
                 const ZeroWeights& zeros, Residency residency = {});
  ~LayerEvaluator();
  [[nodiscard]] LayerCost cost(const Mapping& mapping);

 private:
  const Architecture& arch_;
  const LoweredLayer& layer_;
  LayerPrecision precision_;
  const LayerTensors& tensors_;
  const ZeroWeights& zeros_;
  Residency residency_;
  std::unique_ptr<analytic::LayerMemory> memory_;
};

/// A layer of a run, in which neighbours overlap.
struct RunLayer {
  LayerQuestion question;
  int needs = -1;  ///< the last layer of the run before it that writes what it reads; -1: none
};
[[nodiscard]] std::vector<LayerCost> analytic_run(std::span<const RunLayer> layers);

/// Of a layer that runs alone.
[[nodiscard]] CycleBreakdown analytic_cycles(const LayerQuestion& question);
/// Until the first tile's operands have come, during which nothing else works.
[[nodiscard]] Cycles least_first_load(const LayerQuestion& question);
/// Everything but the cycles.
[[nodiscard]] LayerCost analytic_counts(const LayerQuestion& question);

}  // namespace ridgeline
