#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "models/network/onnx/node_import.hpp"

/// The operators that are imported: one function each, and the table that finds them. Formulas and
/// attributes are those of the ONNX operator specification (onnx/docs/Operators.md,
/// Changelog.md), opsets 7 to 17.
namespace ridgeline::onnx_import {

/// Arrays that an operator may read, beside constants.
enum class Takes {
  reals,
  words,     ///< of 8 bits, or reals
  integers,  ///< words, also those of a DynamicQuantizeLinear
  sums       ///< of products of words, or reals
};

struct Operator {
  std::string_view name;
  void (*import)(NodeImport& node);
  std::vector<std::string_view> attributes;  ///< those that are read, or change nothing here
  std::size_t least_inputs = 1;
  std::size_t most_inputs = 1;
  Takes takes = Takes::reals;
  std::int64_t since = 0;  ///< opset
  std::string_view domain{};
};

/// Sorted by name.
[[nodiscard]] std::span<const Operator> operators();

/// Imports one node. @throws InputError
void import_node(NodeImport& node);

void import_conv(NodeImport& node);
void import_gemm(NodeImport& node);
void import_mat_mul(NodeImport& node);
void import_max_pool(NodeImport& node);
void import_average_pool(NodeImport& node);
void import_global_average_pool(NodeImport& node);
void import_global_max_pool(NodeImport& node);
void import_reduce_mean(NodeImport& node);
void import_relu(NodeImport& node);
void import_clip(NodeImport& node);
void import_add(NodeImport& node);
void import_sum(NodeImport& node);
void import_concat(NodeImport& node);
void import_batch_normalization(NodeImport& node);
void import_lrn(NodeImport& node);
void import_softmax(NodeImport& node);
void import_pad(NodeImport& node);
void import_constant(NodeImport& node);
void import_identity(NodeImport& node);
void import_dropout(NodeImport& node);
void import_reshape(NodeImport& node);
void import_flatten(NodeImport& node);
void import_squeeze(NodeImport& node);
void import_unsqueeze(NodeImport& node);
void import_transpose(NodeImport& node);
void import_shape(NodeImport& node);
void import_gather(NodeImport& node);
void import_quantize_linear(NodeImport& node);
void import_dequantize_linear(NodeImport& node);
void import_qlinear_conv(NodeImport& node);
void import_qlinear_mat_mul(NodeImport& node);
void import_qlinear_add(NodeImport& node);
void import_qlinear_concat(NodeImport& node);
void import_qlinear_average_pool(NodeImport& node);
void import_qlinear_global_average_pool(NodeImport& node);
void import_conv_integer(NodeImport& node);
void import_mat_mul_integer(NodeImport& node);
void import_dynamic_quantize_linear(NodeImport& node);
void import_cast(NodeImport& node);
void import_mul(NodeImport& node);
void import_slice(NodeImport& node);
void import_constant_of_shape(NodeImport& node);

/// `axis` counted from the front, where `rank` dimensions are. Fails if there is no such axis.
[[nodiscard]] std::size_t axis_of(const NodeImport& node, std::int64_t axis, std::size_t rank);
/// `x` as a row-major list of int. Fails if it does not fit.
[[nodiscard]] int to_int(const NodeImport& node, std::int64_t value, std::string_view what);

}  // namespace ridgeline::onnx_import
