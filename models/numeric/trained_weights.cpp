#include "models/numeric/trained_weights.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/base/error.hpp"

namespace ridgeline {
namespace {

const NodeWeights& weights_of(const std::vector<NodeWeights>& weights, NodeId id) {
  return weights[static_cast<std::size_t>(id)];
}

/// gamma / sqrt(variance + epsilon) of channel m.
double slope(const LoweredNetwork& lowered, const LoweredLayer& layer, const NodeWeights& norm,
             std::size_t m) {
  const Node& node = lowered.network.nodes[static_cast<std::size_t>(*layer.batch_norm)];
  const double epsilon = std::get<BatchNormOp>(node.op).epsilon;
  const double variance = static_cast<double>(norm.variance[m]) + epsilon;
  if (!(variance > 0))
    throw InputError({.file = lowered.network.name,
                      .place = layer.name,
                      .what = "variance + epsilon of its BatchNorm is not above zero"});
  return static_cast<double>(norm.gamma[m]) / std::sqrt(variance);
}

}  // namespace

ChannelScaling trained_scaling(const LoweredNetwork& lowered, std::size_t index,
                               const std::vector<NodeWeights>& weights) {
  const LoweredLayer& layer = lowered.layers[index];
  const auto M = static_cast<std::size_t>(layer.shape.M);
  const NodeWeights& own = weights_of(weights, layer.node);
  ChannelScaling scaling{std::vector<double>(M, 1), std::vector<double>(M, 0)};
  std::ranges::copy(own.bias, scaling.offset.begin());
  if (!layer.batch_norm) return scaling;
  const NodeWeights& norm = weights_of(weights, *layer.batch_norm);
  for (std::size_t m = 0; m < M; ++m) {
    const double factor = slope(lowered, layer, norm, m);
    scaling.offset[m] = (scaling.offset[m] - static_cast<double>(norm.mean[m])) * factor +
                        static_cast<double>(norm.beta[m]);
    scaling.factor[m] = factor == 0 ? 1 : std::abs(factor);  // its filter is zero
  }
  return scaling;
}

Tensor<float> trained_filters(const LoweredNetwork& lowered, std::size_t index,
                              const std::vector<NodeWeights>& weights, Range block) {
  const LoweredLayer& layer = lowered.layers[index];
  Tensor<float> filters(
      {block.size(), layer.shape.C_per_group(), layer.shape.R(), layer.shape.S()});
  const std::size_t words = filters.data.size() / static_cast<std::size_t>(block.size());
  const std::size_t first = static_cast<std::size_t>(block.begin) * words;
  if (layer.batch_norm == layer.node) {
    std::ranges::fill(filters.data, 1.0F);
  } else {
    const std::vector<float>& all = weights_of(weights, layer.node).filters;
    assert(all.size() == static_cast<std::size_t>(layer.shape.filter_elements()));
    std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(first), filters.data.size(),
                filters.data.begin());
  }
  if (!layer.batch_norm) return filters;
  const std::vector<float>& gammas = weights_of(weights, *layer.batch_norm).gamma;
  for (std::size_t at = 0; at < filters.data.size(); ++at) {
    const float gamma = gammas[(first + at) / words];
    if (gamma <= 0) filters.data[at] *= gamma < 0 ? -1.0F : 0.0F;
  }
  return filters;
}

}  // namespace ridgeline
