#include "sim/cli/npy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <bit>
#include <cstring>

#include "models/base/integer.hpp"

namespace ridgeline::cli {
namespace {

static_assert(std::endian::native == std::endian::little,
              "float32 is written as it lies in memory");

/// Magic, version, length and the dictionary, padded so that the data begins at a multiple of 64.
std::string header_of(const std::vector<std::int64_t>& shape) {
  // Python writes a tuple of one with a comma behind it.
  std::string dictionary =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}{}), }}",
                  fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
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

std::string npy_bytes(const AnyTensor& tensor, const Quantization& quantization,
                      const std::optional<Layout>& array) {
  const TensorShape shape = shape_of(tensor);
  const std::array<std::int64_t, 4> extents{shape.N, shape.C, shape.H, shape.W};
  const Layout layout = array.value_or(Layout(extents));
  std::string bytes = header_of(layout.dims());
  std::visit(
      [&](const auto& words) {
        for (const std::int64_t offset : layout.offsets()) {
          const auto value =
              static_cast<float>(quantization.real(words.data[static_cast<std::size_t>(offset)]));
          char raw[sizeof value];
          std::memcpy(raw, &value, sizeof value);
          bytes.append(raw, sizeof value);
        }
      },
      tensor);
  return bytes;
}

}  // namespace ridgeline::cli
