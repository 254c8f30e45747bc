#include <algorithm>
#include <cassert>
#include <limits>

#include "models/numeric/clamp.hpp"
#include "models/numeric/reference_ops.hpp"

namespace ridgeline::reference {
namespace {

/// How a window lies on one axis of the ifmap.
struct Span {
  int first = 0;       ///< coordinate of tap 0; negative in the padding
  int step = 1;        ///< dilation
  int taps_begin = 0;  ///< taps [taps_begin, taps_end) meet the ifmap
  int taps_end = 0;
  int taps_with_padding = 0;  ///< taps that meet the ifmap or its padding
};

Span span_at(int output, int kernel, int stride, int dilation, int pad_before, int size,
             int pad_after) {
  Span span{.first = output * stride - pad_before, .step = dilation};
  while (span.taps_begin < kernel && span.first + span.taps_begin * dilation < 0) {
    ++span.taps_begin;
  }
  span.taps_end = span.taps_begin;
  while (span.taps_end < kernel && span.first + span.taps_end * dilation < size) ++span.taps_end;
  span.taps_with_padding = span.taps_end;
  while (span.taps_with_padding < kernel &&
         span.first + span.taps_with_padding * dilation < size + pad_after) {
    ++span.taps_with_padding;
  }
  return span;
}

/// The spans of every output along one axis (0: H, 1: W).
std::vector<Span> spans_of(const ConvShape& shape, int axis, int outputs) {
  const Window& window = shape.window;
  const auto i = static_cast<std::size_t>(axis);
  std::vector<Span> spans;
  for (int output = 0; output < outputs; ++output) {
    spans.push_back(span_at(output, axis == 0 ? window.R : window.S, window.stride[i],
                            window.dilation[i], window.pad[i], axis == 0 ? shape.H : shape.W,
                            window.pad[i + 2]));
  }
  return spans;
}

/// Calls visit(word) for every ifmap word under the window, in the order (r, s).
template <class T, class Visit>
void for_each_word(const T* plane, int width, const Span& rows, const Span& cols, Visit visit) {
  for (int r = rows.taps_begin; r < rows.taps_end; ++r) {
    const T* row = plane + static_cast<std::ptrdiff_t>(rows.first + r * rows.step) * width;
    for (int s = cols.taps_begin; s < cols.taps_end; ++s) visit(row[cols.first + s * cols.step]);
  }
}

/// Calls pool(plane, rows, cols) for every output element, in NCHW order, and clamps it.
template <class T, class Pool>
Tensor<T> pool_with(const LayerView& view, const Tensor<T>& input, Pool pool) {
  const LoweredLayer& layer = view.layer;
  const WordBounds<T> bounds = own_bounds<T>(layer, view.parameters);
  Tensor<T> output(layer.output_shape);
  assert(input.shape == layer.shape.ifmap());
  const std::vector<Span> rows = spans_of(layer.shape, 0, output.shape.H);
  const std::vector<Span> cols = spans_of(layer.shape, 1, output.shape.W);
  const std::size_t plane_size =
      static_cast<std::size_t>(input.shape.H) * static_cast<std::size_t>(input.shape.W);
  T* out = output.data.data();
  for (std::size_t at = 0; at < input.data.size(); at += plane_size) {
    for (const Span& row : rows) {
      for (const Span& col : cols) {
        *out++ = bounds(pool(input.data.data() + at, row, col));
      }
    }
  }
  return output;
}

}  // namespace

template <class T>
Tensor<T> max_pool(const LayerView& view, const Tensor<T>& input) {
  const LayerParameters& parameters = view.parameters;
  const FixedPoint factor = to_fixed_point(parameters.rescale());
  const WordBounds<T> bounds = own_bounds<T>(view.layer, parameters);
  return pool_with(view, input, [&](const T* plane, const Span& rows, const Span& cols) {
    if (rows.taps_begin == rows.taps_end || cols.taps_begin == cols.taps_end)
      return static_cast<T>(parameters.output.zero_point);
    T largest = std::numeric_limits<T>::lowest();
    for_each_word(plane, input.shape.W, rows, cols,
                  [&](T word) { largest = std::max(largest, word); });
    if constexpr (!std::is_same_v<T, float>) {
      if (!parameters.keeps_words()) {
        return bounds.narrow(scale_and_round(largest - parameters.input.zero_point, factor) +
                             parameters.output.zero_point);
      }
    }
    return largest;
  });
}

template <class T>
Tensor<T> average_pool(const LayerView& view, const Tensor<T>& input) {
  const LayerParameters& parameters = view.parameters;
  const WordBounds<T> bounds = own_bounds<T>(view.layer, parameters);
  const bool count_padding = std::get<PoolOp>(view.op).count_include_pad;
  int known_count = 0;  // neighbouring windows mostly hold the same number of elements
  FixedPoint factor;
  return pool_with(view, input, [&](const T* plane, const Span& rows, const Span& cols) {
    std::conditional_t<std::is_same_v<T, float>, float, std::int64_t> sum = 0;
    for_each_word(plane, input.shape.W, rows, cols, [&](T word) {
      sum += static_cast<decltype(sum)>(word) -
             static_cast<decltype(sum)>(parameters.input.zero_point);
    });
    const int count = count_padding
                          ? rows.taps_with_padding * cols.taps_with_padding
                          : (rows.taps_end - rows.taps_begin) * (cols.taps_end - cols.taps_begin);
    if (count == 0) return static_cast<T>(parameters.output.zero_point);
    if constexpr (std::is_same_v<T, float>) {
      return sum / static_cast<float>(count);
    } else {
      if (count != known_count) factor = average_factor(parameters, count);
      known_count = count;
      return bounds.narrow(scale_and_round(sum, factor) + parameters.output.zero_point);
    }
  });
}

template Tensor<std::int8_t> max_pool(const LayerView&, const Tensor<std::int8_t>&);
template Tensor<std::int16_t> max_pool(const LayerView&, const Tensor<std::int16_t>&);
template Tensor<float> max_pool(const LayerView&, const Tensor<float>&);
template Tensor<std::int8_t> average_pool(const LayerView&, const Tensor<std::int8_t>&);
template Tensor<std::int16_t> average_pool(const LayerView&, const Tensor<std::int16_t>&);
template Tensor<float> average_pool(const LayerView&, const Tensor<float>&);

}  // namespace ridgeline::reference
