#include <fmt/format.h>

#include "models/network/onnx/constant_math.hpp"
#include "models/network/onnx/layers.hpp"
#include "models/network/onnx/operators.hpp"
#include "models/network/onnx/sums.hpp"

/// Products of words without scales, and what quantize_dynamic of onnxruntime writes around them:
///   words, scale, zero = DynamicQuantizeLinear(x)
///   y = Cast(ConvInteger(words, w, zero, w_zero)) * (scale * w_scale)
/// The scale is known when x is. Here it is not: y is the convolution of x itself with the words of
/// w, and x gets one quantisation for all inputs, which calibration finds.
namespace ridgeline::onnx_import {
namespace {

/// Constant input 1 less its zero points, input 3.
std::shared_ptr<const Constant> integer_weights(const NodeImport& node, std::int64_t axis) {
  if (!node.is_constant(1))
    node.fail("multiplies two arrays that both depend on the input", "constant weights");
  Scales scales{.scales = {1}, .type = word_type(node, 1)};
  scales.zeros = {held(0, scales.type)};
  if (node.has_input(3)) scales.zeros = zero_points(node, 3, scales.type);
  scales.scales.assign(scales.zeros.size(), 1);
  return dequantised(node, 1, scales, axis);
}

/// The ifmap of integer products: words as they come, or words that a DynamicQuantizeLinear makes.
Activation integer_ifmap(const NodeImport& node) {
  Activation x = node.padded_activation(0);
  if (x.elements == ElementType::real) node.fail("reads real numbers", "int8 or uint8 words");
  if (!x.dynamic.empty()) {
    const DynamicNumber* zero = node.has_input(2) ? node.dynamic_number(2) : nullptr;
    if (zero == nullptr || !zero->is_zero || zero->array != x.dynamic)
      node.fail("its zero point is not that of its words", "outputs of one DynamicQuantizeLinear");
    return x;
  }
  Quantization q{.scale = 1, .zero_point = held(0, x.elements), .whole_range = true};
  if (node.has_input(2)) {
    const std::vector<std::int32_t> zeros = zero_points(node, 2, x.elements);
    if (zeros.size() != 1)
      node.fail(fmt::format("{} zero points for an array that depends on the input", zeros.size()),
                "one");
    q.zero_point = zeros.front();
  }
  check_words(node, 0, x, q);
  return x;
}

void set_sums(NodeImport& node, const Activation& x, Activation sums) {
  sums.elements = ElementType::int32;
  sums.dynamic = x.dynamic;
  node.set_result(std::move(sums));
}

/// The array that is multiplied, and the factors of its channels; it must be the sums of a layer
/// that nobody else reads, whose filters take them.
void scale_filters(NodeImport& node, std::size_t array, const std::vector<float>& factors,
                   const std::string& dynamic) {
  Activation x = node.padded_activation(array);
  if (x.dynamic != dynamic)
    node.fail("multiplies with the scale of another array than its words'",
              "outputs of one DynamicQuantizeLinear");
  if (!node.scale_result(
          array, in_order_of_map(factors, factors.size() > 1 ? x.channels : std::vector<int>{})))
    node.fail("works on an array that depends on the input",
              "constants; the bare result of a layer with weights, and its scale, above 0");
  x.elements = ElementType::real;
  x.dynamic.clear();
  node.set_result(std::move(x));
}

}  // namespace

void import_conv_integer(NodeImport& node) {
  const Activation x = integer_ifmap(node);
  set_sums(node, x, convolve(node, *integer_weights(node, 0), no_bias));
}

void import_mat_mul_integer(NodeImport& node) {
  const Activation x = integer_ifmap(node);
  const auto weights = integer_weights(node, -1);
  set_sums(node, x, multiply(node, x, *weights, {}, no_bias));
}

void import_dynamic_quantize_linear(NodeImport& node) {
  Activation x = node.activation(0);
  x.elements = ElementType::uint8;
  x.quantization.reset();
  x.dynamic = node.proto().output(0);
  for (const int output : {1, 2})
    node.set_output(DynamicNumber{.array = x.dynamic, .is_zero = output == 2}, output);
  node.set_output(std::move(x));
}

void import_cast(NodeImport& node) {
  const std::int64_t to = node.integer("to", 0);
  if (node.is_constant(0)) return node.set_output(cast_constant(node, 0, to));
  Activation x = node.padded_activation(0);
  if (to != onnx::TensorProto::FLOAT)
    node.fail("makes an array of " + type_name(static_cast<int>(to)), "float");
  const bool sums = x.elements == ElementType::int32;
  if (x.dynamic.empty()) x.elements = ElementType::real;
  if (sums && node.is_result(0)) return node.set_result(std::move(x));
  node.set_output(std::move(x));
}

void import_mul(NodeImport& node) {
  if (node.is_constant(0) && node.is_constant(1)) return combine_constants(node);
  for (const std::size_t i : {0U, 1U}) {
    const std::size_t other = 1 - i;
    const DynamicNumber* scale = node.dynamic_number(i);
    if (scale != nullptr && scale->is_zero) node.fail("multiplies with a zero point", "a scale");
    if (scale != nullptr && node.is_constant(other)) {
      if (scale->factor != std::vector<float>{1.0F})
        node.fail("multiplies a scale twice", "one factor of a DynamicQuantizeLinear's scale");
      return node.set_output(DynamicNumber{.array = scale->array, .factor = node.floats(other)});
    }
    if (scale != nullptr && node.dynamic_number(other) == nullptr) {
      const std::string array = scale->array;
      return scale_filters(node, other, std::vector<float>(scale->factor), array);
    }
    if (node.is_constant(i) && node.dynamic_number(other) == nullptr)
      return scale_filters(node, other, node.floats(i), "");
  }
  node.fail("works on an array that depends on the input",
            "constants; the bare result of a layer with weights, and its scale, above 0");
}

}  // namespace ridgeline::onnx_import
