#include "models/network/onnx/layer_weights.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ridgeline::onnx_import {
namespace {

/// Which of the constant's scales each filter has.
std::vector<std::size_t> sets_of_filters(const NodeImport& node, const WordsOfConstant& words,
                                         std::size_t M,
                                         const std::function<std::size_t(std::size_t)>& filter_of) {
  std::vector<std::size_t> sets(M, 0);
  if (words.set.empty()) return sets;
  std::vector<bool> known(M, false);
  for (std::size_t i = 0; i < words.set.size(); ++i) {
    const std::size_t m = filter_of(i), set = words.set_of(i);
    if (known[m] && sets[m] != set)
      node.fail(fmt::format("filter {} of the weights has several scales", m),
                "one scale, or one for each output channel");
    known[m] = true;
    sets[m] = set;
  }
  return sets;
}

void check_count(const NodeImport& node, std::size_t biases, std::size_t M) {
  if (biases != M) node.fail(fmt::format("{} biases for {} filters", biases, M));
}

}  // namespace

LayerWeights weights_from(const NodeImport& node, const Constant& constant, std::size_t M,
                          const std::function<std::size_t(std::size_t)>& filter_of) {
  const auto* reals = std::get_if<std::vector<float>>(&constant.data);
  if (reals == nullptr)
    node.fail("has weights of integers", "float, or words of a DequantizeLinear");
  const bool has_words = constant.words != nullptr && constant.words->narrow;
  if (!has_words) return {.filters = *reals};
  const WordsOfConstant& words = *constant.words;
  LayerWeights weights;
  weights.filters.assign(words.less_zero.begin(), words.less_zero.end());
  for (const std::size_t set : sets_of_filters(node, words, M, filter_of)) {
    weights.scales.push_back(words.scales[set]);
    weights.zeros.push_back(words.zeros[set]);
  }
  return weights;
}

void put_bias(const NodeImport& node, std::size_t i, std::size_t M,
              const std::optional<Quantization>& ifmap, LayerWeights& weights) {
  if (!node.has_input(i)) return;
  weights.bias = node.floats(i);
  check_count(node, weights.bias.size(), M);
  const WordsOfConstant* words = node.constant(i).words.get();
  if (words == nullptr || words->narrow || weights.scales.empty() || !ifmap) return;
  for (std::size_t m = 0; m < M; ++m) {
    // The file's scale is a product rounded to float.
    constexpr double kTolerance = 1e-5;
    const double has = words->scales[words->set_of(m)];
    const double needs = ifmap->scale * weights.scales[m];
    if (std::abs(has - needs) > kTolerance * needs)
      node.fail(fmt::format("bias {} has the scale {:.6g}", m, has),
                fmt::format("{:.6g}, the product of its ifmap's and its filter's", needs));
  }
  weights.bias_words = words->less_zero;
}

void put_bias_words(const NodeImport& node, std::size_t i, std::size_t M, const Quantization& ifmap,
                    LayerWeights& weights) {
  if (!node.has_input(i)) return;
  if (node.constant(i).type != onnx::TensorProto::INT32)
    node.fail(fmt::format("input {}, the bias, is {}", i, type_name(node.constant(i).type)),
              "int32");
  const std::vector<std::int64_t>& words = node.integers_of(i);
  check_count(node, words.size(), M);
  for (std::size_t m = 0; m < M; ++m) {
    weights.bias_words.push_back(static_cast<std::int32_t>(words[m]));
    weights.bias.push_back(
        static_cast<float>(static_cast<double>(words[m]) * ifmap.scale * weights.scales[m]));
  }
}

void move_filters(const std::vector<int>& places, LayerWeights& weights) {
  weights.scales = in_order_of_map(weights.scales, places);
  weights.zeros = in_order_of_map(weights.zeros, places);
  weights.bias = in_order_of_map(weights.bias, places);
  weights.bias_words = in_order_of_map(weights.bias_words, places);
}

NodeWeights node_weights(LayerWeights weights) {
  NodeWeights result{.filters = std::move(weights.filters), .bias = std::move(weights.bias)};
  if (weights.scales.empty()) return result;
  const std::size_t M = weights.scales.size(), words = result.filters.size() / M;
  result.fixed.filters.reserve(result.filters.size());
  for (std::size_t i = 0; i < result.filters.size(); ++i) {
    const std::size_t m = i / words;
    float& number = result.filters[i];
    result.fixed.filters.push_back(
        static_cast<std::int8_t>(static_cast<std::int32_t>(number) + weights.zeros[m]));
    number = static_cast<float>(weights.scales[m] * static_cast<double>(number));
  }
  result.fixed.filter_scales = std::move(weights.scales);
  result.fixed.filter_zeros = std::move(weights.zeros);
  result.fixed.bias = std::move(weights.bias_words);
  return result;
}

}  // namespace ridgeline::onnx_import
