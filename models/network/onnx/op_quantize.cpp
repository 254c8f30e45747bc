#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/network/onnx/operators.hpp"
#include "models/network/onnx/words.hpp"

namespace ridgeline::onnx_import {
namespace {

/// The axis that several scales run along, for operators that have the attribute since opset 13.
std::int64_t axis_attribute(const NodeImport& node, std::size_t scales) {
  if (node.opset() >= 13) return node.integer("axis", 1);
  if (scales > 1)
    node.fail(fmt::format("has {} scales before opset 13", scales), "one scale for all elements");
  return 0;
}

/// Words of a constant: y = saturate(round(x / scale) + zero point), ties to even, as ONNX has it.
void quantise_constant(NodeImport& node, const Scales& scales) {
  const Constant& x = node.constant(0);
  const std::vector<float>& reals = node.floats(0);
  Constant result{.dims = x.dims,
                  .data = std::vector<std::int16_t>(reals.size()),
                  .type = scales.type == ElementType::int8 ? onnx::TensorProto::INT8
                                                           : onnx::TensorProto::UINT8};
  const auto sets =
      sets_along(node, result, scales.scales.size(), axis_attribute(node, scales.scales.size()));
  auto& words = std::get<std::vector<std::int16_t>>(result.data);
  for (std::size_t i = 0; i < reals.size(); ++i) {
    const std::size_t set = sets.empty() ? 0 : static_cast<std::size_t>(sets[i]);
    const float quotient = reals[i] / static_cast<float>(scales.scales[set]);
    const float word = std::nearbyint(quotient) + static_cast<float>(scales.zeros[set]);
    words[i] = static_cast<std::int16_t>(
        static_cast<std::int32_t>(std::clamp(word, -128.0F, 127.0F)) - held(0, scales.type));
  }
  node.set_output(std::make_shared<const Constant>(std::move(result)));
}

}  // namespace

void import_quantize_linear(NodeImport& node) {
  const Scales scales = read_scales(node, 1, 2, {});
  if (node.is_constant(0)) return quantise_constant(node, scales);
  const Quantization q = one_quantization(node, scales);
  node.set_output(in_words(node, node.activation(0), q, scales.type, 0));
}

void import_dequantize_linear(NodeImport& node) {
  if (node.is_constant(0)) {
    const bool wide = node.constant(0).type == onnx::TensorProto::INT32;
    const ElementType type = wide ? ElementType::int32 : word_type(node, 0);
    const Scales scales = read_scales(node, 1, 2, type);
    return node.set_output(
        dequantised(node, 0, scales, axis_attribute(node, scales.scales.size())));
  }
  Activation x = node.padded_activation(0);
  if (x.elements == ElementType::real) node.fail("reads real numbers", "words of a QuantizeLinear");
  const Quantization q = one_quantization(node, read_scales(node, 1, 2, x.elements));
  check_words(node, 0, x, q);
  x.elements = ElementType::real;
  x.quantization = q;
  node.set_output(std::move(x));
}

}  // namespace ridgeline::onnx_import
