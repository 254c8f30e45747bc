#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "models/numeric/tensor.hpp"

namespace ridgeline {

/// The outcome of comparing a produced tensor with the expected one.
struct TensorCheck {
  std::int64_t compared = 0;
  std::int64_t mismatches = 0;
  double max_abs_error = 0;  ///< in units of the word
  /// The first wrong element in NCHW order: "ofmap[0,3,17,2] is 5, expected 7"; empty if none.
  std::string first_mismatch;

  [[nodiscard]] bool passed() const { return mismatches == 0; }
};

/// Integers must be equal. Floats may differ by `bound` (one value an element; empty means equal).
/// A NaN never matches. Shapes and types must agree (asserted).
[[nodiscard]] TensorCheck compare(const AnyTensor& produced, const AnyTensor& expected,
                                  std::span<const float> bound = {});

}  // namespace ridgeline
