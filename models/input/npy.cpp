#include "models/input/npy.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "models/base/error.hpp"
#include "models/base/text.hpp"
#include "models/input/npy_header.hpp"

namespace ridgeline {
namespace {

/// The word of `bytes` bytes at `data`, the lowest byte first.
std::uint64_t word_at(const char* data, std::size_t bytes, bool big_endian) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    const std::size_t at = big_endian ? i : bytes - 1 - i;
    word = word << 8 | static_cast<unsigned char>(data[at]);
  }
  return word;
}

/// IEEE 754 binary16.
float half_value(std::uint64_t word) {
  const auto mantissa = static_cast<float>(word & 0x3FFU);
  const auto exponent = static_cast<int>(word >> 10 & 0x1FU);
  float value =
      exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(mantissa + 1024.0F, exponent - 25);
  if (exponent == 31) {
    value = mantissa == 0 ? std::numeric_limits<float>::infinity()
                          : std::numeric_limits<float>::quiet_NaN();
  }
  return (word >> 15 & 1U) != 0 ? -value : value;
}

float narrowed(double value) {
  constexpr double kMost = std::numeric_limits<float>::max();
  if (std::abs(value) <= kMost || std::isnan(value)) return static_cast<float>(value);
  return std::copysign(std::numeric_limits<float>::infinity(),
                       static_cast<float>(value > 0) - 0.5F);
}

float float_value(std::uint64_t word, std::size_t bytes) {
  if (bytes == 2) return half_value(word);
  if (bytes == 4) return std::bit_cast<float>(static_cast<std::uint32_t>(word));
  return narrowed(std::bit_cast<double>(word));
}

float signed_value(std::uint64_t word, std::size_t bytes) {
  const unsigned unused = 64 - 8 * static_cast<unsigned>(bytes);
  return static_cast<float>(static_cast<std::int64_t>(word << unused) >> unused);
}

float value_at(const char* data, const NpyHeader& header) {
  const std::uint64_t word = word_at(data, header.word_bytes, header.big_endian);
  switch (header.kind) {
    case 'f':
      return float_value(word, header.word_bytes);
    case 'i':
      return signed_value(word, header.word_bytes);
    default:
      return static_cast<float>(word);
  }
}

/// Puts values whose first index runs fastest into C order.
std::vector<float> in_c_order(const std::vector<float>& fortran,
                              const std::vector<std::int64_t>& shape) {
  std::vector<float> values(fortran.size());
  std::vector<std::int64_t> index(shape.size(), 0);
  for (const float value : fortran) {
    std::int64_t at = 0;
    for (std::size_t d = 0; d < shape.size(); ++d) at = at * shape[d] + index[d];
    values[static_cast<std::size_t>(at)] = value;
    for (std::size_t d = 0; d < shape.size() && ++index[d] == shape[d]; ++d) index[d] = 0;
  }
  return values;
}

}  // namespace

NpyArray parse_npy(const SourceText& source) {
  const NpyHeader header = parse_npy_header(source);
  const auto count = static_cast<std::size_t>(header.elements);
  const std::size_t held = source.text.size() - header.data_at;
  if (held != count * header.word_bytes)
    throw InputError(
        {.file = source.path,
         .what = fmt::format("holds {} bytes of data", held),
         .allowed = fmt::format("{}, as its shape and type declare", count * header.word_bytes)});
  NpyArray array{.shape = header.shape, .values = std::vector<float>(count)};
  const char* data = source.text.data() + header.data_at;
  for (std::size_t i = 0; i < count; ++i) {
    array.values[i] = value_at(data + i * header.word_bytes, header);
  }
  if (header.fortran_order) array.values = in_c_order(array.values, array.shape);
  return array;
}

}  // namespace ridgeline
