#include "sim/cli/npy.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "models/base/integer.hpp"

namespace ridgeline::cli {
namespace {

static_assert(std::endian::native == std::endian::little,
              "float32 is written as it lies in memory");

/// Magic, version, length and the dictionary, padded so that the data begins at a multiple of 64.
std::string header_of(const TensorShape& shape) {
  std::string dictionary =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}, {}, {}), }}",
                  shape.N, shape.C, shape.H, shape.W);
  constexpr std::size_t kPreamble = 10;
  constexpr std::size_t kAlignment = 64;
  const std::size_t padded = round_up(kPreamble + dictionary.size() + 1, kAlignment);
  dictionary.append(padded - kPreamble - dictionary.size() - 1, ' ');
  dictionary += '\n';
  const auto length = static_cast<unsigned>(dictionary.size());
  std::string header = "\x93NUMPY";
  header += '\1';
  header += '\0';
  header += static_cast<char>(length & 0xFFU);
  header += static_cast<char>(length >> 8);
  return header + dictionary;
}

}  // namespace

std::string npy_bytes(const AnyTensor& tensor, const Quantization& quantization) {
  std::string bytes = header_of(shape_of(tensor));
  std::visit(
      [&](const auto& words) {
        for (const auto word : words.data) {
          const auto value = static_cast<float>(quantization.real(word));
          char raw[sizeof value];
          std::memcpy(raw, &value, sizeof value);
          bytes.append(raw, sizeof value);
        }
      },
      tensor);
  return bytes;
}

}  // namespace ridgeline::cli
