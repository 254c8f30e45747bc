#pragma once

#include <optional>
#include <string_view>

#include "models/base/units.hpp"

namespace ridgeline {

/// Word formats of activations and weights. Integers are symmetric: -127..127 and -32767..32767.
enum class Precision { int8, int16, fp32 };

[[nodiscard]] std::string_view precision_name(Precision precision);
[[nodiscard]] std::optional<Precision> precision_from_name(std::string_view name);

/// An activation or a weight.
[[nodiscard]] constexpr Bytes word_bytes(Precision precision) {
  return Bytes(precision == Precision::int8 ? 1 : precision == Precision::int16 ? 2 : 4);
}
/// A partial sum: int32 for int8, int64 for int16, fp32 for fp32.
[[nodiscard]] constexpr Bytes psum_bytes(Precision precision) {
  return Bytes(precision == Precision::int16 ? 8 : 4);
}
/// What the vector unit needs for each output channel: the bias, as wide as a psum, and for
/// integers the requantisation multiplier and shift packed in 4 bytes.
[[nodiscard]] constexpr Bytes channel_record_bytes(Precision precision) {
  return psum_bytes(precision) + Bytes(precision == Precision::fp32 ? 0 : 4);
}

}  // namespace ridgeline
