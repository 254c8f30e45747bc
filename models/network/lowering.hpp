#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/arch/precision.hpp"
#include "models/network/network.hpp"

/// Lowering: from the author's graph to the list of layers that a machine runs. Values are read
/// by edges: a node that reads a value twice is two readers.
/// - BatchNorm folds into the convolution or fully connected layer before it.
/// - ReLU, or another clamp, fuses into the convolution, fully connected layer, max pool, addition
/// or copy that feeds
///   it.
/// - A residual addition (and its ReLU) fuses into the later of its two producers when that is a
///   convolution or fully connected layer; the other operand is complete by then.
/// - A clamp that says that it is separate is a copy, whatever feeds it.
/// - Each of these only when nobody else reads the value that would disappear.
/// - A concatenation costs nothing: its producers write straight into their channels of one
///   tensor, with one common scale. Nested concatenations share the outermost tensor. A part is
///   still a tensor that others may read. The network's input, a tensor that is part of another
///   concatenation already, or one concatenated twice is copied by the vector unit, as a layer
///   named "<concat>/copy<index of the input>" whose `node` is the concatenation.
/// - ReLU after a concatenation moves into its producers when each can absorb it and nobody reads
///   the values before it; otherwise it is a copy.
/// - A BatchNorm that nothing can absorb becomes a depthwise 1x1 convolution (G = M = C) whose
///   `node` and `batch_norm` are both the BatchNorm. A ReLU that nothing can absorb becomes a copy
///   with `relu` set.
/// - Every node is lowered, whether or not the output depends on it.
namespace ridgeline {

using TensorId = int;

/// A value that lives in DRAM between layers, or a run of channels inside one. Layout NCHW: image n
/// of a part begins at element (n * C of the storage + channel_offset) * H * W of the storage.
struct LoweredTensor {
  std::string name{};  ///< of the node that it is the final value of
  TensorShape shape{};
  TensorId storage = 0;    ///< the tensor that owns the memory: its own id, or a concatenation's
  int channel_offset = 0;  ///< first channel inside `storage`
  /// Whose value this is. A part of a concatenation whose ReLU moved into the producers holds its
  /// own channels of that ReLU's value; its name stays the producer's.
  NodeId node = 0;
  /// Of its words, where layers have precisions of their own (layer_precision.hpp).
  std::optional<Precision> precision{};
  /// Part of its words that is zero, as declared by whoever runs the network without data: what the
  /// traffic of a DRAM that codes zeros, and the energy of an array that gates, depend on.
  double zero_fraction = 0;
};

enum class LayerKind { conv, fully_connected, max_pool, average_pool, add, copy, lrn, softmax };
[[nodiscard]] std::string_view layer_kind_name(LayerKind kind);
/// Convolutions and fully connected layers run on the PE array, the rest on the vector unit.
[[nodiscard]] constexpr bool runs_on_array(LayerKind kind) {
  return kind == LayerKind::conv || kind == LayerKind::fully_connected;
}

struct LoweredLayer {
  std::string name{};  ///< of its main node
  LayerKind kind = LayerKind::conv;
  NodeId node = 0;                     ///< main node: convolution, pool, addition, ...
  Op op{};                             ///< the main node's operation and its parameters
  std::optional<NodeId> batch_norm{};  ///< folded into the weights and the bias
  bool relu = false;                   ///< clamps, before a fused addition; never set for `add`
  ClampOp clamp{};                     ///< its bounds, if so; a plain ReLU's by default
  std::optional<TensorId> residual{};  ///< fused addition's other operand; `add`'s second input
  bool relu_after_add = false;         ///< clamps a fused addition's sum, or an `add`'s
  ClampOp clamp_after_add{};           ///< its bounds, if so
  TensorId input = 0;
  TensorId output = 0;
  /// Value before a fused addition: it has a scale of its own (the addition requantises).
  /// The node that computes it last (convolution, BatchNorm or ReLU). Without a fused addition it
  /// is the node of the output, and for an `add` the node of its first operand.
  NodeId pre_add_node = 0;
  /// Convolution: the layer's shape. Vector layers: N, C = M, H, W and the window; copy, add, lrn
  /// and softmax have a 1x1 window, G is 1.
  ConvShape shape{};
  TensorShape output_shape{};            ///< differs from shape.ofmap() for a pool in ceil mode
  std::optional<Precision> precision{};  ///< other than the run's (layer_precision.hpp)
  /// Part of its weights that is zero, as declared by whoever runs the network without data: what
  /// an array that skips them goes by (scattered_zeros, zero_weights.hpp). None: those of its
  /// weights.
  std::optional<double> zero_weight_fraction{};
  /// A copy that assign_precisions() put in: the words of its output are narrower.
  bool converts = false;
  /// What was absorbed, in order: "batch_norm", "relu" ("relu6", "clip"), "add x" with x the other
  /// operand's node.
  std::vector<std::string> fused{};
};

struct LoweredNetwork {
  Network network{};                     ///< what it was lowered from
  std::vector<LoweredTensor> tensors{};  ///< tensor 0 is the network's input
  std::vector<LoweredLayer> layers{};    ///< in order of execution
  TensorId output = 0;

  [[nodiscard]] const LoweredTensor& storage_of(TensorId id) const {
    return tensors[static_cast<std::size_t>(tensors[static_cast<std::size_t>(id)].storage)];
  }
};

[[nodiscard]] LoweredNetwork lower(Network network);

}  // namespace ridgeline
