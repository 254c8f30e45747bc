#include "models/numeric/tensor.hpp"

#include <algorithm>
#include <cassert>

namespace ridgeline {

AnyTensor make_tensor(Precision precision, TensorShape shape) {
  switch (precision) {
    case Precision::int8:
      return Tensor<std::int8_t>(shape);
    case Precision::int16:
      return Tensor<std::int16_t>(shape);
    case Precision::fp32:
      break;
  }
  return Tensor<float>(shape);
}

Precision precision_of(const AnyTensor& tensor) {
  if (std::holds_alternative<Tensor<std::int8_t>>(tensor)) return Precision::int8;
  if (std::holds_alternative<Tensor<std::int16_t>>(tensor)) return Precision::int16;
  return Precision::fp32;
}

const TensorShape& shape_of(const AnyTensor& tensor) {
  return std::visit([](const auto& t) -> const TensorShape& { return t.shape; }, tensor);
}

std::span<const std::byte> bytes_of(const AnyTensor& tensor) {
  return std::visit([](const auto& t) { return std::as_bytes(std::span(t.data)); }, tensor);
}

std::span<std::byte> bytes_of(AnyTensor& tensor) {
  return std::visit([](auto& t) { return std::as_writable_bytes(std::span(t.data)); }, tensor);
}

Tensor<std::int16_t> widened(const AnyTensor& tensor) {
  Tensor<std::int16_t> wide(shape_of(tensor));
  std::visit(
      [&]<class T>(const Tensor<T>& from) {
        if constexpr (!std::is_same_v<T, float>) std::ranges::copy(from.data, wide.data.begin());
      },
      tensor);
  return wide;
}

Tensor<std::int8_t> narrowed(const Tensor<std::int16_t>& tensor) {
  Tensor<std::int8_t> narrow(tensor.shape);
  std::ranges::transform(tensor.data, narrow.data.begin(), [](std::int16_t word) {
    assert(word == static_cast<std::int8_t>(word));
    return static_cast<std::int8_t>(word);
  });
  return narrow;
}

}  // namespace ridgeline
