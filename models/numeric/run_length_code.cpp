#include "models/numeric/run_length_code.hpp"

#include <algorithm>
#include <bit>
#include <type_traits>

namespace ridgeline {
namespace {

constexpr int kRunBits = 5;
constexpr int kLongestRun = (1 << kRunBits) - 1;
constexpr int kPairs = 3;

/// Bits of a word, and a zero's.
template <class T>
using Bits = std::conditional_t<sizeof(T) == 1, std::uint8_t,
                                std::conditional_t<sizeof(T) == 2, std::uint16_t, std::uint32_t>>;

template <class T>
Bits<T> zero_bits(std::int32_t zero_point) {
  return std::bit_cast<Bits<T>>(static_cast<T>(zero_point));
}

template <class T>
constexpr int kPairBits = kRunBits + 8 * static_cast<int>(sizeof(T));
template <class T>
constexpr std::int64_t kCodeBytes = (kPairs * kPairBits<T> + 1) / 8;

/// Calls put(run, bits of the word) for each pair.
template <class T, class Put>
void each_pair(const Tensor<T>& tensor, std::int32_t zero_point, Put&& put) {
  const Bits<T> zero = zero_bits<T>(zero_point);
  int run = 0;
  const std::size_t last = tensor.data.size() - 1;
  for (std::size_t i = 0; i < tensor.data.size(); ++i) {
    const auto word = std::bit_cast<Bits<T>>(tensor.data[i]);
    if (word == zero && run < kLongestRun && i != last) {
      ++run;
    } else {
      put(run, word);
      run = 0;
    }
  }
}

/// Bits of a string of bytes, the lowest of each first.
void put_bits(std::span<std::byte> bytes, std::int64_t at, std::uint64_t value, int count) {
  for (int i = 0; i < count; ++i, ++at) {
    if ((value >> i & 1) == 0) continue;
    bytes[static_cast<std::size_t>(at / 8)] |= std::byte{1} << (at % 8);
  }
}
std::uint64_t get_bits(std::span<const std::byte> bytes, std::int64_t at, int count) {
  std::uint64_t value = 0;
  for (int i = 0; i < count; ++i, ++at) {
    const std::byte byte = bytes[static_cast<std::size_t>(at / 8)];
    value |= std::uint64_t{std::to_integer<unsigned>(byte >> (at % 8)) & 1U} << i;
  }
  return value;
}

/// Where pair number `index` begins.
template <class T>
std::int64_t bit_of_pair(std::int64_t index) {
  return index / kPairs * kCodeBytes<T> * 8 + index % kPairs * kPairBits<T>;
}

template <class T>
std::int64_t count_pairs(const Tensor<T>& tensor, std::int32_t zero_point) {
  std::int64_t pairs = 0;
  each_pair(tensor, zero_point, [&](int, Bits<T>) { ++pairs; });
  return pairs;
}

template <class T>
std::vector<std::byte> encode(const Tensor<T>& tensor, std::int32_t zero_point) {
  const std::int64_t codes = ceil_div(count_pairs(tensor, zero_point), std::int64_t{kPairs});
  std::vector<std::byte> bytes(static_cast<std::size_t>(codes * kCodeBytes<T>));
  std::int64_t index = 0;
  each_pair(tensor, zero_point, [&](int run, Bits<T> word) {
    const std::int64_t at = bit_of_pair<T>(index++);
    put_bits(bytes, at, static_cast<std::uint64_t>(run), kRunBits);
    put_bits(bytes, at + kRunBits, word, kPairBits<T> - kRunBits);
  });
  if (!bytes.empty()) bytes.back() |= std::byte{0x80};
  return bytes;
}

/// Whether every code but the last says that others follow, and nothing lies behind `pairs`.
template <class T>
bool ends_well(std::span<const std::byte> code, std::int64_t pairs) {
  const std::int64_t codes = ceil_div(pairs, std::int64_t{kPairs});
  if (std::ssize(code) != codes * kCodeBytes<T>) return false;
  for (std::int64_t i = 1; i <= codes; ++i) {
    const auto last = get_bits(code, i * kCodeBytes<T> * 8 - 1, 1);
    if ((last == 1) != (i == codes)) return false;
  }
  for (std::int64_t i = pairs; i < codes * kPairs; ++i) {
    if (get_bits(code, bit_of_pair<T>(i), kPairBits<T>) != 0) return false;
  }
  return true;
}

template <class T>
std::optional<AnyTensor> decode(std::span<const std::byte> code, TensorShape shape,
                                std::int32_t zero_point) {
  Tensor<T> tensor(shape);
  std::ranges::fill(tensor.data, static_cast<T>(zero_point));
  const std::int64_t room = std::ssize(code) / kCodeBytes<T> * kPairs;
  std::int64_t word = 0, pair = 0;
  for (; word < std::ssize(tensor.data); ++word, ++pair) {
    if (pair == room) return std::nullopt;
    const std::int64_t at = bit_of_pair<T>(pair);
    word += static_cast<std::int64_t>(get_bits(code, at, kRunBits));
    if (word >= std::ssize(tensor.data)) return std::nullopt;
    tensor.data[static_cast<std::size_t>(word)] = std::bit_cast<T>(
        static_cast<Bits<T>>(get_bits(code, at + kRunBits, kPairBits<T> - kRunBits)));
  }
  if (!ends_well<T>(code, pair)) return std::nullopt;
  return tensor;
}

}  // namespace

std::vector<std::byte> encode_run_lengths(const AnyTensor& tensor, std::int32_t zero_point) {
  return std::visit([&](const auto& words) { return encode(words, zero_point); }, tensor);
}

std::optional<AnyTensor> decode_run_lengths(std::span<const std::byte> code, Precision precision,
                                            TensorShape shape, std::int32_t zero_point) {
  switch (precision) {
    case Precision::int8:
      return decode<std::int8_t>(code, shape, zero_point);
    case Precision::int16:
      return decode<std::int16_t>(code, shape, zero_point);
    case Precision::fp32:
      break;
  }
  return decode<float>(code, shape, zero_point);
}

std::int64_t run_length_bytes(const AnyTensor& tensor, std::int32_t zero_point) {
  return std::visit(
      [&]<class T>(const Tensor<T>& words) {
        return ceil_div(count_pairs(words, zero_point), std::int64_t{kPairs}) * kCodeBytes<T>;
      },
      tensor);
}

double measured_coded_ratio(const AnyTensor& tensor, std::int32_t zero_point) {
  const auto plain = static_cast<double>(bytes_of(tensor).size());
  if (plain == 0) return 1;
  return std::min(1.0, static_cast<double>(run_length_bytes(tensor, zero_point)) / plain);
}

}  // namespace ridgeline
