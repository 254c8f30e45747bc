#pragma once

#include <span>

#include "models/cost/sparsity.hpp"
#include "models/numeric/tensor.hpp"
#include "models/numeric/workload.hpp"

/// Zeros counted in tensors. Nothing here multiplies: the MACs that a zero word takes part in are
/// counted by how many windows, and how many filters, it meets.
namespace ridgeline {

/// Words that equal `zero_point`; in fp32 those that equal 0, of either sign.
[[nodiscard]] std::int64_t count_zero_words(const AnyTensor& tensor, std::int32_t zero_point);

/// Zero operands of a convolution or fully connected layer: ifmap N C H W of the layer's shape (in
/// any shape of as many words), filters M (C/G) R S.
[[nodiscard]] OperandZeroCounts count_zero_operands(const ConvShape& shape, const AnyTensor& ifmap,
                                                    const AnyTensor& filters,
                                                    const OperandZeros& zeros);

/// The zeros of a whole run, from all its tensors by TensorId. `coded`: run-length code each stored
/// tensor, as a whole and in its order of storage, to know how long it becomes; parts of a
/// concatenation then have the ratio of the whole. Otherwise all are taken to lie plain.
[[nodiscard]] NetworkZeros measured_zeros(const Workload& workload,
                                          std::span<const AnyTensor> tensors, bool coded);

}  // namespace ridgeline
