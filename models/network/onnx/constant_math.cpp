#include "models/network/onnx/constant_math.hpp"

#include <fmt/format.h>

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

std::shared_ptr<const Constant> combined(const NodeImport& node, float (*operation)(float, float)) {
  const std::vector<float>&a = node.floats(0), &b = node.floats(1);
  const bool of_a = a.size() != 1;
  if (a.size() != b.size() && a.size() != 1 && b.size() != 1)
    node.fail("combines constants of " + dims_text(node.constant(0).dims) + " and " +
                  dims_text(node.constant(1).dims),
              "one shape, or one number");
  auto result = std::make_shared<Constant>();
  result->dims = node.constant(of_a ? 0 : 1).dims;
  result->type = TensorProto::FLOAT;
  std::vector<float> values(of_a ? a.size() : b.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = operation(a[a.size() == 1 ? 0 : i], b[b.size() == 1 ? 0 : i]);
    if (!std::isfinite(values[i]))
      node.fail(fmt::format("element {} is {}", i, values[i]), "finite numbers");
  }
  result->data = std::move(values);
  return result;
}

void import_div(NodeImport& node) {
  const bool constants = node.is_constant(0) && node.is_constant(1);
  if (!constants || !node.constant(0).is_float()) return import_arithmetic(node);
  node.set_output(combined(node, [](float a, float b) { return a / b; }));
}

}  // namespace ridgeline::onnx_import
