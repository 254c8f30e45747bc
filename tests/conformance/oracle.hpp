#pragma once

#include "tests/support/onnx_case.hpp"

/// Operators written again as their specifications read, in double, over whole arrays N, C, H, W:
/// nothing of the product is used.
namespace ridgeline::onnx_tests {

struct Sliding {
  std::int64_t stride_h = 1, stride_w = 1, top = 0, left = 0, bottom = 0, right = 0;
  std::int64_t dilation_h = 1, dilation_w = 1, group = 1;
  bool ceil_mode = false, count_include_pad = false, max = false;
};

/// The seven loops of a convolution; `bias` may be empty.
[[nodiscard]] Array convolve(const Array& x, const Array& w, const std::vector<float>& bias,
                             const Sliding& s);
/// Max or average pooling with a kernel of R x S.
[[nodiscard]] Array pool(const Array& x, std::int64_t R, std::int64_t S, const Sliding& s);
/// Dimensions in another order.
[[nodiscard]] Array transposed(const Array& x, const std::vector<std::size_t>& order);

}  // namespace ridgeline::onnx_tests
