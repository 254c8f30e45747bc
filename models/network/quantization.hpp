#pragma once

#include <cstdint>

/// How the integer words of a tensor stand for real numbers:
///   real = scale x (word - zero_point)
/// (Jacob et al., "Quantization and Training of Neural Networks for Efficient
/// Integer-Arithmetic-Only Inference", CVPR 2018, equation 1). Symmetric tensors have the zero
/// point 0. Words are int8 or int16; a uint8 tensor of a file is held as word - 128, and its zero
/// point with it. int16 tensors and fp32 ones (whose scale is 1) are always symmetric.
namespace ridgeline {

struct Quantization {
  double scale = 1;
  std::int32_t zero_point = 0;
  /// Words reach the end of two's complement, -128; those of symmetric calibration stop at -127.
  bool whole_range = false;

  template <class T>
  [[nodiscard]] double real(T word) const {
    return scale * (static_cast<double>(word) - zero_point);
  }
  bool operator==(const Quantization&) const = default;
};

}  // namespace ridgeline
