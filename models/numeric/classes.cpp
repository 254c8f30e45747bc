#include "models/numeric/classes.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace ridgeline {
namespace {

std::vector<double> real_values(const AnyTensor& tensor, const Quantization& quantization) {
  std::vector<double> values;
  std::visit(
      [&](const auto& words) {
        for (const auto word : words.data) values.push_back(quantization.real(word));
      },
      tensor);
  return values;
}

/// Classes of one picture.
std::vector<ClassScore> best_of(std::span<const double> values, bool probabilities,
                                std::size_t count) {
  std::vector<int> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  const auto value_of = [&](int index) { return values[static_cast<std::size_t>(index)]; };
  count = std::min(count, values.size());
  std::ranges::partial_sort(
      order, order.begin() + static_cast<std::ptrdiff_t>(count),
      [&](int a, int b) { return value_of(a) != value_of(b) ? value_of(a) > value_of(b) : a < b; });
  const double largest = value_of(order.front());
  double sum = 0;
  for (const double value : values) sum += std::exp(value - largest);
  std::vector<ClassScore> best;
  for (std::size_t k = 0; k < count; ++k) {
    const double value = value_of(order[k]);
    best.push_back({.index = order[k],
                    .value = value,
                    .score = probabilities ? value : std::exp(value - largest) / sum});
  }
  return best;
}

}  // namespace

std::vector<ClassScore> top_classes(const AnyTensor& output, const Quantization& quantization,
                                    bool probabilities, std::size_t count,
                                    const std::vector<std::string>& labels) {
  const TensorShape& shape = shape_of(output);
  const auto C = static_cast<std::size_t>(shape.C);
  assert(labels.empty() || labels.size() == C);
  if (shape.H != 1 || shape.W != 1) return {};
  const std::vector<double> values = real_values(output, quantization);
  std::vector<ClassScore> all;
  for (int n = 0; n < shape.N; ++n) {
    const auto picture = std::span(values).subspan(static_cast<std::size_t>(n) * C, C);
    for (ClassScore& one : best_of(picture, probabilities, count)) {
      one.picture = n;
      if (!labels.empty()) one.label = labels[static_cast<std::size_t>(one.index)];
      all.push_back(std::move(one));
    }
  }
  return all;
}

}  // namespace ridgeline
