#pragma once

#include <optional>
#include <string>

#include "models/network/layout.hpp"
#include "models/network/quantization.hpp"
#include "models/numeric/tensor.hpp"

namespace ridgeline::cli {

/// The bytes of a NumPy file, format version 1.0 (NEP 1): the tensor's real values as
/// little-endian float32, C order. The shape is (N, C, H, W), or that of `array` over the tensor's
/// elements.
[[nodiscard]] std::string npy_bytes(const AnyTensor& tensor, const Quantization& quantization,
                                    const std::optional<Layout>& array = {});

}  // namespace ridgeline::cli
