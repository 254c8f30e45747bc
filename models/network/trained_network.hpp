#pragma once

#include <string>
#include <vector>

#include "models/network/layout.hpp"
#include "models/network/network.hpp"

/// A network with the weights that it was trained to, as a file of its author holds it.
namespace ridgeline {

/// Numbers of one node, in real values. Nodes without weights have none.
struct NodeWeights {
  std::vector<float> filters{};  ///< convolution, fully connected layer: M (C/G) R S
  std::vector<float> bias{};     ///< M, if the operation says that it has one
  /// BatchNorm: y = gamma (x - mean) / sqrt(variance + epsilon) + beta, one of each a channel.
  std::vector<float> gamma{}, beta{}, mean{}, variance{};

  bool operator==(const NodeWeights&) const = default;
};

/// An array of the file (its input or an output) as elements of a node's feature map: element i of
/// the array, in row-major order, is element layout.offsets()[i] of the feature map, NCHW.
struct ArrayOfNode {
  std::string name{};
  NodeId node = 0;
  Layout layout{};
};

struct TrainedNetwork {
  Network network{};
  std::vector<NodeWeights> weights{};  ///< by NodeId
  ArrayOfNode input{};
  std::vector<ArrayOfNode> outputs{};  ///< in the file's order
};

}  // namespace ridgeline
