#include "models/numeric/compare.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cmath>
#include <limits>
#include <type_traits>

namespace ridgeline {
namespace {

std::string describe(const TensorShape& shape, std::size_t index, auto produced, auto expected) {
  const std::size_t w = index % static_cast<std::size_t>(shape.W);
  const std::size_t row = index / static_cast<std::size_t>(shape.W);
  const std::size_t h = row % static_cast<std::size_t>(shape.H);
  const std::size_t plane = row / static_cast<std::size_t>(shape.H);
  const std::size_t c = plane % static_cast<std::size_t>(shape.C);
  return fmt::format("ofmap[{},{},{},{}] is {}, expected {}",
                     plane / static_cast<std::size_t>(shape.C), c, h, w, produced, expected);
}

/// How far apart two words are; infinitely, if either is not a number.
template <class T>
double distance(T a, T b) {
  if (a == b) return 0;  // also two equal infinities
  const double difference = std::abs(static_cast<double>(a) - static_cast<double>(b));
  return std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
}

template <class T>
TensorCheck compare_words(const Tensor<T>& produced, const Tensor<T>& expected,
                          std::span<const float> bound) {
  assert(produced.shape == expected.shape);
  assert(bound.empty() || bound.size() == expected.data.size());
  TensorCheck check;
  check.compared = static_cast<std::int64_t>(expected.data.size());
  for (std::size_t i = 0; i < expected.data.size(); ++i) {
    const T a = produced.data[i], b = expected.data[i];
    if (a == b) continue;
    const double error = distance(a, b);
    check.max_abs_error = std::max(check.max_abs_error, error);
    if (!bound.empty() && std::isfinite(error) && error <= bound[i]) continue;
    if (check.mismatches++ == 0) {
      if constexpr (std::is_same_v<T, float>) {
        check.first_mismatch = describe(expected.shape, i, a, b);
      } else {
        check.first_mismatch = describe(expected.shape, i, int{a}, int{b});
      }
    }
  }
  return check;
}

}  // namespace

TensorCheck compare(const AnyTensor& produced, const AnyTensor& expected,
                    std::span<const float> bound) {
  assert(produced.index() == expected.index());
  return std::visit(
      [&]<class T>(const Tensor<T>& right) {
        return compare_words(std::get<Tensor<T>>(produced), right,
                             std::is_same_v<T, float> ? bound : std::span<const float>());
      },
      expected);
}

}  // namespace ridgeline
