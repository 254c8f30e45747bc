#include "models/mapping/network_mapping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "models/base/error.hpp"
#include "models/cost/energies.hpp"
#include "models/mapping/dataflow.hpp"
#include "models/mapping/search.hpp"
#include "models/mapping/search_space.hpp"
#include "models/network/layer_precision.hpp"

namespace ridgeline {
namespace {

/// What a layer costs, run alone.
struct Cost {
  double cycles = 0, energy = 0, dram_words = 0;
  Cost& operator+=(const Cost& other) {
    cycles += other.cycles;
    energy += other.energy;
    dram_words += other.dram_words;
    return *this;
  }
};

/// A layer's mapping, or why it has none.
struct Mapped {
  std::optional<Mapping> mapping{};
  std::string infeasible{};
  Cost cost{};
};

class NetworkMapper {
 public:
  NetworkMapper(const Architecture& arch, const NetworkMappingRequest& request)
      : arch_(arch), request_(request), residencies_(request.layers.size()) {}

  NetworkMapping map() {
    for (std::size_t i = 0; i < residencies_.size(); ++i) {
      chosen_.push_back(best(i, {}));
      if (!chosen_.back().mapping) {
        throw InfeasibleError(fmt::format("layer {}: no mapping on {}: {}", layer(i).name,
                                          arch_.name, chosen_.back().infeasible));
      }
    }
    NetworkMapping result;
    if (arch_.global_buffer.keep_ofmap_on_chip) {
      for (const KeptMap& candidate : candidates()) {
        if (keep(candidate)) result.kept.push_back(candidate);
      }
    }
    for (const Mapped& mapped : chosen_) result.mappings.push_back(*mapped.mapping);
    result.residencies = residencies_;
    return result;
  }

 private:
  /// What was found for a layer, and for those that are alike.
  struct Known {
    const LoweredLayer* layer;
    Residency residency;
    Mapped mapped{};                  ///< or why there is none; unless there are few
    std::vector<FoundMapping> few{};  ///< the best of each dataflow, where zeros are known
  };

  [[nodiscard]] const LoweredLayer& layer(std::size_t i) const {
    return request_.network.layers[request_.layers[i]];
  }
  [[nodiscard]] LayerPrecision precision_of(const LoweredLayer& wanted) const {
    return layer_precision(request_.network, wanted, request_.precision);
  }
  [[nodiscard]] TensorId storage(TensorId id) const {
    return request_.network.tensors[static_cast<std::size_t>(id)].storage;
  }
  [[nodiscard]] bool reads(const LoweredLayer& reader, TensorId tensor) const {
    return storage(reader.input) == tensor ||
           (reader.residual && storage(*reader.residual) == tensor);
  }

  /// The mapping beside what stays in the buffer.
  Mapped best(std::size_t i, const Residency& residency) {
    const LoweredLayer& wanted = layer(i);
    const auto given = std::ranges::find(request_.given, wanted.name, &LayerMapping::layer);
    if (given != request_.given.end()) return as_given(i, given->mapping, residency);
    const Known& known = searched_once(wanted, residency);
    return known.few.empty() ? known.mapped : judged_again(i, known);
  }

  [[nodiscard]] Mapped as_given(std::size_t i, const Mapping& mapping,
                                const Residency& residency) const {
    const LoweredLayer& wanted = layer(i);
    std::string why = why_not(arch_, wanted, precision_of(wanted), mapping, residency);
    if (!why.empty()) return {.infeasible = std::move(why)};
    return mapped(layer(i), mapping, cost_of(i, mapping, residency));
  }

  /// With the zero weights that are known.
  [[nodiscard]] LayerCost cost_of(std::size_t i, const Mapping& mapping,
                                  const Residency& residency) const {
    const LayerTensors tensors = plain_tensors(layer(i));
    const ZeroWeights none;
    const bool known = skips(mapping) && !request_.zeros.empty() && request_.zeros[i] != nullptr;
    return analytic_cost({arch_, layer(i), precision_of(layer(i)), mapping, tensors,
                          known ? *request_.zeros[i] : none, residency});
  }
  [[nodiscard]] static bool skips(const Mapping& mapping) {
    return mapping.dataflow != nullptr && mapping.dataflow->skips_zero_weights;
  }

  /// The best of the few, with the layer's own zeros.
  [[nodiscard]] Mapped judged_again(std::size_t i, const Known& known) const {
    std::optional<std::pair<Score, Mapped>> best;
    const double kept = kept_weights(i);
    for (const FoundMapping& found : known.few) {
      const auto traffic =
          static_cast<double>(dense_traffic(layer(i), found.mapping, known.residency));
      const auto score_of = [&](double cycles, double energy) {
        return score_by(request_.objective, cycles, energy, traffic);
      };
      Mapped one = mapped(layer(i), found.mapping, found.cost);
      if (skips(found.mapping)) {
        // Each weight takes as many cycles as any other, and no count falls by more than they do.
        const auto compute = static_cast<double>(found.cost.cycles.compute.count());
        if (best && best->first <= score_of(kept * compute, kept * one.cost.energy)) continue;
        one = mapped(layer(i), found.mapping, cost_of(i, found.mapping, known.residency));
      }
      const Score score = score_of(one.cost.cycles, one.cost.energy);
      if (!best || score < best->first) best = {score, std::move(one)};
    }
    return best->second;
  }

  /// The part of the layer's weights that is not known to be zero.
  [[nodiscard]] double kept_weights(std::size_t i) const {
    if (request_.zeros[i] == nullptr) return 1;
    const ConvShape& shape = layer(i).shape;
    const std::int64_t zeros = request_.zeros[i]->count({0, shape.M}, {0, shape.C_per_group()});
    return 1 - static_cast<double>(zeros) / static_cast<double>(shape.filter_elements());
  }

  [[nodiscard]] Mapped mapped(const LoweredLayer& layer, const Mapping& mapping,
                              const LayerCost& cost) const {
    const Cycles latency = cost.cycles.total();
    const AccessCounts& n = cost.counts;
    const Energies energies = energies_of(arch_, precision_of(layer));
    return {.mapping = mapping,
            .cost = {.cycles = static_cast<double>(latency.count()),
                     .energy = energy_of(n, latency, energies).total().count(),
                     .dram_words = static_cast<double>(n.dram_read() + n.dram_write())}};
  }

  [[nodiscard]] Mapped searched(const LoweredLayer& wanted, const Residency& residency) const {
    const FoundMappings found = search_mappings(arch_, {.layer = wanted,
                                                        .precision = precision_of(wanted),
                                                        .dataflows = request_.dataflows,
                                                        .objective = request_.objective,
                                                        .residency = residency});
    if (found.best.empty()) return {.infeasible = found.shortage};
    return mapped(wanted, found.best.front().mapping, found.best.front().cost);
  }

  /// Layers that are alike are searched once.
  const Known& searched_once(const LoweredLayer& wanted, const Residency& residency) {
    for (const Known& known : known_) {
      if (mapped_alike(*known.layer, wanted) && known.residency == residency &&
          precision_of(*known.layer) == precision_of(wanted)) {
        return known;
      }
    }
    Known& known = known_.emplace_back(Known{.layer = &wanted, .residency = residency});
    if (!request_.zeros.empty() && runs_on_array(wanted.kind)) {
      known.few = best_few(wanted, residency);
    }
    if (known.few.empty()) known.mapped = searched(wanted, residency);
    return known;
  }

  /// The best mappings of each dataflow.
  [[nodiscard]] std::vector<FoundMapping> best_few(const LoweredLayer& wanted,
                                                   const Residency& residency) const {
    constexpr std::size_t kOfEach = 4;
    std::vector<FoundMapping> few;
    for (const Dataflow* dataflow : request_.dataflows) {
      FoundMappings found = search_mappings(arch_, {.layer = wanted,
                                                    .precision = precision_of(wanted),
                                                    .dataflows = {dataflow},
                                                    .objective = request_.objective,
                                                    .residency = residency,
                                                    .keep = kOfEach});
      std::ranges::move(found.best, std::back_inserter(few));
    }
    return few;
  }

  /// Tensors that could stay, in the order in which they are written.
  [[nodiscard]] std::vector<KeptMap> candidates() const {
    std::vector<KeptMap> found;
    for (std::size_t i = 0; i < residencies_.size(); ++i) {
      const TensorId tensor = storage(layer(i).output);
      if (std::ranges::find(found, tensor, &KeptMap::tensor) != found.end()) continue;
      const Precision words = tensor_precision(request_.network, tensor, request_.precision);
      const Bytes bytes = word_bytes(words) * request_.network.storage_of(tensor).shape.elements();
      KeptMap map{.tensor = tensor,
                  .bytes = bytes,
                  .held = arch_.global_buffer.allocated(bytes),
                  .first = i,
                  .last = i};
      for (std::size_t j = i; j < residencies_.size(); ++j) {
        if (reads(layer(j), tensor)) map.last = j;
      }
      if (map.last > i && stays_within_run(tensor)) found.push_back(map);
    }
    return found;
  }

  /// Nobody outside the run needs the tensor.
  [[nodiscard]] bool stays_within_run(TensorId tensor) const {
    if (tensor == storage(0) || tensor == storage(request_.network.output)) return false;
    for (std::size_t index = 0; index < request_.network.layers.size(); ++index) {
      const LoweredLayer& other = request_.network.layers[index];
      if (storage(other.output) != tensor && !reads(other, tensor)) continue;
      if (!std::ranges::binary_search(request_.layers, index)) return false;
    }
    return true;
  }

  /// Keeps the tensor if that is feasible and no worse.
  bool keep(const KeptMap& map) {
    if (map.held > arch_.global_buffer.bytes) return false;
    std::vector<Residency> residencies = residencies_;
    std::vector<Mapped> changed = chosen_;
    for (std::size_t i = map.first; i <= map.last; ++i) {
      Residency& residency = residencies[i];
      residency.kept += map.held;
      residency.ifmap = residency.ifmap || storage(layer(i).input) == map.tensor;
      residency.residual =
          residency.residual || (layer(i).residual && storage(*layer(i).residual) == map.tensor);
      residency.ofmap = residency.ofmap || storage(layer(i).output) == map.tensor;
      changed[i] = best(i, residency);
      if (!changed[i].mapping) return false;
    }
    if (score(changed) > score(chosen_)) return false;
    residencies_ = std::move(residencies);
    chosen_ = std::move(changed);
    return true;
  }

  [[nodiscard]] Score score(const std::vector<Mapped>& layers) const {
    Cost sum;
    for (const Mapped& mapped : layers) sum += mapped.cost;
    return score_by(request_.objective, sum.cycles, sum.energy, sum.dram_words);
  }

  const Architecture& arch_;
  const NetworkMappingRequest& request_;
  std::vector<Residency> residencies_;
  std::vector<Mapped> chosen_;
  std::vector<Known> known_;
};

}  // namespace

NetworkMapping map_network(const Architecture& arch, const NetworkMappingRequest& request) {
  return NetworkMapper(arch, request).map();
}

}  // namespace ridgeline
