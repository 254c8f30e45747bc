#include "tests/conformance/oracle.hpp"

#include <algorithm>
#include <cmath>

namespace ridgeline::onnx_tests {
namespace {

using Int = std::int64_t;

Int at(const Dims& dims, Int a, Int b, Int c, Int d) {
  return ((a * dims[1] + b) * dims[2] + c) * dims[3] + d;
}

Int outputs(Int padded, Int span, Int stride, bool ceil_mode) {
  return (padded - span + (ceil_mode ? stride - 1 : 0)) / stride + 1;
}

Array empty(Dims dims) {
  Array array{.dims = std::move(dims)};
  Int count = 1;
  for (const Int dim : array.dims) count *= dim;
  array.values.resize(static_cast<std::size_t>(count));
  return array;
}

}  // namespace

Array convolve(const Array& x, const Array& w, const std::vector<float>& bias, const Sliding& s) {
  const Int M = w.dims[0], C = w.dims[1], R = w.dims[2], S = w.dims[3];
  const Int P =
      outputs(x.dims[2] + s.top + s.bottom, (R - 1) * s.dilation_h + 1, s.stride_h, false);
  const Int Q =
      outputs(x.dims[3] + s.left + s.right, (S - 1) * s.dilation_w + 1, s.stride_w, false);
  Array y = empty({x.dims[0], M, P, Q});
  for (Int n = 0; n < x.dims[0]; ++n)
    for (Int m = 0; m < M; ++m)
      for (Int p = 0; p < P; ++p)
        for (Int q = 0; q < Q; ++q) {
          double sum = bias.empty() ? 0 : bias[static_cast<std::size_t>(m)];
          for (Int c = 0; c < C; ++c)
            for (Int r = 0; r < R; ++r)
              for (Int t = 0; t < S; ++t) {
                const Int h = p * s.stride_h - s.top + r * s.dilation_h;
                const Int v = q * s.stride_w - s.left + t * s.dilation_w;
                if (h < 0 || h >= x.dims[2] || v < 0 || v >= x.dims[3]) continue;
                const Int channel = m / (M / s.group) * C + c;
                sum += static_cast<double>(
                           x.values[static_cast<std::size_t>(at(x.dims, n, channel, h, v))]) *
                       w.values[static_cast<std::size_t>(at(w.dims, m, c, r, t))];
              }
          y.values[static_cast<std::size_t>(at(y.dims, n, m, p, q))] = static_cast<float>(sum);
        }
  return y;
}

Array pool(const Array& x, Int R, Int S, const Sliding& s) {
  const auto extent = [&](Int size, Int before, Int after, Int span, Int stride) {
    Int count = outputs(size + before + after, span, stride, s.ceil_mode);
    if (s.ceil_mode && (count - 1) * stride >= size + before) --count;
    return count;
  };
  const Int P = extent(x.dims[2], s.top, s.bottom, (R - 1) * s.dilation_h + 1, s.stride_h);
  const Int Q = extent(x.dims[3], s.left, s.right, (S - 1) * s.dilation_w + 1, s.stride_w);
  Array y = empty({x.dims[0], x.dims[1], P, Q});
  for (Int n = 0; n < x.dims[0]; ++n)
    for (Int c = 0; c < x.dims[1]; ++c)
      for (Int p = 0; p < P; ++p)
        for (Int q = 0; q < Q; ++q) {
          double sum = 0, largest = -HUGE_VAL;
          Int real = 0, with_pad = 0;
          for (Int r = 0; r < R; ++r)
            for (Int t = 0; t < S; ++t) {
              const Int h = p * s.stride_h - s.top + r * s.dilation_h;
              const Int v = q * s.stride_w - s.left + t * s.dilation_w;
              if (h < x.dims[2] + s.bottom && v < x.dims[3] + s.right) ++with_pad;
              if (h < 0 || h >= x.dims[2] || v < 0 || v >= x.dims[3]) continue;
              const double value = x.values[static_cast<std::size_t>(at(x.dims, n, c, h, v))];
              ++real;
              sum += value;
              largest = std::max(largest, value);
            }
          const double mean = sum / static_cast<double>(s.count_include_pad ? with_pad : real);
          y.values[static_cast<std::size_t>(at(y.dims, n, c, p, q))] =
              static_cast<float>(s.max ? largest : mean);
        }
  return y;
}

Array transposed(const Array& x, const std::vector<std::size_t>& order) {
  Dims dims;
  for (const std::size_t axis : order) dims.push_back(x.dims[axis]);
  Array y = empty(dims);
  std::vector<Int> index(dims.size(), 0);
  for (float& value : y.values) {
    Int from = 0;
    for (std::size_t axis = 0; axis < x.dims.size(); ++axis) {
      const auto place = static_cast<std::size_t>(std::ranges::find(order, axis) - order.begin());
      from = from * x.dims[axis] + index[place];
    }
    value = x.values[static_cast<std::size_t>(from)];
    for (std::size_t i = dims.size(); i-- > 0;) {
      if (++index[i] < dims[i]) break;
      index[i] = 0;
    }
  }
  return y;
}

}  // namespace ridgeline::onnx_tests
