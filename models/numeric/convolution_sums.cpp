#include "models/numeric/convolution_sums.hpp"

#include <algorithm>
#include <cassert>

namespace ridgeline::reference {
namespace {

constexpr int kTapsAtOnce = 192;  ///< a chunk of columns fits the level 1 cache

/// The ifmap less its zero point, with its border of zeros, N C Hp Wp, in the accumulator's type.
template <class T>
struct PaddedIfmap {
  std::size_t width = 0, plane = 0, image = 0;  ///< elements of a row, a channel, a batch entry
  std::vector<T> data;
};

template <class T, class Word>
PaddedIfmap<T> pad(const ConvShape& shape, std::span<const Word> ifmap, T zero) {
  const auto& [top, left, bottom, right] = shape.window.pad;
  PaddedIfmap<T> padded;
  padded.width = static_cast<std::size_t>(shape.W + left + right);
  padded.plane = padded.width * static_cast<std::size_t>(shape.H + top + bottom);
  padded.image = padded.plane * static_cast<std::size_t>(shape.C);
  padded.data.resize(padded.image * static_cast<std::size_t>(shape.N));
  const Word* from = ifmap.data();
  for (int nc = 0; nc < shape.N * shape.C; ++nc) {
    T* to = padded.data.data() + static_cast<std::size_t>(nc) * padded.plane +
            static_cast<std::size_t>(top) * padded.width + left;
    for (int h = 0; h < shape.H; ++h, from += shape.W, to += padded.width) {
      for (int w = 0; w < shape.W; ++w) to[w] = static_cast<T>(from[w]) - zero;
    }
  }
  return padded;
}

/// Neighbouring positions of one output row: where they begin among the columns and where tap
/// (0, 0, 0) of the first one lies in the padded ifmap.
struct Run {
  int column = 0, length = 0;
  std::size_t origin = 0;
};

template <class T>
std::vector<Run> runs_of(const ConvShape& shape, const PaddedIfmap<T>& padded, Range positions) {
  std::vector<Run> runs;
  const int P = shape.P(), Q = shape.Q();
  for (int j = positions.begin; j < positions.end;) {
    const int n = j / (P * Q), p = j / Q % P, q = j % Q;
    const int length = std::min(Q - q, positions.end - j);
    const std::size_t h = static_cast<std::size_t>(p) * shape.window.stride[0];
    const std::size_t w = static_cast<std::size_t>(q) * shape.window.stride[1];
    runs.push_back({j - positions.begin, length,
                    static_cast<std::size_t>(n) * padded.image + h * padded.width + w});
    j += length;
  }
  return runs;
}

template <class T>
std::vector<std::size_t> tap_offsets(const ConvShape& shape, const PaddedIfmap<T>& padded) {
  std::vector<std::size_t> offsets;
  for (int c = 0; c < shape.C_per_group(); ++c) {
    for (int r = 0; r < shape.R(); ++r) {
      for (int s = 0; s < shape.S(); ++s) {
        const std::size_t h = static_cast<std::size_t>(r) * shape.window.dilation[0];
        const std::size_t w = static_cast<std::size_t>(s) * shape.window.dilation[1];
        offsets.push_back(static_cast<std::size_t>(c) * padded.plane + h * padded.width + w);
      }
    }
  }
  return offsets;
}

/// columns[tap][position] = the ifmap element that this tap of this position meets.
template <class T>
void gather(std::span<const std::size_t> taps, std::span<const Run> runs, const T* ifmap,
            int stride, T* columns, std::size_t column_stride) {
  for (std::size_t tap = 0; tap < taps.size(); ++tap, columns += column_stride) {
    for (const Run& run : runs) {
      const T* from = ifmap + taps[tap] + run.origin;
      T* to = columns + run.column;
      if (stride == 1) {
        for (int i = 0; i < run.length; ++i) to[i] = from[i];
      } else {
        for (int i = 0; i < run.length; ++i) to[i] = from[static_cast<std::ptrdiff_t>(i) * stride];
      }
    }
  }
}

/// Memory that begins on a boundary of cache lines.
template <class T>
struct alignas(64) Line {
  T values[64 / sizeof(T)]{};
};

/// The convolution of one group: chunk by chunk of the taps, tile by tile of the positions.
template <class T, class Word>
class GroupProduct {
 public:
  GroupProduct(const ConvShape& shape, const PaddedIfmap<T>& padded, const OperandZeros& zeros,
               Simd simd)
      : shape_(shape),
        padded_(padded),
        zeros_(zeros),
        taps_(tap_offsets(shape, padded)),
        add_piece_(piece_function<T>(simd)),
        columns_(static_cast<std::size_t>(kTapsAtOnce) * kLines) {}

  /// `ifmap` begins at the group's first channel of the padded ifmap.
  void add_to(Sums<T>& sums, int first_filter, const T* ifmap, const Word* filters) {
    const int K = static_cast<int>(taps_.size());
    for (int i = 0; i < ceil_div(K, kTapsAtOnce); ++i) {
      const Range chunk = block_of(i, kTapsAtOnce, K);
      convert_filters(chunk, first_filter, filters);
      const int positions = static_cast<int>(sums.positions);
      for (int j = 0; j < ceil_div(positions, kWidth); ++j) {
        const Range tile = block_of(j, kWidth, positions);
        gather<T>(std::span(taps_).subspan(chunk.begin, chunk.size()),
                  runs_of(shape_, padded_, tile), ifmap, shape_.window.stride[1], columns(),
                  kWidth);
        add_piece_({.first = i == 0,
                    .rows = shape_.M_per_group(),
                    .taps = chunk.size(),
                    .width = round_up(tile.size(), kLanes<T>),
                    .filters = filters_.data(),
                    .columns = columns(),
                    .sums = sums.data.get() + first_filter * sums.stride + tile.begin,
                    .column_stride = kWidth,
                    .sum_stride = sums.stride});
      }
    }
  }

 private:
  static constexpr int kLines = 3;  ///< cache lines of positions in a tile
  static constexpr int kWidth = kLines * kLanes<T>;

  [[nodiscard]] T* columns() { return columns_.front().values; }

  void convert_filters(Range chunk, int first_filter, const Word* filters) {
    filters_.clear();
    for (int m = 0; m < shape_.M_per_group(); ++m, filters += taps_.size()) {
      filters_.insert(filters_.end(), filters + chunk.begin, filters + chunk.end);
      const std::int32_t zero = zeros_.of_filter(static_cast<std::size_t>(first_filter + m));
      if (zero == 0) continue;
      for (auto weight = filters_.end() - chunk.size(); weight != filters_.end(); ++weight)
        *weight -= static_cast<T>(zero);
    }
  }

  const ConvShape& shape_;
  const PaddedIfmap<T>& padded_;
  const OperandZeros& zeros_;
  std::vector<std::size_t> taps_;
  void (*add_piece_)(const Piece<T>&);
  std::vector<Line<T>> columns_;
  std::vector<T> filters_;  ///< [M/G][chunk]
};

template <class T, class Word>
Sums<T> sums_in(const ConvShape& shape, std::span<const Word> ifmap, std::span<const Word> filters,
                Simd simd, const OperandZeros& zeros) {
  const int positions = shape.N * shape.P() * shape.Q();
  Sums<T> sums;
  sums.positions = static_cast<std::size_t>(positions);
  sums.stride = static_cast<std::size_t>(round_up(positions, kLanes<T>));
  sums.data = std::make_unique_for_overwrite<T[]>(sums.stride * static_cast<std::size_t>(shape.M));

  const PaddedIfmap<T> padded = pad<T>(shape, ifmap, static_cast<T>(zeros.ifmap));
  GroupProduct<T, Word> product(shape, padded, zeros, simd);
  const std::size_t filters_of_group = filters.size() / static_cast<std::size_t>(shape.G);
  const std::size_t ifmap_of_group = padded.plane * static_cast<std::size_t>(shape.C_per_group());
  for (int g = 0; g < shape.G; ++g) {
    product.add_to(sums, g * shape.M_per_group(), padded.data.data() + g * ifmap_of_group,
                   filters.data() + g * filters_of_group);
  }
  return sums;
}

/// Products of int16 words less their zero points are below 2^32; so many of them are whole numbers
/// that double holds exactly, and no vector instruction multiplies 64-bit integers as fast.
constexpr std::int64_t kTapsInDouble = std::int64_t{1} << 20;

Sums<std::int64_t> as_integers(const Sums<double>& from, int filters) {
  Sums<std::int64_t> to{.positions = from.positions, .stride = from.stride, .data = nullptr};
  to.data =
      std::make_unique_for_overwrite<std::int64_t[]>(to.stride * static_cast<std::size_t>(filters));
  for (int m = 0; m < filters; ++m) {
    const std::span<const double> sums = from.of_filter(m);
    std::int64_t* const out = to.data.get() + static_cast<std::size_t>(m) * to.stride;
    std::ranges::transform(sums, out, [](double sum) { return static_cast<std::int64_t>(sum); });
  }
  return to;
}

}  // namespace

template <class Word>
Sums<AccumulatorOf<Word>> convolution_sums(const ConvShape& shape, std::span<const Word> ifmap,
                                           std::span<const Word> filters, Simd simd,
                                           const OperandZeros& zeros) {
  assert(static_cast<std::int64_t>(ifmap.size()) == shape.ifmap().elements());
  assert(static_cast<std::int64_t>(filters.size()) == shape.filter_elements());
  if constexpr (std::is_same_v<Word, std::int16_t>) {
    if (shape.filter_elements() / shape.M <= kTapsInDouble) {
      return as_integers(sums_in<double>(shape, ifmap, filters, simd, zeros), shape.M);
    }
  }
  return sums_in<AccumulatorOf<Word>>(shape, ifmap, filters, simd, zeros);
}

template Sums<float> convolution_sums(const ConvShape&, std::span<const float>,
                                      std::span<const float>, Simd, const OperandZeros&);
template Sums<std::int32_t> convolution_sums(const ConvShape&, std::span<const std::int8_t>,
                                             std::span<const std::int8_t>, Simd,
                                             const OperandZeros&);
template Sums<std::int64_t> convolution_sums(const ConvShape&, std::span<const std::int16_t>,
                                             std::span<const std::int16_t>, Simd,
                                             const OperandZeros&);

}  // namespace ridgeline::reference
