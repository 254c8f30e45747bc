#pragma once

#include <vector>

#include "models/network/lowering.hpp"
#include "models/network/trained_network.hpp"
#include "models/numeric/tensor.hpp"

/// Weights that a network was trained to, as a layer uses them: a BatchNorm folded behind a layer
/// is value = factor x sum of products + offset, channel by channel (Jacob et al., CVPR 2018,
/// section 3.2). A factor is never negative: the filter of a negative gamma changes its sign.
namespace ridgeline {

/// The layer's value is factor x sum + offset, channel by channel.
struct ChannelScaling {
  std::vector<double> factor{}, offset{};
};

/// @throws InputError naming the layer if variance + epsilon is not above zero.
[[nodiscard]] ChannelScaling trained_scaling(const LoweredNetwork& lowered, std::size_t index,
                                             const std::vector<NodeWeights>& weights);

/// Filters [block.begin, block.end) of the layer, M (C/G) R S, to be scaled by trained_scaling().
[[nodiscard]] Tensor<float> trained_filters(const LoweredNetwork& lowered, std::size_t index,
                                            const std::vector<NodeWeights>& weights, Range block);

}  // namespace ridgeline
