#pragma once

#include <cstdint>
#include <type_traits>

#include "models/network/lowering.hpp"
#include "models/numeric/tensor.hpp"
#include "models/numeric/workload.hpp"

/// The reference engine's operations, one function a layer kind, for T = std::int8_t, std::int16_t
/// and float. Each returns the layer's whole output; tensors are NCHW.
namespace ridgeline::reference {

/// One layer as an operation sees it.
struct LayerView {
  const Op& op;  ///< of the layer's main node
  const LoweredLayer& layer;
  const LayerParameters& parameters;
};

/// Convolution or fully connected layer with everything fused behind it.
template <class T>
[[nodiscard]] Tensor<T> convolution(const LayerView& view, const Tensor<T>& input,
                                    const Tensor<T>* residual);
/// Padding takes no part in a maximum. A window that meets nothing but padding gives zero.
template <class T>
[[nodiscard]] Tensor<T> max_pool(const LayerView& view, const Tensor<T>& input);
/// Sums run in the order (r, s). fp32 divides the sum by the count.
template <class T>
[[nodiscard]] Tensor<T> average_pool(const LayerView& view, const Tensor<T>& input);
template <class T>
[[nodiscard]] Tensor<T> add(const LayerView& view, const Tensor<T>& input,
                            const Tensor<T>& residual);
template <class T>
[[nodiscard]] Tensor<T> copy(const LayerView& view, const Tensor<T>& input);
/// Sums of squares run over ascending channels: in integers, or in double for fp32.
template <class T>
[[nodiscard]] Tensor<T> lrn(const LayerView& view, const Tensor<T>& input);
/// Over the channels at each n, h, w; sums over ascending channels, in double.
template <class T>
[[nodiscard]] Tensor<T> softmax(const LayerView& view, const Tensor<T>& input);

/// The layer's kind decides which of them runs.
template <class T>
[[nodiscard]] Tensor<T> run(const LayerView& view, const Tensor<T>& input,
                            const Tensor<T>* residual);

}  // namespace ridgeline::reference
