#pragma once

#include <memory>
#include <vector>

#include "models/cost/zero_weights.hpp"
#include "models/mapping/mapping.hpp"

/// The mappings of a run's layers, and, on an architecture with `keep_ofmap_on_chip`, which feature
/// maps stay in the global buffer between them.
namespace ridgeline {

/// A stored tensor that stays in the buffer, from the layer of the run that first writes to it to
/// the last one that reads it.
struct KeptMap {
  TensorId tensor = 0;
  Bytes bytes{0};
  Bytes held{0};  ///< in whole banks
  std::size_t first = 0, last = 0;
};

/// One entry for each layer of the run.
struct NetworkMapping {
  std::vector<Mapping> mappings{};
  std::vector<Residency> residencies{};
  std::vector<KeptMap> kept{};
};

struct NetworkMappingRequest {
  const LoweredNetwork& network;
  std::vector<std::size_t> layers;         ///< of the network that run, in order
  Precision precision;                     ///< of the run; layers may have their own
  std::vector<const Dataflow*> dataflows;  ///< to choose from
  Objective objective = Objective::latency;
  std::vector<LayerMapping> given{};  ///< of layers that are not searched
  /// The zero weights of each layer, as in `layers`, for dataflows that skip them; or none: every
  /// weight counts.
  std::vector<std::shared_ptr<const ZeroWeights>> zeros{};
};

/// Maps each layer for itself, unless its mapping is given. Where zero weights are known, the best
/// few mappings of each dataflow, found as if every weight counted, are judged again with those
/// that it skips. Feature maps are then kept one by one,
/// in the order in which they are written: each where every layer from its first writer to its last
/// reader still has a mapping beside it, and where the sum over all layers, each run alone, gets no
/// worse by the objective. The network's output, its input, and what a layer outside the run writes
/// or reads stay in DRAM. Deterministic.
/// @throws InfeasibleError when a layer has no mapping.
[[nodiscard]] NetworkMapping map_network(const Architecture& arch,
                                         const NetworkMappingRequest& request);

}  // namespace ridgeline
