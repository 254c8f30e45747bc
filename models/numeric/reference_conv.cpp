#include <cassert>

#include "models/numeric/clamp.hpp"
#include "models/numeric/convolution_sums.hpp"
#include "models/numeric/reference_ops.hpp"

namespace ridgeline::reference {
namespace {

/// From a sum of products to the channel's value before a fused addition.
template <class T>
T channel_value(AccumulatorOf<T> sum, const ChannelRecord& channel, std::int32_t zero_point,
                const WordBounds<T>& bounds) {
  if constexpr (std::is_same_v<T, float>) {
    return bounds(sum + channel.bias_fp32);
  } else {
    // A bias fits the accumulator; narrowed to it, the compiler knows that 64 bits hold the
    // product.
    const auto bias = static_cast<AccumulatorOf<T>>(channel.bias);
    assert(bias == channel.bias);
    return bounds.narrow(scale_and_round(std::int64_t{sum} + std::int64_t{bias}, channel.factor) +
                         zero_point);
  }
}

template <class T>
T add_residual(T value, const Quantization& of_value, T residual, const LayerParameters& parameters,
               const WordBounds<T>& bounds) {
  if constexpr (std::is_same_v<T, float>) {
    return bounds(value + residual);
  } else {
    const std::int64_t left = std::int64_t{value} - of_value.zero_point;
    const std::int64_t right = std::int64_t{residual} - parameters.residual.zero_point;
    return bounds.narrow(add_and_round(left, right, parameters.add) + parameters.output.zero_point);
  }
}

}  // namespace

template <class T>
Tensor<T> convolution(const LayerView& view, const Tensor<T>& input, const Tensor<T>* residual) {
  const LoweredLayer& layer = view.layer;
  const auto& filters = std::get<Tensor<T>>(view.parameters.filters);
  const Sums<AccumulatorOf<T>> sums =
      convolution_sums<T>(layer.shape, std::span(input.data), std::span(filters.data),
                          fastest_simd(), operand_zeros(view.parameters));
  Tensor<T> output(layer.output_shape);
  assert(output.shape == layer.shape.ofmap());
  assert((residual != nullptr) == layer.residual.has_value());
  const std::size_t plane = sums.positions / static_cast<std::size_t>(layer.shape.N);
  const WordBounds<T> bounds = own_bounds<T>(layer, view.parameters);
  const Quantization& own = own_quantization(layer, view.parameters);
  std::size_t at = 0;
  for (int n = 0; n < layer.shape.N; ++n) {
    for (int m = 0; m < layer.shape.M; ++m) {
      const ChannelRecord& channel = view.parameters.channels[static_cast<std::size_t>(m)];
      for (const auto sum : sums.of_filter(m).subspan(static_cast<std::size_t>(n) * plane, plane)) {
        output.data[at++] = channel_value<T>(sum, channel, own.zero_point, bounds);
      }
    }
  }
  if (residual != nullptr) {
    const WordBounds<T> after = sum_bounds<T>(layer, view.parameters);
    for (std::size_t i = 0; i < output.data.size(); ++i) {
      output.data[i] = add_residual(output.data[i], view.parameters.value, residual->data[i],
                                    view.parameters, after);
    }
  }
  return output;
}

template <class T>
Tensor<T> add(const LayerView& view, const Tensor<T>& input, const Tensor<T>& residual) {
  Tensor<T> output(view.layer.output_shape);
  const WordBounds<T> bounds = sum_bounds<T>(view.layer, view.parameters);
  for (std::size_t i = 0; i < output.data.size(); ++i) {
    output.data[i] = add_residual(input.data[i], view.parameters.input, residual.data[i],
                                  view.parameters, bounds);
  }
  return output;
}

template Tensor<std::int8_t> convolution(const LayerView&, const Tensor<std::int8_t>&,
                                         const Tensor<std::int8_t>*);
template Tensor<std::int16_t> convolution(const LayerView&, const Tensor<std::int16_t>&,
                                          const Tensor<std::int16_t>*);
template Tensor<float> convolution(const LayerView&, const Tensor<float>&, const Tensor<float>*);
template Tensor<std::int8_t> add(const LayerView&, const Tensor<std::int8_t>&,
                                 const Tensor<std::int8_t>&);
template Tensor<std::int16_t> add(const LayerView&, const Tensor<std::int16_t>&,
                                  const Tensor<std::int16_t>&);
template Tensor<float> add(const LayerView&, const Tensor<float>&, const Tensor<float>&);

}  // namespace ridgeline::reference
