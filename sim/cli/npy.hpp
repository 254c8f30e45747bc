#pragma once

#include <string>

#include "models/network/quantization.hpp"
#include "models/numeric/tensor.hpp"

namespace ridgeline::cli {

/// The bytes of a NumPy file, format version 1.0 (NEP 1): the tensor's real values as
/// little-endian float32, shape (N, C, H, W), C order.
[[nodiscard]] std::string npy_bytes(const AnyTensor& tensor, const Quantization& quantization);

}  // namespace ridgeline::cli
