#pragma once

#include "tests/conformance/oracle.hpp"

/// Quantised operators written again as ONNX specifies them: exact sums of (word - zero point), a
/// product with the scales in double, rounded to the nearest word, ties to even. Nothing of the
/// product is used.
namespace ridgeline::onnx_tests {

/// Words of an array: real = scale x (word - zero), one scale or one for each of the first
/// dimension.
struct Words {
  Dims dims{};
  std::vector<std::int32_t> values{};
  std::vector<float> scales{1};
  std::vector<std::int32_t> zeros{0};
  int type = onnx::TensorProto::UINT8;

  [[nodiscard]] double scale(std::size_t m) const { return scales[scales.size() == 1 ? 0 : m]; }
  [[nodiscard]] std::int32_t zero(std::size_t m) const { return zeros[zeros.size() == 1 ? 0 : m]; }
  [[nodiscard]] int lowest() const { return type == onnx::TensorProto::INT8 ? -128 : 0; }
  [[nodiscard]] double real(std::size_t i) const { return scale(0) * (values[i] - zero(0)); }
};

/// Integer sums of a convolution; they are exact.
struct ExactSums {
  Dims dims{};
  std::vector<std::int64_t> values{};
};
[[nodiscard]] ExactSums convolve_words(const Words& x, const Words& w,
                                       const std::vector<std::int32_t>& bias, const Sliding& s);

/// How the words of a run compare with those that ONNX specifies.
struct Agreement {
  std::int64_t words = 0, ties = 0;
  std::int64_t different = 0;    ///< by one step
  std::int64_t beside_ties = 0;  ///< of those, the ones that are no ties, but near one

  Agreement& operator+=(const Agreement& other);
};
/// Compares `actual` with `real` / scale in words of `like`, before rounding. A word may differ by
/// one, and only where the number lies so near a tie between two words that an error of `relative`
/// of `terms` (what the number is the sum of, in words) makes a difference.
[[nodiscard]] Agreement compare_words(const std::vector<float>& actual,
                                      const std::vector<double>& real,
                                      const std::vector<double>& terms, const Words& like,
                                      double relative = 0x1p-23);

/// The word that ONNX specifies for x / scale, x being real.
[[nodiscard]] std::int32_t word_for(double real, const Words& like);

}  // namespace ridgeline::onnx_tests
