#include "models/network/onnx/operators.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "models/base/error.hpp"
#include "models/network/onnx/model_file.hpp"

namespace ridgeline::onnx_import {
namespace {

constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

const std::vector<Operator>& table() {
  static const std::vector<Operator> kTable{
      {"Add", &import_add, {}, 2, 2},
      {"AveragePool",
       &import_average_pool,
       {"auto_pad", "ceil_mode", "count_include_pad", "kernel_shape", "pads", "strides"}},
      // Momentum is of training alone.
      {"BatchNormalization",
       &import_batch_normalization,
       {"epsilon", "momentum", "spatial", "training_mode"},
       5,
       5},
      {"Cast", &import_cast, {"to"}},
      {"Clip", &import_clip, {"max", "min"}, 1, 3},
      {"Concat", &import_concat, {"axis"}, 1, kAny},
      {"Constant",
       &import_constant,
       {"value", "value_float", "value_floats", "value_int", "value_ints"},
       0,
       0},
      {"ConstantOfShape", &import_constant_of_shape, {"value"}},
      {"Conv",
       &import_conv,
       {"auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"},
       2,
       3},
      {"Div", &import_arithmetic, {}, 2, 2},
      {"Dropout", &import_dropout, {"ratio", "seed"}, 1, 3},
      {"Flatten", &import_flatten, {"axis"}},
      {"Gather", &import_gather, {"axis"}, 2, 2},
      {"Gemm", &import_gemm, {"alpha", "beta", "transA", "transB"}, 2, 3},
      {"GlobalAveragePool", &import_global_average_pool, {}},
      {"GlobalMaxPool", &import_global_max_pool, {}},
      {"Identity", &import_identity, {}},
      {"LRN", &import_lrn, {"alpha", "beta", "bias", "size"}},
      {"MatMul", &import_mat_mul, {}, 2, 2},
      // The storage order is of the second output alone.
      {"MaxPool",
       &import_max_pool,
       {"auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides"}},
      {"Mul", &import_arithmetic, {}, 2, 2},
      {"Pad", &import_pad, {"mode", "pads", "value"}, 1, 3},
      {"ReduceMean", &import_reduce_mean, {"axes", "keepdims"}},
      {"Relu", &import_relu, {}},
      {"Reshape", &import_reshape, {"allowzero"}, 2, 2},
      {"Shape", &import_shape, {"start", "end"}},
      {"Slice", &import_slice, {"axes", "ends", "starts"}, 1, 5},
      {"Softmax", &import_softmax, {"axis"}},
      {"Squeeze", &import_squeeze, {"axes"}, 1, 2},
      {"Sub", &import_arithmetic, {}, 2, 2},
      {"Sum", &import_sum, {}, 1, kAny},
      {"Transpose", &import_transpose, {"perm"}},
      {"Unsqueeze", &import_unsqueeze, {"axes"}, 1, 2}};
  return kTable;
}

const Operator& find(const NodeImport& node) {
  const std::string& name = node.proto().op_type();
  const std::string& domain = node.proto().domain();
  std::vector<std::string_view> names;
  for (const Operator& known : table()) {
    if (known.name == name && (domain.empty() || domain == "ai.onnx")) return known;
    names.push_back(known.name);
  }
  const std::string supported = fmt::format("{}", fmt::join(names, ", "));
  if (!domain.empty() && domain != "ai.onnx")
    node.fail("is an operator of the domain " + quoted(domain), "the default domain: " + supported);
  node.fail("the operator is not supported", supported);
}

}  // namespace

std::span<const Operator> operators() {
  return table();
}

std::size_t axis_of(const NodeImport& node, std::int64_t axis, std::size_t rank) {
  const auto count = static_cast<std::int64_t>(rank);
  if (axis < -count || axis >= count)
    node.fail(fmt::format("axis is {}", axis), fmt::format("{} to {}", -count, count - 1));
  return static_cast<std::size_t>(axis < 0 ? axis + count : axis);
}

int to_int(const NodeImport& node, std::int64_t value, std::string_view what) {
  constexpr std::int64_t kMost = std::numeric_limits<int>::max();
  if (value < -kMost || value > kMost)
    node.fail(fmt::format("{} is {}", what, value), fmt::format("at most {}", kMost));
  return static_cast<int>(value);
}

void import_node(NodeImport& node) {
  const Operator& known = find(node);
  node.check_attributes(known.attributes);
  if (node.proto().output_size() == 0) node.fail("has no output", "at least one");
  const std::size_t inputs = node.inputs();
  if (inputs < known.least_inputs || inputs > known.most_inputs) {
    node.fail(fmt::format("has {} inputs", inputs),
              known.most_inputs == kAny
                  ? fmt::format("at least {}", known.least_inputs)
                  : fmt::format("{} to {}", known.least_inputs, known.most_inputs));
  }
  known.import(node);
}

}  // namespace ridgeline::onnx_import
