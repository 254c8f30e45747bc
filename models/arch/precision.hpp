#pragma once

#include <optional>
#include <string_view>

#include "models/base/units.hpp"

namespace ridgeline {

/// Word formats of activations and weights. Integers are symmetric: -127..127 and -32767..32767.
enum class Precision { int8, int16, fp32 };

[[nodiscard]] std::string_view precision_name(Precision precision);
[[nodiscard]] std::optional<Precision> precision_from_name(std::string_view name);

/// The word formats that a layer meets. The array multiplies words of one: ifmap and filters are
/// alike. The vector unit reads and writes words of any integer format, one beside the other.
struct LayerPrecision {
  Precision own;       ///< of the ifmap's words, and of filters and psums
  Precision output;    ///< of the ofmap's words
  Precision residual;  ///< of those of an addition's other operand

  /// All alike, unless said otherwise.
  constexpr LayerPrecision(Precision all) : LayerPrecision(all, all, all) {}
  constexpr LayerPrecision(Precision own_words, Precision output_words, Precision residual_words)
      : own(own_words), output(output_words), residual(residual_words) {}
  constexpr operator Precision() const { return own; }
  bool operator==(const LayerPrecision&) const = default;
  constexpr bool operator==(Precision words) const { return own == words; }
  /// Not all of its words are alike.
  [[nodiscard]] constexpr bool is_mixed() const { return output != own || residual != own; }
};

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
