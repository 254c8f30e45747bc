#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/network/network.hpp"

/// Lowering: from the author's graph to the list of layers that a machine runs.
/// - BatchNorm folds into the convolution before it (or after nothing else).
/// - ReLU fuses into the layer that feeds it when nobody else reads the value before it.
/// - A residual addition (and its ReLU) fuses into the later of its two producers when that is a
///   convolution or fully connected layer whose value nobody else reads.
/// - A concatenation costs nothing: its producers write straight into their channels of one
///   tensor, with one common scale. A producer that cannot (the network's input, a tensor
///   concatenated twice) is copied by the vector unit, as a layer of its own.
/// - A BatchNorm or ReLU that nothing can absorb becomes a layer of the vector unit (a depthwise
///   1x1 convolution for a BatchNorm).
namespace ridgeline {

using TensorId = int;

/// A value that lives in DRAM between layers, or a run of channels inside one.
struct LoweredTensor {
  std::string name;  ///< of the node that it is the final value of
  TensorShape shape;
  TensorId storage = 0;    ///< the tensor that owns the memory: its own id, or a concatenation's
  int channel_offset = 0;  ///< first channel inside `storage`
  NodeId node = 0;         ///< whose value this is
};

enum class LayerKind { conv, fully_connected, max_pool, average_pool, add, copy, lrn, softmax };
[[nodiscard]] std::string_view layer_kind_name(LayerKind kind);
/// Convolutions and fully connected layers run on the PE array, the rest on the vector unit.
[[nodiscard]] constexpr bool runs_on_array(LayerKind kind) {
  return kind == LayerKind::conv || kind == LayerKind::fully_connected;
}

struct LoweredLayer {
  std::string name;  ///< of its main node
  LayerKind kind = LayerKind::conv;
  NodeId node = 0;                   ///< main node: convolution, pool, addition, ...
  Op op;                             ///< the main node's operation and its parameters
  std::optional<NodeId> batch_norm;  ///< folded into the weights and the bias
  bool relu = false;                 ///< of the layer itself, before a fused addition
  std::optional<TensorId> residual;  ///< fused addition's other operand; also `add`'s second input
  bool relu_after_add = false;
  TensorId input = 0;
  TensorId output = 0;
  /// Value before a fused addition: it has a scale of its own (the addition requantises).
  /// The node that computes it last (convolution, BatchNorm or ReLU).
  NodeId pre_add_node = 0;
  /// Convolution: the layer's shape. Vector layers: N, C = M, H, W and the window; copy, add, lrn
  /// and softmax have a 1x1 window.
  ConvShape shape;
  TensorShape output_shape;  ///< differs from shape.ofmap() for a pool in ceil mode
  std::vector<std::string> fused;  ///< what was absorbed, in order: "batch_norm", "relu", "add x"
};

struct LoweredNetwork {
  Network network;  ///< what it was lowered from
  std::vector<LoweredTensor> tensors;  ///< tensor 0 is the network's input
  std::vector<LoweredLayer> layers;    ///< in order of execution
  TensorId output = 0;

  [[nodiscard]] const LoweredTensor& storage_of(TensorId id) const {
    return tensors[static_cast<std::size_t>(tensors[static_cast<std::size_t>(id)].storage)];
  }
};

[[nodiscard]] LoweredNetwork lower(Network network);

}  // namespace ridgeline
