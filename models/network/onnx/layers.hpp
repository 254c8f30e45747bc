#pragma once

#include <functional>

#include "models/network/onnx/layer_weights.hpp"

/// Layers with weights, for the operators that make them: of real numbers, of words, of integers.
namespace ridgeline::onnx_import {

/// Puts the bias of M filters beside them.
using PutBias = std::function<void(std::size_t M, LayerWeights& weights)>;

/// The convolution of input 0 with the filters `w`, its attributes being the node's.
[[nodiscard]] Activation convolve(NodeImport& node, const Constant& w, const PutBias& put_bias);

/// A constant matrix behind an array, as an operator takes it.
struct RightMatrix {
  bool transposed = false;
  float factor = 1;
};
/// Puts none.
inline void no_bias(std::size_t /*M*/, LayerWeights& /*weights*/) {}

/// Every row of `x`'s last dimension times matrix `b`. Fails unless they are rows and a matrix.
[[nodiscard]] Activation multiply(NodeImport& node, const Activation& x, const Constant& b,
                                  const RightMatrix& how, const PutBias& put_bias);

}  // namespace ridgeline::onnx_import
