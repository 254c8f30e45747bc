#pragma once

#include <string>

#include "models/numeric/tensor.hpp"

namespace ridgeline::cli {

/// The bytes of a NumPy file, format version 1.0 (NEP 1): the tensor's words times `scale` as
/// little-endian float32, shape (N, C, H, W), C order.
[[nodiscard]] std::string npy_bytes(const AnyTensor& tensor, double scale);

}  // namespace ridgeline::cli
