#pragma once

#include <vector>

#include "models/network/lowering.hpp"
#include "models/numeric/tensor.hpp"

namespace ridgeline {

/// The tensors of a lowered network while it runs. Tensors inside a concatenation hold their own
/// channels; the concatenation's tensor holds them all, as soon as they are put.
class TensorStore {
 public:
  TensorStore(const LoweredNetwork& lowered, Precision precision);

  void put(TensorId id, AnyTensor tensor);
  /// The tensor; one that no layer computes on its own is read out of its concatenation.
  [[nodiscard]] const AnyTensor& get(TensorId id);
  /// Every tensor, by TensorId.
  [[nodiscard]] std::vector<AnyTensor> take() &&;

 private:
  const LoweredNetwork& lowered_;
  Precision precision_;
  std::vector<AnyTensor> tensors_;
  std::vector<bool> present_;
};

}  // namespace ridgeline
