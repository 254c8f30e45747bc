#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/network/layout.hpp"
#include "models/network/network.hpp"
#include "models/network/quantization.hpp"

/// A network with the weights that it was trained to, as a file of its author holds it.
namespace ridgeline {

/// What a quantised file fixes of one node's int8 words. What it leaves open is empty.
struct FixedWords {
  std::vector<std::int8_t> filters{};        ///< M (C/G) R S; uint8 words less 128
  std::vector<std::int32_t> filter_zeros{};  ///< by filter, as are all of these
  std::vector<double> filter_scales{};
  /// In units of the accumulator: input scale x filter scale. Nothing else is added to it.
  std::vector<std::int32_t> bias{};
  std::optional<Quantization> output{};  ///< of the node's result; of the picture for the input

  bool operator==(const FixedWords&) const = default;
};

/// Numbers of one node, in real values. Nodes without weights have none.
struct NodeWeights {
  std::vector<float> filters{};  ///< convolution, fully connected layer: M (C/G) R S
  std::vector<float> bias{};     ///< M, if the operation says that it has one
  /// BatchNorm: y = gamma (x - mean) / sqrt(variance + epsilon) + beta, one of each a channel.
  std::vector<float> gamma{}, beta{}, mean{}, variance{};
  /// Words that stand for the same numbers, where the file holds words.
  FixedWords fixed{};

  bool operator==(const NodeWeights&) const = default;
};

/// What the elements of an array of the file are. `int8` and `uint8` are words of its node's
/// quantisation; `int32` are sums of products of words, which are integers as the node's values
/// are.
enum class ElementType { real, int8, uint8, int32 };

/// An array of the file (its input or an output) as elements of a node's feature map: element i of
/// the array, in row-major order, is element layout.offsets()[i] of the feature map, NCHW.
struct ArrayOfNode {
  std::string name{};
  NodeId node = 0;
  Layout layout{};
  ElementType elements = ElementType::real;
};

struct TrainedNetwork {
  Network network{};
  std::vector<NodeWeights> weights{};  ///< by NodeId
  ArrayOfNode input{};
  std::vector<ArrayOfNode> outputs{};  ///< in the file's order
};

}  // namespace ridgeline
