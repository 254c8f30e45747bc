#include "models/numeric/weights.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

#include "models/numeric/random.hpp"
#include "models/numeric/requantize.hpp"
#include "models/numeric/workload.hpp"

namespace ridgeline {
namespace {

/// Shape of the filters: M, C/G, R, S.
TensorShape filter_shape(const ConvShape& shape) {
  return {shape.M, shape.C_per_group(), shape.R(), shape.S()};
}

std::size_t words_of_filter(const ConvShape& shape) {
  return static_cast<std::size_t>(shape.filter_elements() / shape.M);
}

void fill_raw_filter(const LoweredNetwork& lowered, std::size_t index, std::uint64_t seed, int m,
                     std::span<float> filter) {
  const LoweredLayer& layer = lowered.layers[index];
  if (layer.batch_norm == layer.node) {
    std::fill(filter.begin(), filter.end(), 1.0F);
    return;
  }
  const double deviation = std::sqrt(2 / static_cast<double>(filter.size()));
  fill_normal(sequence_key(seed, Purpose::weights, index, static_cast<std::uint64_t>(m)),
              static_cast<float>(deviation), filter);
}

/// Magnitudes are compared as integers, whose maximum vectorises: floats that are not negative are
/// in the order of their bits.
float largest_magnitude(std::span<const float> values) {
  std::int32_t largest = 0;
  for (const float value : values) {
    largest = std::max(largest, std::bit_cast<std::int32_t>(value) & 0x7FFFFFFF);
  }
  return std::bit_cast<float>(largest);
}

/// Returns the real value of one unit of the words.
template <class T>
double quantize_filter(std::span<const float> raw, T* words) {
  const double largest = largest_magnitude(raw);
  assert(largest > 0);
  const double factor = static_cast<double>(kWordMax<T>) / largest;
  constexpr int kOffset = 1 << 15;  // makes the sum positive, so that truncation rounds down
  for (std::size_t i = 0; i < raw.size(); ++i) {
    words[i] = static_cast<T>(static_cast<int>(raw[i] * factor + (kOffset + 0.5)) - kOffset);
  }
  return largest / static_cast<double>(kWordMax<T>);
}

template <class T>
std::vector<std::int32_t> count_zeros(const Tensor<T>& filters) {
  const int taps = filters.shape.H * filters.shape.W;
  std::vector<std::int32_t> zeros(filters.data.size() / static_cast<std::size_t>(taps));
  const T* word = filters.data.data();
  for (std::int32_t& count : zeros) {
    for (int i = 0; i < taps; ++i) count += *word++ == T{} ? 1 : 0;
  }
  return zeros;
}

}  // namespace

Tensor<float> raw_filters(const LoweredNetwork& lowered, std::size_t index, std::uint64_t seed) {
  const ConvShape& shape = lowered.layers[index].shape;
  const std::size_t words = words_of_filter(shape);
  Tensor<float> filters(filter_shape(shape));
  for (int m = 0; m < shape.M; ++m) {
    fill_raw_filter(lowered, index, seed, m,
                    std::span(filters.data).subspan(static_cast<std::size_t>(m) * words, words));
  }
  return filters;
}

QuantizedFilters quantize_filters(const Tensor<float>& raw, Precision precision) {
  QuantizedFilters result{.words = make_tensor(precision, raw.shape), .scales = {}};
  const std::size_t words = raw.data.size() / static_cast<std::size_t>(raw.shape.N);
  std::visit(
      [&]<class T>(Tensor<T>& out) {
        if constexpr (!std::is_same_v<T, float>) {
          for (std::size_t at = 0; at < raw.data.size(); at += words) {
            result.scales.push_back(
                quantize_filter(std::span(raw.data).subspan(at, words), out.data.data() + at));
          }
        }
      },
      result.words);
  assert(!result.scales.empty());
  return result;
}

AnyTensor make_filters(const LoweredNetwork& lowered, std::size_t index, Precision precision,
                       std::uint64_t seed) {
  assert(runs_on_array(lowered.layers[index].kind));
  if (precision == Precision::fp32) return raw_filters(lowered, index, seed);
  const ConvShape& shape = lowered.layers[index].shape;
  AnyTensor filters = make_tensor(precision, filter_shape(shape));
  std::visit(
      [&]<class T>(Tensor<T>& out) {
        if constexpr (!std::is_same_v<T, float>) {
          std::vector<float> raw(words_of_filter(shape));  // one at a time stays in the cache
          for (int m = 0; m < shape.M; ++m) {
            fill_raw_filter(lowered, index, seed, m, raw);
            quantize_filter<T>(raw, out.data.data() + static_cast<std::size_t>(m) * raw.size());
          }
        }
      },
      filters);
  return filters;
}

std::vector<std::int32_t> count_zero_weights(const AnyTensor& filters) {
  return std::visit([](const auto& tensor) { return count_zeros(tensor); }, filters);
}

}  // namespace ridgeline
