#include "models/numeric/zero_counts.hpp"

#include <algorithm>
#include <cassert>

#include "models/numeric/run_length_code.hpp"

namespace ridgeline {
namespace {

/// Words that equal `value`. Bytes are compared side by side, so many at a time that a byte can
/// count them: a quarter of the instructions of std::count.
template <class T>
std::int64_t count_equal(std::span<const T> words, T value) {
  constexpr std::size_t kBlock = 240;
  std::int64_t count = 0;
  std::size_t at = 0;
  for (; at + kBlock <= words.size(); at += kBlock) {
    std::uint8_t some = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
      some = static_cast<std::uint8_t>(some + (words[at + i] == value ? 1 : 0));
    }
    count += some;
  }
  return count + std::ranges::count(words.subspan(at), value);
}

/// How the taps of one axis meet the ifmap.
struct Axis {
  int kernel = 1, stride = 1, dilation = 1, pad = 0;
  int extent = 1;  ///< of the ifmap
  int outs = 1;    ///< windows
};

/// Sums of every stride-th value, for each tap over those that the windows meet. The sums of the
/// values before are made once: a tap's sum is a difference of two of them, whatever the stride.
class TapSums {
 public:
  explicit TapSums(const Axis& axis)
      : axis_(axis), before_(static_cast<std::size_t>(axis.extent + axis.stride)) {}

  /// Calls put(tap, sum) for each tap over value(0), ..., value(extent - 1).
  template <class Value, class Put>
  void operator()(Value&& value, Put&& put) {
    for (int at = 0; at < axis_.extent; ++at) {
      slot(at + axis_.stride) = slot(at) + value(at);
    }
    for (int tap = 0; tap < axis_.kernel; ++tap) {
      const int begin = tap * axis_.dilation - axis_.pad;  // what window 0 meets
      const int end = begin + axis_.outs * axis_.stride;   // where a window too many would begin
      put(tap, slot(inside(end, begin)) - slot(inside(begin, begin)));
    }
  }

 private:
  std::int64_t& slot(int at) { return before_[static_cast<std::size_t>(at)]; }
  /// `at`, or where the same values have been summed up: 0 for none, or the first of begin, begin +
  /// stride, ... behind the ifmap for all.
  [[nodiscard]] int inside(int at, int begin) const {
    const int step = axis_.stride;
    const int phase = ((begin % step) + step) % step;
    const int behind = axis_.extent <= phase ? phase : phase + round_up(axis_.extent - phase, step);
    return std::clamp(at, 0, behind);
  }

  Axis axis_;
  std::vector<std::int64_t> before_;  // [i + stride]: sum of values i, i - stride, ...
};

Axis rows_of(const ConvShape& s) {
  return {s.R(), s.window.stride[0], s.window.dilation[0], s.window.pad[0], s.H, s.P()};
}
Axis cols_of(const ConvShape& s) {
  return {s.S(), s.window.stride[1], s.window.dilation[1], s.window.pad[1], s.W, s.Q()};
}

bool is_pointwise(const ConvShape& s) {
  const Window plain;
  return s.window == plain;
}

/// Adds to taps[r * S + s] the non-zero words of one plane that each tap meets.
template <class T>
class PlaneCounter {
 public:
  explicit PlaneCounter(const ConvShape& shape)
      : shape_(shape),
        rows_(rows_of(shape)),
        cols_(cols_of(shape)),
        met_(static_cast<std::size_t>(shape.S()) * static_cast<std::size_t>(shape.H)) {}

  void operator()(const T* plane, T zero, std::int64_t* taps) {
    const auto words = static_cast<std::size_t>(shape_.H) * static_cast<std::size_t>(shape_.W);
    if (is_pointwise(shape_)) {
      taps[0] += static_cast<std::int64_t>(words) - count_equal(std::span(plane, words), zero);
      return;
    }
    const auto H = static_cast<std::size_t>(shape_.H);
    for (int h = 0; h < shape_.H; ++h, plane += shape_.W) {
      cols_([&](int w) { return plane[w] == zero ? 0 : 1; },
            [&](int s, std::int64_t sum) {
              met_[static_cast<std::size_t>(s) * H + static_cast<std::size_t>(h)] = sum;
            });
    }
    for (int s = 0; s < shape_.S(); ++s) {
      const std::int64_t* column = met_.data() + static_cast<std::size_t>(s) * H;
      rows_([&](int h) { return column[h]; },
            [&](int r, std::int64_t sum) { taps[r * shape_.S() + s] += sum; });
    }
  }

 private:
  const ConvShape& shape_;
  TapSums rows_, cols_;
  std::vector<std::int64_t> met_;  // [s][h]
};

/// Positions at which each c, r, s of all channels meets a word that is not zero.
template <class T>
std::vector<std::int64_t> busy_positions(const ConvShape& shape, const Tensor<T>& ifmap, T zero) {
  const auto taps = static_cast<std::size_t>(shape.R() * shape.S());
  std::vector<std::int64_t> busy(static_cast<std::size_t>(shape.C) * taps);
  PlaneCounter<T> count(shape);
  const T* plane = ifmap.data.data();
  for (int n = 0; n < shape.N; ++n) {
    for (std::size_t c = 0; c < static_cast<std::size_t>(shape.C); ++c) {
      count(plane, zero, busy.data() + c * taps);
      plane += std::int64_t{shape.H} * shape.W;
    }
  }
  return busy;
}

/// Zero weights of each c, r, s of all channels, over the filters of its group.
template <class T>
std::vector<std::int32_t> idle_filters(const ConvShape& shape, const Tensor<T>& filters,
                                       const OperandZeros& zeros) {
  const auto depth = static_cast<std::size_t>(shape.filter_elements() / shape.M);
  std::vector<std::int32_t> idle(depth * static_cast<std::size_t>(shape.G));
  const T* filter = filters.data.data();
  for (int m = 0; m < shape.M; ++m, filter += depth) {
    const auto zero = static_cast<T>(zeros.of_filter(static_cast<std::size_t>(m)));
    std::int32_t* sums = idle.data() + static_cast<std::size_t>(m / shape.M_per_group()) * depth;
    for (std::size_t i = 0; i < depth; ++i) sums[i] += filter[i] == zero ? 1 : 0;
  }
  return idle;
}

template <class Word, class Weight>
OperandZeroCounts count_zeros_of(const ConvShape& shape, const Tensor<Word>& ifmap,
                                 const Tensor<Weight>& filters, const OperandZeros& zeros) {
  assert(static_cast<std::int64_t>(ifmap.data.size()) == shape.ifmap().elements());
  const auto busy = busy_positions(shape, ifmap, static_cast<Word>(zeros.ifmap));
  const auto idle = idle_filters(shape, filters, zeros);
  const std::int64_t positions = std::int64_t{shape.N} * shape.P() * shape.Q();
  OperandZeroCounts counts{.weights = shape.filter_elements()};
  for (std::size_t i = 0; i < busy.size(); ++i) {
    counts.zero_weights += idle[i];
    counts.macs_zero_activation += (positions - busy[i]) * shape.M_per_group();
    counts.macs_zero_either +=
        positions * shape.M_per_group() - busy[i] * (shape.M_per_group() - idle[i]);
  }
  counts.macs_zero_weight = counts.zero_weights * positions;
  return counts;
}

const AnyTensor& tensor_of(std::span<const AnyTensor> tensors, TensorId id) {
  return tensors[static_cast<std::size_t>(id)];
}

}  // namespace

std::int64_t count_zero_words(const AnyTensor& tensor, std::int32_t zero_point) {
  return std::visit(
      [&]<class T>(const Tensor<T>& words) -> std::int64_t {
        return count_equal(std::span<const T>(words.data), static_cast<T>(zero_point));
      },
      tensor);
}

OperandZeroCounts count_zero_operands(const ConvShape& shape, const AnyTensor& ifmap,
                                      const AnyTensor& filters, const OperandZeros& zeros) {
  return std::visit(
      [&](const auto& words, const auto& weights) {
        return count_zeros_of(shape, words, weights, zeros);
      },
      ifmap, filters);
}

NetworkZeros measured_zeros(const Workload& workload, std::span<const AnyTensor> tensors,
                            bool coded) {
  const LoweredNetwork& network = workload.lowered;
  NetworkZeros zeros{.source = ZerosSource::measured,
                     .maps = std::vector<MapZeros>(network.tensors.size())};
  const auto zero_point = [&](std::size_t id) { return workload.quantizations[id].zero_point; };
  for (std::size_t id = 0; id < network.tensors.size(); ++id) {
    zeros.maps[id].zero_words = count_zero_words(tensors[id], zero_point(id));
    const auto storage = static_cast<std::size_t>(network.tensors[id].storage);
    if (coded && storage == id)
      zeros.maps[id].coded_ratio = measured_coded_ratio(tensors[id], zero_point(id));
  }
  for (std::size_t id = 0; id < network.tensors.size(); ++id) {
    zeros.maps[id].coded_ratio =
        zeros.maps[static_cast<std::size_t>(network.tensors[id].storage)].coded_ratio;
  }
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const LoweredLayer& layer = network.layers[i];
    const LayerParameters& parameters = workload.layers[i];
    zeros.layers.push_back(runs_on_array(layer.kind)
                               ? count_zero_operands(layer.shape, tensor_of(tensors, layer.input),
                                                     parameters.filters, operand_zeros(parameters))
                               : OperandZeroCounts{});
  }
  return zeros;
}

}  // namespace ridgeline
