#pragma once

#include <limits>
#include <optional>
#include <string>
#include <unordered_set>
#include <variant>
#include <vector>

#include "models/network/preprocessing.hpp"
#include "models/network/shape.hpp"

/// A network as its author wrote it: a graph of operations in topological order. Batch
/// normalisation, ReLU, residual additions and concatenations are nodes of their own here;
/// lowering.hpp fuses them into the layers that a machine runs.
namespace ridgeline {

struct InputOp {
  bool operator==(const InputOp&) const = default;
};
struct ConvOp {
  int M = 1;
  int G = 1;
  Window window{};
  bool bias = true;

  bool operator==(const ConvOp&) const = default;
};
/// Flattens its input; M outputs.
struct FullyConnectedOp {
  int M = 1;
  bool bias = true;

  bool operator==(const FullyConnectedOp&) const = default;
};
/// Scale and shift included (Caffe's BatchNorm and Scale layers are one node here).
struct BatchNormOp {
  float epsilon = 1e-5F;

  bool operator==(const BatchNormOp&) const = default;
};
/// y = min(max(x, lowest), highest): a ReLU as it stands, ReLU6 with 6, ONNX's Clip with any
/// bounds.
struct ClampOp {
  float lowest = 0;
  float highest = std::numeric_limits<float>::infinity();
  /// The machine computes it as a layer of its own, not as the last step of the one before: what it
  /// reads is in memory with a scale of its own, and is requantised.
  bool separate = false;

  bool operator==(const ClampOp&) const = default;
};
enum class PoolKind { max, average };
struct PoolOp {
  PoolKind kind = PoolKind::max;
  Window window{};
  bool ceil_mode = false;          ///< the last window may begin inside and end outside (Caffe)
  bool global = false;             ///< the window is the whole ifmap; `window` is filled in
  bool count_include_pad = false;  ///< average: padding counts as elements

  bool operator==(const PoolOp&) const = default;
};
/// Two inputs of one shape.
struct AddOp {
  bool operator==(const AddOp&) const = default;
};
/// Along C.
struct ConcatOp {
  bool operator==(const ConcatOp&) const = default;
};
/// Across channels: y = x / (k + alpha / size * sum of x^2 over `size` channels)^beta
/// (Krizhevsky et al., 2012, section 3.3, with alpha scaled by the size as Caffe does). An even
/// window reaches one channel further up than down, as in ONNX.
struct LrnOp {
  int size = 5;
  float alpha = 1e-4F, beta = 0.75F, k = 1.0F;

  bool operator==(const LrnOp&) const = default;
};
/// Along C.
struct SoftmaxOp {
  bool operator==(const SoftmaxOp&) const = default;
};

using Op = std::variant<InputOp, ConvOp, FullyConnectedOp, BatchNormOp, ClampOp, PoolOp, AddOp,
                        ConcatOp, LrnOp, SoftmaxOp>;

/// "conv", "fully_connected", "batch_norm", "relu", "relu6", "clip", "max_pool", "average_pool",
/// "add", ...
[[nodiscard]] std::string op_name(const Op& op);

using NodeId = int;

struct Node {
  std::string name;
  Op op;
  std::vector<NodeId> inputs;  ///< each less than the node's own id
  TensorShape shape;           ///< of its output

  bool operator==(const Node&) const = default;
};

struct Network {
  std::string name;
  std::string source;       ///< where its definition comes from
  std::vector<Node> nodes;  ///< topological order; node 0 is the input, the last is the output
  /// How a picture becomes the input; nothing if nobody says so.
  std::optional<Preprocessing> preprocessing{};

  [[nodiscard]] const TensorShape& input() const { return nodes.front().shape; }
  bool operator==(const Network&) const = default;
};

[[nodiscard]] bool has_weights(const Op& op);  ///< a convolution or a fully connected layer
[[nodiscard]] bool has_bias(const Op& op);     ///< one of those, with a bias

/// The shape of a convolution or fully connected node; asserts that it is one. A fully connected
/// layer is the 1x1 convolution of a 1x1 ifmap with C = C x H x W of its input.
[[nodiscard]] ConvShape conv_shape(const Network& network, NodeId id);
/// The same for an operation and the shape of its input.
[[nodiscard]] ConvShape conv_shape(const Op& op, const TensorShape& input);
/// MACs, weights (without biases) and biases of one node.
struct NodeWork {
  Macs macs{};
  std::int64_t weights = 0, biases = 0;
};
[[nodiscard]] NodeWork work_of(const Network& network, const Node& node);
/// MACs of the convolutions and fully connected layers.
[[nodiscard]] Macs total_macs(const Network& network);
/// Weights of the convolutions and fully connected layers, without biases.
[[nodiscard]] std::int64_t total_weights(const Network& network);
[[nodiscard]] std::int64_t total_biases(const Network& network);
/// The same network with batch size N.
/// @throws InputError if N < 1 or a feature map would pass 2^31 - 1 elements.
[[nodiscard]] Network with_batch(Network network, int N);

/// Builds a network node by node, working out the shapes.
///
/// Ofmap extents are floor((H + pads - span) / stride) + 1. A pool in ceil mode rounds up instead,
/// and drops its last window if that would begin past the ifmap and its leading pad (Caffe's
/// PoolingLayer::Reshape; PyTorch does the same).
///
/// Every member throws InputError, naming network and node, for what no network can be: an id that
/// is not a node's, a name that is empty, used twice or holds control characters, the wrong number
/// of inputs, sizes below 1, a kernel larger than the padded ifmap, a pool's pad as large as its
/// window, channels that G does not divide, a clamp whose bounds are crossed, an addition or
/// concatenation whose inputs do not match, a feature map or filter set over 2^31 - 1 elements,
/// more than 2^62 MACs in all, constants that are not finite.
class NetworkBuilder {
 public:
  NetworkBuilder(std::string name, std::string source, TensorShape input,
                 std::string input_name = "input");

  NodeId input() const { return 0; }
  NodeId add(std::string name, Op op, std::vector<NodeId> inputs);

  NodeId conv(std::string name, NodeId x, ConvOp op);
  NodeId fully_connected(std::string name, NodeId x, FullyConnectedOp op);
  NodeId batch_norm(std::string name, NodeId x);
  NodeId relu(std::string name, NodeId x);
  NodeId clamp(std::string name, NodeId x, ClampOp op);
  NodeId pool(std::string name, NodeId x, PoolOp op);
  NodeId add(std::string name, NodeId a, NodeId b);
  NodeId concat(std::string name, std::vector<NodeId> inputs);

  [[nodiscard]] const TensorShape& shape(NodeId id) const;
  /// Throws for another number of channels than the input has, means and scales that are not
  /// finite, a scale of zero.
  void set_preprocessing(const Preprocessing& preprocessing);
  /// What has been built so far.
  [[nodiscard]] const Network& network() const { return network_; }
  /// The network; its output is the node added last.
  [[nodiscard]] Network build() &&;

 private:
  Network network_;
  std::unordered_set<std::string> names_;
  Macs macs_;
};

}  // namespace ridgeline
