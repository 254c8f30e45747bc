#pragma once

#include <cstdint>
#include <vector>

#include "models/network/onnx/node_import.hpp"

namespace ridgeline::onnx_import {

/// The window of a convolution or pool over `x`, from auto_pad, dilations, pads and strides, in the
/// orientation of the feature map; the kernel has the array's. The zeros of a Pad around `x` are
/// not in it yet, but auto_pad counts them as elements.
[[nodiscard]] Window window_of(const NodeImport& node, const FeatureMap& x,
                               std::vector<std::int64_t> kernel);

/// `window` with the zeros of a Pad around its array put before and behind its own.
[[nodiscard]] Window with_pad(const NodeImport& node, Window window, const std::array<int, 4>& pad);

/// Filters [n][R][S] with R and S changed places.
[[nodiscard]] std::vector<float> with_taps_swapped(const std::vector<float>& filters, std::size_t R,
                                                   std::size_t S);

}  // namespace ridgeline::onnx_import
