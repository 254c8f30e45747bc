#include "models/numeric/weights.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

#include "models/network/layer_precision.hpp"
#include "models/numeric/fixed_words.hpp"
#include "models/numeric/random.hpp"
#include "models/numeric/requantize.hpp"
#include "models/numeric/trained_weights.hpp"
#include "models/numeric/workload.hpp"

namespace ridgeline {
namespace {

constexpr std::size_t kWordsAtOnce = std::size_t{1} << 20;

std::size_t words_of_filter(const ConvShape& shape) {
  return static_cast<std::size_t>(shape.filter_elements() / shape.M);
}

/// @param place of the layer, see place_without_copies()
void fill_raw_filter(const LoweredLayer& layer, std::size_t place, std::uint64_t seed, int m,
                     std::span<float> filter) {
  if (layer.batch_norm == layer.node) {
    std::fill(filter.begin(), filter.end(), 1.0F);
    return;
  }
  const double deviation = std::sqrt(2 / static_cast<double>(filter.size()));
  fill_normal(sequence_key(seed, Purpose::weights, place, static_cast<std::uint64_t>(m)),
              static_cast<float>(deviation), filter);
}

template <class T>
void scale_words(std::span<const float> raw, double factor, T* words) {
  constexpr int kOffset = 1 << 15;  // makes the sum positive, so that truncation rounds down
  for (std::size_t i = 0; i < raw.size(); ++i) {
    words[i] = static_cast<T>(static_cast<int>(raw[i] * factor + (kOffset + 0.5)) - kOffset);
  }
}

/// Returns the real value of one unit of the words.
template <class T>
double quantize_filter(std::span<const float> raw, T* words) {
  const double largest = largest_magnitude(raw);
  if (largest == 0) {
    std::fill_n(words, raw.size(), T{});
    return 0;
  }
  scale_words(raw, static_cast<double>(kWordMax<T>) / largest, words);
  return largest / static_cast<double>(kWordMax<T>);
}

template <class T>
std::vector<std::int32_t> count_zeros(const Tensor<T>& filters, const OperandZeros& points) {
  const int taps = filters.shape.H * filters.shape.W;
  const auto channels = static_cast<std::size_t>(filters.shape.C);
  std::vector<std::int32_t> zeros(filters.data.size() / static_cast<std::size_t>(taps));
  const T* word = filters.data.data();
  for (std::size_t at = 0; at < zeros.size(); ++at) {
    const auto zero = static_cast<T>(points.of_filter(at / channels));
    for (int i = 0; i < taps; ++i) zeros[at] += *word++ == zero ? 1 : 0;
  }
  return zeros;
}

}  // namespace

// Magnitudes are compared as integers, whose maximum vectorises: floats that are not negative are
// in the order of their bits.
float largest_magnitude(std::span<const float> values) {
  std::int32_t largest = 0;
  for (const float value : values) {
    largest = std::max(largest, std::bit_cast<std::int32_t>(value) & 0x7FFFFFFF);
  }
  return std::bit_cast<float>(largest);
}

std::vector<Range> filter_blocks(const ConvShape& shape) {
  if (shape.G > 1) return {{0, shape.M}};
  constexpr int kStep = 8;  // filters that the convolution takes side by side
  const auto fitting = static_cast<int>(kWordsAtOnce / words_of_filter(shape));
  const int size = std::max(kStep, fitting / kStep * kStep);
  std::vector<Range> blocks;
  for (int i = 0; i < ceil_div(shape.M, size); ++i) blocks.push_back(block_of(i, size, shape.M));
  return blocks;
}

Tensor<float> raw_filters(const LoweredNetwork& lowered, std::size_t index, std::uint64_t seed,
                          Range block) {
  const LoweredLayer& layer = lowered.layers[index];
  const ConvShape& shape = layer.shape;
  const std::size_t words = words_of_filter(shape), place = place_without_copies(lowered, index);
  Tensor<float> filters({block.size(), shape.C_per_group(), shape.R(), shape.S()});
  std::span<float> rest(filters.data);
  for (int m = block.begin; m < block.end; ++m, rest = rest.subspan(words)) {
    fill_raw_filter(layer, place, seed, m, rest.first(words));
  }
  return filters;
}

Tensor<float> raw_filters(const LoweredNetwork& lowered, std::size_t index,
                          const WorkloadRequest& request, Range block) {
  return request.weights ? trained_filters(lowered, index, *request.weights, block)
                         : raw_filters(lowered, index, request.seed, block);
}

AnyTensor make_filter_tensor(const ConvShape& shape, Precision precision) {
  return make_tensor(precision, {shape.M, shape.C_per_group(), shape.R(), shape.S()});
}

void store_filters(const Tensor<float>& raw, int first, AnyTensor& filters,
                   std::vector<double>& scales) {
  const std::size_t words = raw.data.size() / static_cast<std::size_t>(raw.shape.N);
  std::visit(
      [&]<class T>(Tensor<T>& out) {
        T* to = out.data.data() + static_cast<std::size_t>(first) * words;
        for (std::size_t at = 0; at < raw.data.size(); at += words) {
          const auto filter = std::span(raw.data).subspan(at, words);
          if constexpr (std::is_same_v<T, float>) {
            std::copy(filter.begin(), filter.end(), to + at);
            scales.push_back(1);
          } else {
            scales.push_back(quantize_filter(filter, to + at));
          }
        }
      },
      filters);
}

void store_scaled_filters(const Tensor<float>& raw, int first, std::span<const double> factors,
                          double scale, AnyTensor& filters) {
  const std::size_t words = raw.data.size() / static_cast<std::size_t>(raw.shape.N);
  std::visit(
      [&]<class T>(Tensor<T>& out) {
        if constexpr (!std::is_same_v<T, float>) {
          auto m = static_cast<std::size_t>(first);
          T* to = out.data.data() + m * words;
          for (std::size_t at = 0; at < raw.data.size(); at += words, ++m)
            scale_words(std::span(raw.data).subspan(at, words), factors[m] / scale, to + at);
        }
      },
      filters);
}

AnyTensor make_filters(const LoweredNetwork& lowered, std::size_t index,
                       const WorkloadRequest& request) {
  assert(runs_on_array(lowered.layers[index].kind));
  const ConvShape& shape = lowered.layers[index].shape;
  const LoweredLayer& layer = lowered.layers[index];
  AnyTensor filters = make_filter_tensor(shape, layer_precision(lowered, layer, request.precision));
  if (const FixedWords* words = fixed_filters(lowered, index, request)) {
    std::get<Tensor<std::int8_t>>(filters).data = words->filters;
    return filters;
  }
  std::vector<double> scales;
  for (const Range block : filter_blocks(shape)) {
    store_filters(raw_filters(lowered, index, request, block), block.begin, filters, scales);
  }
  return filters;
}

std::vector<std::int32_t> count_zero_weights(const AnyTensor& filters, const OperandZeros& zeros) {
  return std::visit([&](const auto& tensor) { return count_zeros(tensor, zeros); }, filters);
}

std::vector<std::int32_t> count_zero_weights(const LoweredNetwork& lowered, std::size_t index,
                                             const WorkloadRequest& request) {
  OperandZeros zeros;
  if (const FixedWords* words = fixed_filters(lowered, index, request))
    zeros.filters = words->filter_zeros;
  return count_zero_weights(make_filters(lowered, index, request), zeros);
}

}  // namespace ridgeline
