#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "models/arch/precision.hpp"
#include "models/network/shape.hpp"

namespace ridgeline {

/// A dense feature map, NCHW, or a set of filters, M (C/G) R S (then N = M, C = C/G, H = R, W = S).
template <class T>
struct Tensor {
  TensorShape shape;
  std::vector<T> data;

  Tensor() = default;
  explicit Tensor(TensorShape s) : shape(s), data(static_cast<std::size_t>(s.elements())) {}

  [[nodiscard]] std::size_t index(int n, int c, int h, int w) const {
    return ((static_cast<std::size_t>(n) * static_cast<std::size_t>(shape.C) +
             static_cast<std::size_t>(c)) *
                static_cast<std::size_t>(shape.H) +
            static_cast<std::size_t>(h)) *
               static_cast<std::size_t>(shape.W) +
           static_cast<std::size_t>(w);
  }
  [[nodiscard]] T& at(int n, int c, int h, int w) { return data[index(n, c, h, w)]; }
  [[nodiscard]] const T& at(int n, int c, int h, int w) const { return data[index(n, c, h, w)]; }
  bool operator==(const Tensor&) const = default;
};

/// A tensor of any of the three word formats.
using AnyTensor = std::variant<Tensor<std::int8_t>, Tensor<std::int16_t>, Tensor<float>>;

[[nodiscard]] AnyTensor make_tensor(Precision precision, TensorShape shape);
[[nodiscard]] Precision precision_of(const AnyTensor& tensor);
[[nodiscard]] const TensorShape& shape_of(const AnyTensor& tensor);
/// The same words as int16, or as int8, whose range they must be within.
[[nodiscard]] Tensor<std::int16_t> widened(const AnyTensor& tensor);
[[nodiscard]] Tensor<std::int8_t> narrowed(const Tensor<std::int16_t>& tensor);
/// The tensor's words as memory holds them (native byte order).
[[nodiscard]] std::span<const std::byte> bytes_of(const AnyTensor& tensor);
[[nodiscard]] std::span<std::byte> bytes_of(AnyTensor& tensor);

}  // namespace ridgeline
