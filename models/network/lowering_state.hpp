#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "models/network/lowering.hpp"

/// What lowering knows while it walks the graph: the layers and tensors so far, which layer writes
/// each tensor and who reads it. Private to lower().
namespace ridgeline::lowering {

/// A tensor under construction. While lowering runs, `LoweredTensor::storage` is the concatenation
/// that the tensor is directly part of (its own id if none) and `channel_offset` counts inside
/// that; resolve_storage() makes both absolute. A part always has a smaller id than its whole.
struct TensorInfo {
  std::optional<std::size_t> writer{};  ///< the layer; none for the input and for concatenations
  std::vector<TensorId> parts{};        ///< of a concatenation, in order of channels
  int readers = 0;                      ///< edges that read its current value
  std::size_t ready_after = 0;          ///< number of layers that run before it is complete
};

class State {
 public:
  explicit State(Network network);

  [[nodiscard]] const Network& network() const { return lowered_.network; }
  [[nodiscard]] const Node& node(NodeId id) const;
  /// The tensor that holds the value of node `id`.
  [[nodiscard]] TensorId tensor_of(NodeId id) const;
  [[nodiscard]] const LoweredTensor& tensor(TensorId id) const;
  [[nodiscard]] const TensorInfo& info(TensorId id) const;
  [[nodiscard]] bool is_part(TensorId id) const { return tensor(id).storage != id; }
  /// The layer that writes `id`, if one does and nobody but the caller's one edge reads `id`.
  [[nodiscard]] LoweredLayer* sole_reader_writer(TensorId id);
  [[nodiscard]] LoweredLayer& writer(TensorId id);

  /// Appends `layer` with a new tensor as its output, holding the value of `value`.
  TensorId append(LoweredLayer layer, NodeId value);
  /// The same for a copy of `source` that only a concatenation reads.
  TensorId append_concat_copy(NodeId concat, std::size_t index, TensorId source);
  /// Makes `parts` the channels of a new tensor that holds the value of `concat`.
  void join(NodeId concat, std::vector<TensorId> parts);
  /// From now on `tensor` holds the value of `node`, which a layer absorbed.
  void take_over(TensorId tensor, NodeId node);
  /// The same for a part: it holds its channels of the value of `node` and keeps its name.
  void take_over_part(TensorId tensor, NodeId node);

  [[nodiscard]] LoweredNetwork finish() &&;

 private:
  TensorId add_tensor(LoweredTensor tensor, TensorInfo info);
  void resolve_storage();

  LoweredNetwork lowered_;
  std::vector<TensorInfo> info_;           // by TensorId
  std::vector<TensorId> tensor_of_;        // by NodeId
  std::vector<int> readers_;               // by NodeId
  std::unordered_set<std::string> names_;  // of nodes and of copies
};

/// A layer of the vector unit over one tensor: N, C = M, H, W and a window.
[[nodiscard]] ConvShape vector_shape(const TensorShape& x, const Window& window = {});

}  // namespace ridgeline::lowering
