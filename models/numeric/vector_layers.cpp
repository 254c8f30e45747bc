#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "models/numeric/clamp.hpp"
#include "models/numeric/lrn_softmax.hpp"
#include "models/numeric/mixed_words.hpp"
#include "models/numeric/vector_datapath.hpp"

namespace ridgeline {
namespace {

template <class T>
constexpr bool kIsReal = sizeof(T) == 4;

/// The tile's words, typed, with its ifmap block.
template <class T>
struct Typed {
  explicit Typed(const VectorTile& io)
      : layer(io.layer),
        parameters(io.parameters),
        precision(io.precision),
        tile(io.tile),
        block(ifmap_block(io.layer.shape, io.tile.p, io.tile.q)),
        input(reinterpret_cast<const T*>(io.input.data())),
        residual(reinterpret_cast<const T*>(io.residual.data())),
        output(reinterpret_cast<T*>(io.output.data())),
        words(io.output.size() / sizeof(T)) {}

  const LoweredLayer& layer;
  const LayerParameters& parameters;
  Precision precision;
  const Tile& tile;
  IfmapBlock block;
  const T* input;
  const T* residual;
  T* output;
  std::size_t words;
};

/// A word of the input as one of the output, clamped.
template <class T>
T requantized(T x, const LayerParameters& parameters, FixedPoint factor,
              const WordBounds<T>& bounds) {
  if constexpr (kIsReal<T>) {
    return bounds(x);
  } else {
    if (parameters.keeps_words()) return bounds(x);
    return bounds.narrow(scale_and_round(x - parameters.input.zero_point, factor) +
                         parameters.output.zero_point);
  }
}

template <class T>
FixedPoint rescale_factor(const LayerParameters& parameters) {
  if constexpr (kIsReal<T>) return {};
  return to_fixed_point(parameters.rescale());
}

/// Calls `visit(out, channel plane of the ifmap, rows, cols)` for every output word, with the part
/// of its window that lies in the ifmap, in coordinates of the ifmap block.
template <class T, class Visit>
void for_each_window(const Typed<T>& t, Visit visit) {
  const Window& w = t.layer.shape.window;
  const ConvShape& shape = t.layer.shape;
  T* out = t.output;
  for (int c = 0; c < t.tile.m.size(); ++c) {
    const T* plane = t.input + std::ptrdiff_t{c} * t.block.rows.size() * t.block.cols.size();
    for (int p = t.tile.p.begin; p < t.tile.p.end; ++p) {
      const Range rows = touched({p, p + 1}, w.R, w.stride[0], w.dilation[0], w.pad[0], shape.H);
      for (int q = t.tile.q.begin; q < t.tile.q.end; ++q) {
        const Range cols = touched({q, q + 1}, w.S, w.stride[1], w.dilation[1], w.pad[1], shape.W);
        *out++ = visit(plane, Range{rows.begin - t.block.rows.begin, rows.end - t.block.rows.begin},
                       Range{cols.begin - t.block.cols.begin, cols.end - t.block.cols.begin}, p, q);
      }
    }
  }
}

/// The first tap of a window that begins at `begin`, at or after coordinate 0, in steps of
/// `dilation`.
int first_tap(int begin, int dilation) {
  return begin >= 0 ? begin : begin + ceil_div(-begin, dilation) * dilation;
}

/// The largest of each window, between `bounds`.
template <class T>
void largest_of_windows(const Typed<T>& t, const WordBounds<T>& bounds) {
  const Window& w = t.layer.shape.window;
  const int width = t.block.cols.size();
  const kernel::Functions& functions = kernel::functions_for(t.precision);
  std::vector<T> columns(static_cast<std::size_t>(t.block.width), std::numeric_limits<T>::lowest());
  kernel::MaxPoolRow call{.row_step = std::ptrdiff_t{w.dilation[0]} * width,
                          .S = w.S,
                          .width = width,
                          .stride = w.stride[1],
                          .dilation = w.dilation[1],
                          .positions = t.tile.q.size(),
                          .columns = columns.data(),
                          .pad_left = t.block.pad_left};
  if constexpr (kIsReal<T>) {
    call.lowest_fp32 = bounds.lowest;
    call.highest_fp32 = bounds.highest;
  } else {
    call.lowest = bounds.lowest;
    call.highest = bounds.highest;
  }
  T* out = t.output;
  for (int c = 0; c < t.tile.m.size(); ++c) {
    const T* const plane = t.input + std::ptrdiff_t{c} * t.block.rows.size() * width;
    for (int p = t.tile.p.begin; p < t.tile.p.end; ++p, out += t.tile.q.size()) {
      const Range rows =
          touched({p, p + 1}, w.R, w.stride[0], w.dilation[0], w.pad[0], t.layer.shape.H);
      const int first = first_tap(p * w.stride[0] - w.pad[0], w.dilation[0]);
      call.rows = plane + std::ptrdiff_t{first - t.block.rows.begin} * width;
      call.R = ceil_div(rows.end - first, w.dilation[0]);
      call.out = out;
      functions.max_pool_row(call);
    }
  }
}

template <class T>
void max_pool(const Typed<T>& t) {
  const WordBounds<T> bounds = own_bounds<T>(t.layer, t.parameters);
  if (kIsReal<T> || t.parameters.keeps_words()) return largest_of_windows(t, bounds);
  largest_of_windows(t, {std::numeric_limits<T>::lowest(), std::numeric_limits<T>::max()});
  const FixedPoint factor = rescale_factor<T>(t.parameters);
  for (std::size_t i = 0; i < t.words; ++i) {
    t.output[i] = requantized(t.output[i], t.parameters, factor, bounds);
  }
}

/// Elements that an average divides by: those inside the ifmap, or inside its padding as well.
int average_count(const ConvShape& shape, bool count_pad, Range rows, Range cols, int p, int q) {
  if (!count_pad) return rows.size() * cols.size();
  const Window& w = shape.window;
  const auto padded = [](int begin, int kernel, int pad_end) {
    return std::min(begin + kernel, pad_end) - begin;
  };
  return padded(p * w.stride[0] - w.pad[0], w.R, shape.H + w.pad[2]) *
         padded(q * w.stride[1] - w.pad[1], w.S, shape.W + w.pad[3]);
}

template <class T>
void average_pool(const Typed<T>& t) {
  const bool count_pad = std::get<PoolOp>(t.layer.op).count_include_pad;
  const int width = t.block.cols.size();
  const WordBounds<T> bounds = own_bounds<T>(t.layer, t.parameters);
  int cached_count = 0;
  FixedPoint factor;
  for_each_window(t, [&](const T* plane, Range rows, Range cols, int p, int q) {
    std::conditional_t<kIsReal<T>, float, std::int64_t> sum = 0;
    for (int h = rows.begin; h < rows.end; ++h) {
      for (int x = cols.begin; x < cols.end; ++x) sum += plane[std::ptrdiff_t{h} * width + x];
    }
    const auto words = static_cast<decltype(sum)>(rows.size() * cols.size());
    sum -= words * static_cast<decltype(sum)>(t.parameters.input.zero_point);
    const int count = average_count(t.layer.shape, count_pad, rows, cols, p, q);
    if constexpr (kIsReal<T>) {
      return bounds(sum / static_cast<float>(count));
    } else {
      if (count != cached_count) {
        factor = average_factor(t.parameters, count);
        cached_count = count;
      }
      return bounds.narrow(scale_and_round(sum, factor) + t.parameters.output.zero_point);
    }
  });
}

template <class T>
void add(const Typed<T>& t) {
  const WordBounds<T> bounds = sum_bounds<T>(t.layer, t.parameters);
  for (std::size_t i = 0; i < t.words; ++i) {
    if constexpr (kIsReal<T>) {
      t.output[i] = bounds(t.input[i] + t.residual[i]);
    } else {
      const std::int64_t y =
          add_and_round(t.input[i] - t.parameters.input.zero_point,
                        t.residual[i] - t.parameters.residual.zero_point, t.parameters.add);
      t.output[i] = bounds.narrow(y + t.parameters.output.zero_point);
    }
  }
}

template <class T>
void copy(const Typed<T>& t) {
  const WordBounds<T> bounds = own_bounds<T>(t.layer, t.parameters);
  const FixedPoint factor = rescale_factor<T>(t.parameters);
  for (std::size_t i = 0; i < t.words; ++i) {
    t.output[i] = requantized(t.input[i], t.parameters, factor, bounds);
  }
}

/// Real value of a word, and the word of a real value.
template <class T>
double real_of(T x, const Quantization& q) {
  return kIsReal<T> ? static_cast<double>(x) : q.real(x);
}
template <class T>
T word_of(double y, const Quantization& q, const WordBounds<T>& bounds) {
  if constexpr (kIsReal<T>) {
    return static_cast<float>(y);
  } else {
    return bounds.narrow(round_half_up(y / q.scale) + q.zero_point);
  }
}

template <class T>
void lrn(const Typed<T>& t) {
  const LrnOp op = std::get<LrnOp>(t.layer.op);
  const Quantization& in = t.parameters.input;
  const double scale = kIsReal<T> ? 1 : in.scale;
  const WordBounds<T> bounds = own_bounds<T>(t.layer, t.parameters);
  const int channels = t.tile.m.size();
  const std::ptrdiff_t plane = std::ptrdiff_t{t.tile.p.size()} * t.tile.q.size();
  for (int c = 0; c < channels; ++c) {
    const int first = std::max(0, c - (op.size - 1) / 2);
    const int last = std::min(channels - 1, c + op.size / 2);
    for (std::ptrdiff_t i = 0; i < plane; ++i) {
      std::conditional_t<kIsReal<T>, double, std::int64_t> squares = 0;
      for (int other = first; other <= last; ++other) {
        const auto x = static_cast<decltype(squares)>(t.input[other * plane + i]) -
                       static_cast<decltype(squares)>(in.zero_point);
        squares += x * x;
      }
      const double y = lrn_element(real_of(t.input[c * plane + i], in),
                                   static_cast<double>(squares) * scale * scale, op.size,
                                   static_cast<double>(op.alpha), static_cast<double>(op.beta),
                                   static_cast<double>(op.k));
      t.output[c * plane + i] = word_of<T>(y, t.parameters.output, bounds);
    }
  }
}

template <class T>
void softmax(const Typed<T>& t) {
  const Quantization& in = t.parameters.input;
  const WordBounds<T> bounds = own_bounds<T>(t.layer, t.parameters);
  const int channels = t.tile.m.size();
  const std::ptrdiff_t plane = std::ptrdiff_t{t.tile.p.size()} * t.tile.q.size();
  std::vector<double> terms(static_cast<std::size_t>(channels));
  for (std::ptrdiff_t i = 0; i < plane; ++i) {
    double largest = -std::numeric_limits<double>::infinity();
    for (int c = 0; c < channels; ++c) {
      largest = std::max(largest, real_of(t.input[c * plane + i], in));
    }
    double sum = 0;
    for (int c = 0; c < channels; ++c) {
      double& term = terms[static_cast<std::size_t>(c)];
      term = softmax_term(real_of(t.input[c * plane + i], in), largest);
      sum += term;
    }
    for (int c = 0; c < channels; ++c) {
      t.output[c * plane + i] =
          word_of<T>(terms[static_cast<std::size_t>(c)] / sum, t.parameters.output, bounds);
    }
  }
}

template <class T>
void compute(const Typed<T>& t) {
  switch (t.layer.kind) {
    case LayerKind::max_pool:
      return max_pool(t);
    case LayerKind::average_pool:
      return average_pool(t);
    case LayerKind::add:
      return add(t);
    case LayerKind::copy:
      return copy(t);
    case LayerKind::lrn:
      return lrn(t);
    case LayerKind::softmax:
      return softmax(t);
    case LayerKind::conv:
    case LayerKind::fully_connected:
      break;
  }
  assert(false && "a layer of the array reached the vector unit");
}

}  // namespace

void compute_vector_tile(const VectorTile& io) {
  if (io.precision.is_mixed()) return compute_mixed_tile(io);
  switch (io.precision.own) {
    case Precision::int8:
      return compute(Typed<std::int8_t>(io));
    case Precision::int16:
      return compute(Typed<std::int16_t>(io));
    case Precision::fp32:
      return compute(Typed<float>(io));
  }
}

}  // namespace ridgeline
