#include "models/network/onnx/operators.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "models/base/error.hpp"
#include "models/network/onnx/constant_math.hpp"
#include "models/network/onnx/model_file.hpp"
#include "models/network/onnx/words.hpp"

namespace ridgeline::onnx_import {
namespace {

constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();
constexpr std::string_view kMicrosoft = "com.microsoft";

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
      {"Cast", &import_cast, {"to"}, 1, 1, Takes::sums},
      {"Clip", &import_clip, {"max", "min"}, 1, 3, Takes::words},
      {"Concat", &import_concat, {"axis"}, 1, kAny, Takes::words},
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
      {"ConvInteger",
       &import_conv_integer,
       {"auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"},
       2,
       4,
       Takes::integers,
       10},
      {"DequantizeLinear", &import_dequantize_linear, {"axis"}, 2, 3, Takes::words, 10},
      {"Div", &combine_constants, {}, 2, 2},
      {"Dropout", &import_dropout, {"ratio", "seed"}, 1, 3},
      {"DynamicQuantizeLinear", &import_dynamic_quantize_linear, {}, 1, 1, Takes::reals, 11},
      {"Flatten", &import_flatten, {"axis"}, 1, 1, Takes::words},
      {"Gather", &import_gather, {"axis"}, 2, 2},
      {"Gemm", &import_gemm, {"alpha", "beta", "transA", "transB"}, 2, 3},
      {"GlobalAveragePool", &import_global_average_pool, {}},
      {"GlobalMaxPool", &import_global_max_pool, {}},
      {"Identity", &import_identity, {}, 1, 1, Takes::words},
      {"LRN", &import_lrn, {"alpha", "beta", "bias", "size"}},
      {"MatMul", &import_mat_mul, {}, 2, 2},
      {"MatMulInteger", &import_mat_mul_integer, {}, 2, 4, Takes::integers, 10},
      // The storage order is of the second output alone.
      {"MaxPool",
       &import_max_pool,
       {"auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides"},
       1,
       1,
       Takes::words},
      {"Mul", &import_mul, {}, 2, 2, Takes::sums},
      {"Pad", &import_pad, {"mode", "pads", "value"}, 1, 3, Takes::words},
      {"QLinearAdd", &import_qlinear_add, {}, 7, 8, Takes::words, 0, kMicrosoft},
      {"QLinearAveragePool",
       &import_qlinear_average_pool,
       {"auto_pad", "ceil_mode", "channels_last", "count_include_pad", "kernel_shape", "pads",
        "strides"},
       4,
       5,
       Takes::words,
       0,
       kMicrosoft},
      {"QLinearConcat", &import_qlinear_concat, {"axis"}, 5, kAny, Takes::words, 0, kMicrosoft},
      {"QLinearConv",
       &import_qlinear_conv,
       {"auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"},
       8,
       9,
       Takes::words,
       10},
      {"QLinearGlobalAveragePool",
       &import_qlinear_global_average_pool,
       {"channels_last"},
       4,
       5,
       Takes::words,
       0,
       kMicrosoft},
      {"QLinearMatMul", &import_qlinear_mat_mul, {}, 8, 8, Takes::words, 10},
      {"QuantizeLinear", &import_quantize_linear, {"axis"}, 2, 3, Takes::reals, 10},
      {"ReduceMean", &import_reduce_mean, {"axes", "keepdims"}},
      {"Relu", &import_relu, {}, 1, 1, Takes::words},
      {"Reshape", &import_reshape, {"allowzero"}, 2, 2, Takes::words},
      {"Shape", &import_shape, {"start", "end"}, 1, 1, Takes::words},
      {"Slice", &import_slice, {"axes", "ends", "starts"}, 1, 5, Takes::words},
      {"Softmax", &import_softmax, {"axis"}},
      {"Squeeze", &import_squeeze, {"axes"}, 1, 2, Takes::words},
      {"Sub", &combine_constants, {}, 2, 2},
      {"Sum", &import_sum, {}, 1, kAny},
      {"Transpose", &import_transpose, {"perm"}, 1, 1, Takes::words},
      {"Unsqueeze", &import_unsqueeze, {"axes"}, 1, 2, Takes::words}};
  return kTable;
}

const Operator& find(const NodeImport& node) {
  const std::string& name = node.proto().op_type();
  std::string_view domain = node.proto().domain();
  if (domain == "ai.onnx") domain = "";
  std::vector<std::string_view> names;
  for (const Operator& known : table()) {
    if (known.name == name && known.domain == domain) return known;
    if (known.domain == (domain == kMicrosoft ? kMicrosoft : "")) names.push_back(known.name);
  }
  const std::string supported = fmt::format("{}", fmt::join(names, ", "));
  if (!domain.empty() && domain != kMicrosoft)
    node.fail("is an operator of the domain " + in_quotes(domain),
              "the default domain: " + supported);
  node.fail("the operator is not supported", supported);
}

/// Words and sums mean something else than numbers to operators that do not expect them.
void check_elements(const NodeImport& node, const Operator& known) {
  for (std::size_t i = 0; i < node.inputs(); ++i) {
    if (!node.has_input(i)) continue;
    const Activation* x = node.array(i);
    if (x == nullptr || x->elements == ElementType::real) continue;
    const bool sums = x->elements == ElementType::int32, dynamic = !x->dynamic.empty();
    if (known.takes == Takes::sums && sums) continue;
    if (known.takes == Takes::words && !sums && !dynamic) continue;
    if (known.takes == Takes::integers && !sums) continue;
    const std::string what =
        fmt::format("input {} ({}) is an array of {}", i,
                    in_quotes(node.proto().input(static_cast<int>(i))), element_name(x->elements));
    if (sums) node.fail(what, "a Cast to float, and its scale, between");
    if (dynamic) node.fail(what + " with a scale that depends on it", "ConvInteger, MatMulInteger");
    node.fail(what, "float: a DequantizeLinear between, or operators on words (QLinearConv, ...)");
  }
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
  if (node.opset() < known.since)
    node.fail(
        fmt::format("is an operator since opset {}; the file uses {}", known.since, node.opset()),
        fmt::format("opset {} or later", known.since));
  check_elements(node, known);
  known.import(node);
}

}  // namespace ridgeline::onnx_import
