#include "models/numeric/fixed_words.hpp"

#include <algorithm>
#include <cassert>

#include "models/network/layer_precision.hpp"

namespace ridgeline {
namespace {

/// For words of `precision`.
const FixedWords* fixed_words(const WorkloadRequest& request, NodeId id, Precision precision) {
  if (precision != Precision::int8 || !request.weights) return nullptr;
  return &(*request.weights)[static_cast<std::size_t>(id)].fixed;
}

}  // namespace

bool has_fixed_words(const LoweredNetwork& lowered, const WorkloadRequest& request) {
  if (!request.weights || !has_words(lowered, Precision::int8, request.precision)) return false;
  return std::ranges::any_of(*request.weights, [](const NodeWeights& node) {
    return node.fixed.output || !node.fixed.filters.empty();
  });
}

std::optional<Quantization> fixed_quantization(const WorkloadRequest& request, NodeId id,
                                               Precision precision) {
  const FixedWords* words = fixed_words(request, id, precision);
  return words == nullptr ? std::nullopt : words->output;
}

const FixedWords* fixed_filters(const LoweredNetwork& lowered, std::size_t index,
                                const WorkloadRequest& request) {
  const LoweredLayer& layer = lowered.layers[index];
  const Precision precision = layer_precision(lowered, layer, request.precision);
  const FixedWords* words = fixed_words(request, layer.node, precision);
  return words == nullptr || words->filters.empty() || layer.batch_norm ? nullptr : words;
}

void put_fixed_filters(const LoweredNetwork& lowered, std::size_t index,
                       const WorkloadRequest& request, const Quantization& input,
                       LayerCalibration& calibration) {
  const FixedWords* words = fixed_filters(lowered, index, request);
  if (words == nullptr) return;
  auto& filters = std::get<Tensor<std::int8_t>>(calibration.filters);
  assert(filters.data.size() == words->filters.size());
  filters.data = words->filters;
  calibration.filter_zeros = words->filter_zeros;
  calibration.filter_scales = words->filter_scales;
  // Divided by the same product of scales, these are the words again, exactly: a double holds them
  // with 21 bits to spare.
  for (std::size_t m = 0; m < words->bias.size(); ++m)
    calibration.bias[m] = words->bias[m] * (input.scale * words->filter_scales[m]);
}

}  // namespace ridgeline
