#include "models/cost/sparsity.hpp"

#include <cassert>
#include <cmath>

#include "models/cost/analytic/layer_passes.hpp"
#include "models/cost/dram_cost.hpp"
#include "models/network/layer_precision.hpp"

namespace ridgeline {
namespace {

std::int64_t part_of(std::int64_t whole, double fraction) {
  return static_cast<std::int64_t>(std::floor(static_cast<double>(whole) * fraction));
}

OperandZeroCounts declared_counts(const ConvShape& shape, double activations,
                                  std::int64_t zero_weights) {
  const std::int64_t macs = shape.macs().count();
  const std::int64_t padding = macs_on_padding(shape);
  OperandZeroCounts counts;
  counts.macs_zero_activation = padding + part_of(macs - padding, activations);
  counts.macs_zero_either = counts.macs_zero_activation;
  if (zero_weights < 0) return counts;
  counts.weights = shape.filter_elements();
  counts.zero_weights = zero_weights;
  const std::int64_t each = macs / counts.weights;  // of a weight: the ofmap positions
  counts.macs_zero_weight = zero_weights * each;
  // Of the MACs with a zero activation, as many have a zero weight as of all.
  const double share = static_cast<double>(zero_weights) / static_cast<double>(counts.weights);
  counts.macs_zero_either += counts.macs_zero_weight - part_of(counts.macs_zero_activation, share);
  return counts;
}

}  // namespace

std::string_view zeros_source_name(ZerosSource source) {
  return source == ZerosSource::measured ? "measured" : "declared";
}

std::int64_t macs_on_padding(const ConvShape& shape) {
  const LayerPasses layer{.shape = shape, .tile = {}, .extent = {}};
  return shape.macs().count() - layer.ifmap_words() * shape.M_per_group();
}

NetworkZeros declared_zeros(const LoweredNetwork& network, Precision precision) {
  NetworkZeros zeros{.source = ZerosSource::declared};
  for (std::size_t id = 0; id < network.tensors.size(); ++id) {
    const LoweredTensor& tensor = network.tensors[id];
    const Precision words = tensor_precision(network, static_cast<TensorId>(id), precision);
    zeros.maps.push_back({.zero_words = part_of(tensor.shape.elements(), tensor.zero_fraction),
                          .coded_ratio = run_length_ratio(tensor.zero_fraction, words)});
  }
  return zeros;
}

std::vector<OperandZeroCounts> declared_operands(const LoweredNetwork& network,
                                                 const std::vector<std::int64_t>& zero_weights) {
  assert(zero_weights.size() == network.layers.size());
  std::vector<OperandZeroCounts> layers(network.layers.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LoweredLayer& layer = network.layers[i];
    if (!runs_on_array(layer.kind)) continue;
    const double fraction = network.tensors[static_cast<std::size_t>(layer.input)].zero_fraction;
    layers[i] = declared_counts(layer.shape, fraction, zero_weights[i]);
  }
  return layers;
}

Sparsity& Sparsity::operator+=(const Sparsity& other) {
  for (const auto& field : fields()) this->*field.member += other.*field.member;
  energy_saved += other.energy_saved;
  return *this;
}

}  // namespace ridgeline
