#pragma once

#include <cstdint>
#include <vector>

#include "models/base/source_text.hpp"

/// Reading NumPy's array files (NEP 1), format versions 1.0, 2.0 and 3.0.
namespace ridgeline {

struct NpyArray {
  std::vector<std::int64_t> shape{};  ///< empty for a single number
  std::vector<float> values{};        ///< in C order: the last index runs fastest
};

/// Booleans, integers of 1 to 8 bytes and floats of 2, 4 and 8 bytes of either byte order become
/// floats, rounded to nearest where they must be, beyond float's range infinite. Fortran order is
/// turned into C order.
/// @throws InputError, and nothing else, for bytes that are no such file, types that are not
/// numbers, more than 2^31 - 1 elements, and files that are shorter or longer than they declare; no
/// memory is asked for before that has been checked.
[[nodiscard]] NpyArray parse_npy(const SourceText& source);

}  // namespace ridgeline
