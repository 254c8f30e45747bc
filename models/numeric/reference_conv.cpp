#include <cassert>

#include "models/numeric/clamp.hpp"
#include "models/numeric/convolution_sums.hpp"
#include "models/numeric/reference_ops.hpp"

namespace ridgeline::reference {
namespace {

/// From a sum of products to the channel's value before a fused addition.
template <class T>
T channel_value(AccumulatorOf<T> sum, const ChannelRecord& channel, const WordBounds<T>& bounds) {
  T value;
  if constexpr (std::is_same_v<T, float>) {
    value = sum + channel.bias_fp32;
  } else {
    // A bias fits the accumulator; narrowed to it, the compiler knows that 64 bits hold the
    // product.
    const auto bias = static_cast<AccumulatorOf<T>>(channel.bias);
    assert(bias == channel.bias);
    value =
        clamp_to_word<T>(scale_and_round(std::int64_t{sum} + std::int64_t{bias}, channel.factor));
  }
  return bounds(value);
}

template <class T>
T add_residual(T value, T residual, const FixedPointPair& factors, const WordBounds<T>& bounds) {
  T sum;
  if constexpr (std::is_same_v<T, float>) {
    sum = value + residual;
  } else {
    sum = add_and_requantize(value, residual, factors);
  }
  return bounds(sum);
}

}  // namespace

template <class T>
Tensor<T> convolution(const LayerView& view, const Tensor<T>& input, const Tensor<T>* residual) {
  const LoweredLayer& layer = view.layer;
  const auto& filters = std::get<Tensor<T>>(view.parameters.filters);
  const Sums<AccumulatorOf<T>> sums =
      convolution_sums<T>(layer.shape, std::span(input.data), std::span(filters.data));
  Tensor<T> output(layer.output_shape);
  assert(output.shape == layer.shape.ofmap());
  assert((residual != nullptr) == layer.residual.has_value());
  const std::size_t plane = sums.positions / static_cast<std::size_t>(layer.shape.N);
  const WordBounds<T> bounds = own_bounds<T>(layer, view.parameters);
  std::size_t at = 0;
  for (int n = 0; n < layer.shape.N; ++n) {
    for (int m = 0; m < layer.shape.M; ++m) {
      const ChannelRecord& channel = view.parameters.channels[static_cast<std::size_t>(m)];
      for (const auto sum : sums.of_filter(m).subspan(static_cast<std::size_t>(n) * plane, plane)) {
        output.data[at++] = channel_value<T>(sum, channel, bounds);
      }
    }
  }
  if (residual != nullptr) {
    const WordBounds<T> after = sum_bounds<T>(layer, view.parameters);
    for (std::size_t i = 0; i < output.data.size(); ++i) {
      output.data[i] = add_residual(output.data[i], residual->data[i], view.parameters.add, after);
    }
  }
  return output;
}

template <class T>
Tensor<T> add(const LayerView& view, const Tensor<T>& input, const Tensor<T>& residual) {
  Tensor<T> output(view.layer.output_shape);
  const WordBounds<T> bounds = sum_bounds<T>(view.layer, view.parameters);
  for (std::size_t i = 0; i < output.data.size(); ++i) {
    output.data[i] = add_residual(input.data[i], residual.data[i], view.parameters.add, bounds);
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
