#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/base/source_text.hpp"

namespace ridgeline {

/// What the header of a NumPy file says.
struct NpyHeader {
  char kind = 'f';  ///< 'f' float, 'i' signed, 'u' unsigned integer, 'b' boolean
  std::size_t word_bytes = 4;
  bool big_endian = false;
  bool fortran_order = false;
  std::vector<std::int64_t> shape{};
  std::int64_t elements = 1;
  std::size_t data_at = 0;  ///< first byte after the header
};

/// @throws InputError as parse_npy does.
[[nodiscard]] NpyHeader parse_npy_header(const SourceText& source);

}  // namespace ridgeline
