#include <fmt/format.h>

#include "models/network/onnx/layers.hpp"
#include "models/network/onnx/operators.hpp"
#include "models/network/onnx/pools.hpp"
#include "models/network/onnx/sums.hpp"

/// Operators on words: what they compute is what the operators on real numbers do between a
/// DequantizeLinear and a QuantizeLinear. Those of the domain com.microsoft are onnxruntime's
/// (docs/ContribOperators.md there).
namespace ridgeline::onnx_import {
namespace {

/// Array `i`, whose scale and zero point follow it among the inputs, unless said otherwise.
Activation words_at(NodeImport& node, std::size_t i) {
  Activation x = node.padded_activation(i);
  if (x.elements == ElementType::real)
    node.fail(fmt::format("input {} holds real numbers", i), "int8 or uint8 words");
  check_words(node, i, x, one_quantization(node, read_scales(node, i + 1, i + 2, x.elements)));
  return x;
}

/// What the words of array `i` stand for.
Activation reals_at(NodeImport& node, std::size_t i) {
  (void)words_at(node, i);
  Activation x = node.activation(i);
  x.quantization = quantization_of(node, x);
  x.elements = ElementType::real;
  return x;
}

/// The node's result is `y` in the words that inputs `scale` and `zero` say.
void set_words(NodeImport& node, Activation y, std::size_t scale, std::size_t zero) {
  const Scales scales = read_scales(node, scale, zero, {});
  const Quantization q = one_quantization(node, scales);
  node.set_output(in_words(node, std::move(y), q, scales.type, {}, "/words"));
}

/// The weights at input 3, with their scale and zero point behind them.
std::shared_ptr<const Constant> weights_at_3(const NodeImport& node, std::int64_t axis) {
  if (!node.is_constant(3))
    node.fail("multiplies two arrays that both depend on the input", "constant weights, input 3");
  return dequantised(node, 3, read_scales(node, 4, 5, word_type(node, 3)), axis);
}

void refuse_channels_last(const NodeImport& node) {
  if (node.integer("channels_last", 0) != 0) node.fail("channels_last is set", "0");
}

}  // namespace

void import_qlinear_conv(NodeImport& node) {
  const auto ifmap = quantization_of(node, words_at(node, 0));
  const auto weights = weights_at_3(node, 0);
  set_words(node,
            convolve(node, *weights,
                     [&](std::size_t M, LayerWeights& filters) {
                       put_bias_words(node, 8, M, *ifmap, filters);
                     }),
            6, 7);
}

void import_qlinear_mat_mul(NodeImport& node) {
  const Activation x = reals_at(node, 0);
  const auto weights = weights_at_3(node, -1);
  set_words(node, multiply(node, x, *weights, {}, no_bias), 6, 7);
}

void import_qlinear_add(NodeImport& node) {
  for (const std::size_t i : {0U, 3U})
    if (node.is_constant(i)) node.fail("adds a constant", "arrays that depend on the input");
  const Activation a = reals_at(node, 0);
  set_words(node, sum_of(node, a, reals_at(node, 3), ""), 6, 7);
}

void import_qlinear_concat(NodeImport& node) {
  if (node.inputs() % 3 != 2)
    node.fail(fmt::format("has {} inputs", node.inputs()),
              "a scale and a zero point, then three inputs for each array");
  const Scales scales = read_scales(node, 0, 1, {});
  const Quantization q = one_quantization(node, scales);
  std::vector<Activation> parts;
  for (std::size_t i = 2; i < node.inputs(); i += 3) {
    parts.push_back(
        in_words(node, reals_at(node, i), q, scales.type, {}, fmt::format("/words{}", i / 3)));
  }
  node.set_output(joined(node, parts));
}

void import_qlinear_average_pool(NodeImport& node) {
  refuse_channels_last(node);
  (void)words_at(node, 0);
  set_words(node, average_pool(node), 3, 4);
}

void import_qlinear_global_average_pool(NodeImport& node) {
  refuse_channels_last(node);
  (void)words_at(node, 0);
  set_words(node, global_pool(node, PoolKind::average), 3, 4);
}

}  // namespace ridgeline::onnx_import
