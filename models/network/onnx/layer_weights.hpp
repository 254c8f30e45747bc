#pragma once

#include <functional>
#include <vector>

#include "models/network/onnx/words.hpp"

/// Filters and biases on their way from constants of the graph to a node of the network.
namespace ridgeline::onnx_import {

struct LayerWeights {
  /// Real numbers; where there are scales, words less their zero points, which float holds exactly,
  /// so that both may be reordered alike.
  std::vector<float> filters{};
  std::vector<double> scales{};            ///< by filter, as are all of these
  std::vector<std::int32_t> zeros{};       ///< as int8 words
  std::vector<float> bias{};               ///< real
  std::vector<std::int32_t> bias_words{};  ///< the same in units of ifmap scale x filter scale
};

/// The numbers of `constant` in its own order. It has words if a DequantizeLinear made it of words
/// of 8 bits; `filter_of` says which of the M filters an element belongs to.
/// Fails if a filter has two scales.
[[nodiscard]] LayerWeights weights_from(
    const NodeImport& node, const Constant& constant, std::size_t M,
    const std::function<std::size_t(std::size_t element)>& filter_of);

/// The bias that input `i` holds, if there is one: M real numbers, or words of a DequantizeLinear,
/// whose scales must be those of the products, ifmap scale x filter scale.
void put_bias(const NodeImport& node, std::size_t i, std::size_t M,
              const std::optional<Quantization>& ifmap, LayerWeights& weights);
/// The bias that input `i` holds in int32 words of unit ifmap scale x filter scale.
void put_bias_words(const NodeImport& node, std::size_t i, std::size_t M, const Quantization& ifmap,
                    LayerWeights& weights);

/// Filter m becomes filter places[m]; none: they stay. `weights.filters` is in order already.
void move_filters(const std::vector<int>& places, LayerWeights& weights);

/// What the node holds; `weights.filters` is M (C/G) R S.
[[nodiscard]] NodeWeights node_weights(LayerWeights weights);

}  // namespace ridgeline::onnx_import
