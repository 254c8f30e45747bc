#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "models/network/layout.hpp"
#include "models/network/trained_network.hpp"

/// What an array of an ONNX graph is in the network: a node's feature map and a way of looking at
/// it.
namespace ridgeline::onnx_import {

struct Activation {
  NodeId node = 0;
  Layout layout{};              ///< over the feature map, its channels in the graph's order
  std::vector<int> channels{};  ///< the feature map's channel for each of the graph's; empty: same
  /// Zeros around it at the top, left, bottom, right, which a Pad left to the window that reads it.
  /// Then it is a plain feature map, and `layout` is without them.
  std::array<int, 4> pad{};
  ElementType elements = ElementType::real;
  /// Its elements are words of this quantisation, or, if they are real, the numbers that such words
  /// stand for.
  std::optional<Quantization> quantization{};
  /// The words are a DynamicQuantizeLinear's: its output 0. Then the feature map is what they stand
  /// for, and behind an integer product that times the scale that a Mul is to bring.
  std::string dynamic{};

  [[nodiscard]] bool padded() const { return pad != std::array<int, 4>{}; }
};

/// An array that is a feature map N, C, spatial dimensions, as convolutions and pools read it.
struct FeatureMap {
  NodeId node = 0;
  TensorShape shape{};
  std::vector<int> channels{};
  std::size_t rank = 4;  ///< of the array: 2, 3 or 4
  bool swapped = false;  ///< the array's height runs along W, its width along H
  std::array<int, 4> pad{};

  /// One dimension of the array runs over both H and W.
  [[nodiscard]] bool folded() const { return rank == 3 && shape.H > 1 && shape.W > 1; }
};

/// The runs [begin, end) of dimensions as channels: for each step, the feature map's channel. None
/// unless they are its C channels in some order.
[[nodiscard]] std::optional<std::vector<int>> channels_along(const Activation& x,
                                                             const TensorShape& shape,
                                                             std::size_t begin, std::size_t end);

/// None if the array is no feature map without moving elements.
[[nodiscard]] std::optional<FeatureMap> feature_map_of(const Activation& x,
                                                       const TensorShape& shape);

/// The array that an operator makes from `x` when `node` is its result, of shape `shape`.
[[nodiscard]] Activation array_like(const FeatureMap& x, NodeId node, const TensorShape& shape);

/// Its extents as the graph sees them, pads included.
[[nodiscard]] std::vector<std::int64_t> dims_of(const Activation& x);

/// Empty if `channels` is 0, 1, 2, ...
[[nodiscard]] std::vector<int> unless_in_order(std::vector<int> channels);

/// `values` of the graph's channels in the feature map's order; none stay none.
template <class T>
[[nodiscard]] std::vector<T> in_order_of_map(const std::vector<T>& values,
                                             const std::vector<int>& channels) {
  if (channels.empty() || values.empty()) return values;
  std::vector<T> ordered(values.size());
  for (std::size_t c = 0; c < channels.size(); ++c)
    ordered[static_cast<std::size_t>(channels[c])] = values[c];
  return ordered;
}

}  // namespace ridgeline::onnx_import
