#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "models/base/integer.hpp"
#include "models/base/units.hpp"

/// Shapes. Dimensions are single capitals: batch N, groups G, filters M, ifmap channels C, ifmap
/// H x W, filter R x S, ofmap P x Q (Sze et al., Proc. IEEE 105(12), 2017, Table I, with P x Q for
/// its E x F). Height comes first in each pair. Extents count elements.
namespace ridgeline {

/// A feature map, laid out NCHW.
struct TensorShape {
  int N = 1, C = 1, H = 1, W = 1;

  [[nodiscard]] constexpr std::int64_t elements() const { return std::int64_t{N} * C * H * W; }
  constexpr bool operator==(const TensorShape&) const = default;
};

/// "1x3x227x227", for messages.
[[nodiscard]] std::string extents_text(const TensorShape& shape);

/// How a sliding window meets its ifmap, for convolution and pooling alike.
struct Window {
  int R = 1, S = 1;
  std::array<int, 2> stride{1, 1};     ///< along H, W
  std::array<int, 4> pad{0, 0, 0, 0};  ///< zeros at the top, left, bottom, right
  std::array<int, 2> dilation{1, 1};   ///< along H, W

  constexpr bool operator==(const Window&) const = default;
};

/// Ifmap elements that a dilated kernel of `kernel` taps spans.
[[nodiscard]] constexpr int span_of(int kernel, int dilation) {
  return (kernel - 1) * dilation + 1;
}

/// Ifmap elements along one axis that `windows` windows next to one another span, padding included.
[[nodiscard]] constexpr int windows_span(int windows, int kernel, int stride, int dilation) {
  return (windows - 1) * stride + span_of(kernel, dilation);
}

/// One convolution or fully connected layer (then H = W = R = S = 1). C and M count all groups.
/// Layouts: ifmap NCHW; filters M (C/G) R S; ofmap N M P Q.
struct ConvShape {
  int N = 1, G = 1, M = 1, C = 1, H = 1, W = 1;
  Window window{};

  [[nodiscard]] constexpr int R() const { return window.R; }
  [[nodiscard]] constexpr int S() const { return window.S; }
  [[nodiscard]] constexpr int C_per_group() const { return C / G; }
  [[nodiscard]] constexpr int M_per_group() const { return M / G; }
  [[nodiscard]] constexpr int P() const {
    return (H + window.pad[0] + window.pad[2] - span_of(window.R, window.dilation[0])) /
               window.stride[0] +
           1;
  }
  [[nodiscard]] constexpr int Q() const {
    return (W + window.pad[1] + window.pad[3] - span_of(window.S, window.dilation[1])) /
               window.stride[1] +
           1;
  }
  /// MACs of the mathematical convolution, taps that fall on padding included.
  [[nodiscard]] constexpr Macs macs() const {
    return Macs(std::int64_t{N} * M * P() * Q() * C_per_group() * R() * S());
  }
  [[nodiscard]] constexpr std::int64_t filter_elements() const {
    return std::int64_t{M} * C_per_group() * R() * S();
  }
  [[nodiscard]] constexpr TensorShape ifmap() const { return {N, C, H, W}; }
  [[nodiscard]] constexpr TensorShape ofmap() const { return {N, M, P(), Q()}; }
  constexpr bool operator==(const ConvShape&) const = default;
};

}  // namespace ridgeline
