#pragma once

#include <vector>

#include "models/network/lowering.hpp"
#include "models/numeric/tensor.hpp"

namespace ridgeline {

/// The tensors of a lowered network while it runs. Tensors inside a concatenation hold their own
/// channels; the concatenation's tensor holds them all, as soon as they are put.
class TensorStore {
 public:
  /// @param precision of the run; tensors may have their own
  TensorStore(const LoweredNetwork& lowered, Precision precision);

  void put(TensorId id, AnyTensor tensor);
  /// The tensor; one that is not stored by itself is read out of its concatenation.
  [[nodiscard]] const AnyTensor& get(TensorId id);
  /// Frees what no layer after layer `index` reads, and single parts of concatenations.
  void drop_unread_after(std::size_t index);
  /// Every tensor, by TensorId.
  [[nodiscard]] std::vector<AnyTensor> take() &&;

 private:
  [[nodiscard]] std::size_t owner_of(TensorId id) const;

  const LoweredNetwork& lowered_;
  Precision precision_;
  std::vector<AnyTensor> tensors_;
  std::vector<bool> present_;
  std::vector<std::size_t> last_reader_;  ///< layer that reads a tensor or its parts last
};

}  // namespace ridgeline
