#include <algorithm>

#include "models/network/onnx/node_import.hpp"

/// Layers with weights whose results later nodes change: the change goes into the weights.
namespace ridgeline::onnx_import {

bool NodeImport::is_result(std::size_t i) const {
  const std::string& name = node_.input(static_cast<int>(i));
  return graph_.results.contains(name) && graph_.readers[name] == 1;
}

bool NodeImport::add_to_bias(std::size_t i, const std::vector<float>& bias) {
  if (!is_result(i)) return false;
  const NodeId result = graph_.results[node_.input(static_cast<int>(i))];
  if (!weights(result).fixed.bias.empty()) return false;
  std::vector<float>& sum = weights(result).bias;
  sum.resize(bias.size(), 0.0F);
  for (std::size_t m = 0; m < bias.size(); ++m) sum[m] += bias[m];
  graph_.late_biases.insert(result);
  return true;
}

bool NodeImport::scale_result(std::size_t i, const std::vector<float>& factors) {
  const bool positive = std::ranges::all_of(factors, [](float factor) { return factor > 0; });
  if (!is_result(i) || !positive) return false;
  const NodeId result = graph_.results[node_.input(static_cast<int>(i))];
  NodeWeights& own = weights(result);
  const auto M = static_cast<std::size_t>(shape(result).C);
  if (!own.bias.empty() || (factors.size() != 1 && factors.size() != M)) return false;
  const std::size_t words = own.filters.size() / M;
  const auto factor_of = [&](std::size_t m) { return factors[factors.size() == 1 ? 0 : m]; };
  for (std::size_t at = 0; at < own.filters.size(); ++at) own.filters[at] *= factor_of(at / words);
  for (std::size_t m = 0; m < own.fixed.filter_scales.size(); ++m)
    own.fixed.filter_scales[m] *= static_cast<double>(factor_of(m));
  return true;
}

}  // namespace ridgeline::onnx_import
