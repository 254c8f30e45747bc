#include <algorithm>
#include <cassert>
#include <limits>

#include "models/numeric/clamp.hpp"
#include "models/numeric/lrn_softmax.hpp"
#include "models/numeric/reference_ops.hpp"

namespace ridgeline::reference {
namespace {

/// The word for a real number: rounded and clamped in integers, rounded to float in fp32.
template <class T>
T to_word(double real, const Quantization& q, const WordBounds<T>& bounds) {
  if constexpr (std::is_same_v<T, float>) {
    return static_cast<float>(real);
  } else {
    return bounds.narrow(round_half_up(real / q.scale) + q.zero_point);
  }
}

/// Words that lie `stride` apart: the channels at one n, h, w.
template <class T>
struct Channels {
  T* first;
  std::size_t stride;
  int count;

  [[nodiscard]] T& operator[](int c) const { return first[static_cast<std::size_t>(c) * stride]; }
};

/// Calls visit(input channels, output channels) at every n, h, w.
template <class T, class Visit>
Tensor<T> for_each_position(const LoweredLayer& layer, const Tensor<T>& input, Visit visit) {
  assert(input.shape == layer.output_shape);
  Tensor<T> output(layer.output_shape);
  const int C = input.shape.C;
  const std::size_t plane =
      static_cast<std::size_t>(input.shape.H) * static_cast<std::size_t>(input.shape.W);
  const std::size_t image = plane * static_cast<std::size_t>(C);
  for (std::size_t n = 0; n < static_cast<std::size_t>(input.shape.N); ++n) {
    for (std::size_t i = n * image; i < n * image + plane; ++i) {
      visit(Channels<const T>{&input.data[i], plane, C}, Channels<T>{&output.data[i], plane, C});
    }
  }
  return output;
}

}  // namespace

template <class T>
Tensor<T> copy(const LayerView& view, const Tensor<T>& input) {
  assert(input.shape == view.layer.output_shape);
  const LayerParameters& parameters = view.parameters;
  const FixedPoint factor = to_fixed_point(parameters.rescale());
  const WordBounds<T> bounds = own_bounds<T>(view.layer, parameters);
  Tensor<T> output(input.shape);
  for (std::size_t i = 0; i < input.data.size(); ++i) {
    const T word = input.data[i];
    output.data[i] = bounds(word);
    if constexpr (!std::is_same_v<T, float>) {
      if (parameters.keeps_words()) continue;
      const std::int64_t less_zero = std::int64_t{word} - parameters.input.zero_point;
      output.data[i] =
          bounds.narrow(scale_and_round(less_zero, factor) + parameters.output.zero_point);
    }
  }
  return output;
}

template <class T>
Tensor<T> lrn(const LayerView& view, const Tensor<T>& input) {
  const LrnOp& op = std::get<LrnOp>(view.op);
  const Quantization &in = view.parameters.input, &out = view.parameters.output;
  const WordBounds<T> bounds = own_bounds<T>(view.layer, view.parameters);
  // The window of `size` channels around c; an even one reaches further up than down, as in ONNX.
  const int before = (op.size - 1) / 2, after = op.size - 1 - before;
  return for_each_position(view.layer, input, [&](Channels<const T> x, Channels<T> y) {
    for (int c = 0; c < x.count; ++c) {
      const int begin = std::max(0, c - before), end = std::min(x.count, c + after + 1);
      std::conditional_t<std::is_same_v<T, float>, double, std::int64_t> sum = 0;
      for (int i = begin; i < end; ++i) {
        const auto word =
            static_cast<decltype(sum)>(x[i]) - static_cast<decltype(sum)>(in.zero_point);
        sum += word * word;
      }
      const double real = lrn_element(in.real(x[c]), in.scale * in.scale * static_cast<double>(sum),
                                      op.size, op.alpha, op.beta, op.k);
      y[c] = to_word<T>(real, out, bounds);
    }
  });
}

template <class T>
Tensor<T> softmax(const LayerView& view, const Tensor<T>& input) {
  const Quantization &in = view.parameters.input, &out = view.parameters.output;
  const WordBounds<T> bounds = own_bounds<T>(view.layer, view.parameters);
  std::vector<double> terms(static_cast<std::size_t>(input.shape.C));
  return for_each_position(view.layer, input, [&](Channels<const T> x, Channels<T> y) {
    T largest = std::numeric_limits<T>::lowest();
    for (int c = 0; c < x.count; ++c) largest = std::max(largest, x[c]);
    double sum = 0;
    for (int c = 0; c < x.count; ++c) {
      const double term = softmax_term(in.real(x[c]), in.real(largest));
      terms[static_cast<std::size_t>(c)] = term;
      sum += term;
    }
    for (int c = 0; c < x.count; ++c) {
      y[c] = to_word<T>(terms[static_cast<std::size_t>(c)] / sum, out, bounds);
    }
  });
}

template Tensor<std::int8_t> copy(const LayerView&, const Tensor<std::int8_t>&);
template Tensor<std::int16_t> copy(const LayerView&, const Tensor<std::int16_t>&);
template Tensor<float> copy(const LayerView&, const Tensor<float>&);
template Tensor<std::int8_t> lrn(const LayerView&, const Tensor<std::int8_t>&);
template Tensor<std::int16_t> lrn(const LayerView&, const Tensor<std::int16_t>&);
template Tensor<float> lrn(const LayerView&, const Tensor<float>&);
template Tensor<std::int8_t> softmax(const LayerView&, const Tensor<std::int8_t>&);
template Tensor<std::int16_t> softmax(const LayerView&, const Tensor<std::int16_t>&);
template Tensor<float> softmax(const LayerView&, const Tensor<float>&);

}  // namespace ridgeline::reference
