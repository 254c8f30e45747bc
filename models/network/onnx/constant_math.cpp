#include "models/network/onnx/constant_math.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/network/onnx/operators.hpp"

namespace ridgeline::onnx_import {
namespace {

using onnx::TensorProto;

template <class From>
std::vector<std::int64_t> as_integers(const NodeImport& node, const std::vector<From>& values,
                                      std::int64_t to) {
  constexpr double kLimit = 0x1p31;
  const bool narrows = to == TensorProto::INT32 || std::is_same_v<From, float>;
  std::vector<std::int64_t> integers;
  integers.reserve(values.size());
  for (const From value : values) {
    const auto number = static_cast<double>(value);
    if (narrows && !(number >= -kLimit && number < kLimit))
      node.fail(fmt::format("casts {}", value), "numbers of 32 bits");
    integers.push_back(static_cast<std::int64_t>(value));
  }
  return integers;
}

std::int64_t work_out(const NodeImport& node, std::int64_t x, std::int64_t y) {
  const std::string& name = node.proto().op_type();
  std::int64_t result = 0;
  const bool beyond = name == "Add"   ? __builtin_add_overflow(x, y, &result)
                      : name == "Sub" ? __builtin_sub_overflow(x, y, &result)
                      : name == "Mul"
                          ? __builtin_mul_overflow(x, y, &result)
                          : y == 0 || (y == -1 && x < -std::numeric_limits<std::int64_t>::max());
  if (beyond) node.fail(fmt::format("works out {} and {}", x, y), "numbers of 64 bits");
  return name == "Div" ? x / y : result;
}

float work_out(const NodeImport& node, float x, float y) {
  const std::string& name = node.proto().op_type();
  return name == "Add" ? x + y : name == "Sub" ? x - y : name == "Mul" ? x * y : x / y;
}

/// Without leading extents of one, which change nothing.
std::vector<std::int64_t> core_of(const std::vector<std::int64_t>& dims) {
  return {std::ranges::find_if(dims, [](std::int64_t dim) { return dim != 1; }), dims.end()};
}

/// The input whose shape the result has.
const Constant& shape_of_both(const NodeImport& node) {
  const Constant &a = node.constant(0), &b = node.constant(1);
  const std::size_t of_a = a.elements(), of_b = b.elements();
  if (of_a != of_b && of_a != 1 && of_b != 1)
    node.fail(fmt::format("has {} and {} numbers", of_a, of_b), "as many, or one");
  // A column and a row would make a matrix.
  if (of_a == of_b && of_a != 1 && core_of(a.dims) != core_of(b.dims))
    node.fail("works on constants of " + dims_text(a.dims) + " and " + dims_text(b.dims),
              "one shape, or one number");
  const bool like_a = of_b == 1 && (of_a != 1 || a.dims.size() >= b.dims.size());
  return like_a ? a : b;
}

/// `a` and `b` are the elements of inputs 0 and 1.
template <class T>
void combine(NodeImport& node, const std::vector<T>& a, const std::vector<T>& b) {
  const Constant& like = shape_of_both(node);
  std::vector<T> results(like.elements());
  for (std::size_t i = 0; i < results.size(); ++i) {
    results[i] = work_out(node, a[a.size() == 1 ? 0 : i], b[b.size() == 1 ? 0 : i]);
    if constexpr (std::is_same_v<T, float>)
      if (!std::isfinite(results[i]))
        node.fail(fmt::format("element {} is {}", i, results[i]), "finite numbers");
  }
  auto result = std::make_shared<Constant>();
  result->dims = like.dims;
  result->type = std::is_same_v<T, float> ? TensorProto::FLOAT : TensorProto::INT64;
  result->data = std::move(results);
  node.set_output(std::shared_ptr<const Constant>(std::move(result)));
}

}  // namespace

std::shared_ptr<const Constant> cast_constant(const NodeImport& node, std::size_t i,
                                              std::int64_t to) {
  const Constant& constant = node.constant(i);
  auto result = std::make_shared<Constant>();
  result->dims = constant.dims;
  result->type = static_cast<int>(to);
  std::visit(
      [&](const auto& values) {
        if (to == TensorProto::FLOAT) {
          std::vector<float> reals;
          reals.reserve(values.size());
          for (const auto value : values) reals.push_back(static_cast<float>(value));
          result->data = std::move(reals);
        } else if (to == TensorProto::INT32 || to == TensorProto::INT64) {
          result->data = as_integers(node, values, to);
        } else {
          node.fail(fmt::format("makes elements of type {} of a constant", to),
                    "float, int32 or int64 (1, 6 or 7)");
        }
      },
      constant.data);
  return result;
}

void combine_constants(NodeImport& node) {
  if (!node.is_constant(0) || !node.is_constant(1))
    node.fail("works on an array that depends on the input", "constants, like extents of a shape");
  if (node.constant(0).is_float()) return combine(node, node.floats(0), node.floats(1));
  combine(node, node.integers_of(0), node.integers_of(1));
}

}  // namespace ridgeline::onnx_import
