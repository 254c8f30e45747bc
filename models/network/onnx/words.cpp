#include "models/network/onnx/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/network/onnx/model_file.hpp"
#include "models/network/onnx/operators.hpp"

namespace ridgeline::onnx_import {
namespace {

/// Its value is one of those that it reads, or a bound.
bool selects(const Op& op) {
  const auto* pool = std::get_if<PoolOp>(&op);
  return std::holds_alternative<ClampOp>(op) || (pool != nullptr && pool->kind == PoolKind::max);
}

/// Whether a clamp behind it becomes part of its layer.
bool takes_clamp(const Op& op) {
  return has_weights(op) || std::holds_alternative<AddOp>(op) || selects(op);
}

/// The words' whole range in real numbers.
ClampOp range_of(const Quantization& q) {
  return {static_cast<float>(q.real(-128)), static_cast<float>(q.real(127))};
}

bool is_within(const Op& op, const ClampOp& range) {
  const auto* clamp = std::get_if<ClampOp>(&op);
  return clamp != nullptr && clamp->lowest >= range.lowest && clamp->highest <= range.highest;
}

NodeId add_clamp(NodeImport& node, NodeId x, ClampOp clamp, const Quantization& q,
                 const std::string& part) {
  const NodeId id = node.add(clamp, {x}, {}, part);
  node.weights(id).fixed.output = q;
  return id;
}

/// Words of one quantisation in another: the pool or clamp that made them does it, or a copy.
NodeId requantised(NodeImport& node, const Activation& x, const Quantization& q,
                   std::optional<std::size_t> input, const std::string& part) {
  const Op& op = node.network_node(x.node).op;
  if (x.elements == ElementType::real && input && selects(op) && node.reads_alone(*input, x.node)) {
    if (std::holds_alternative<ClampOp>(op)) node.make_separate(x.node);
    node.weights(x.node).fixed.output = q;
    return x.node;
  }
  ClampOp clamp = range_of(q);
  clamp.separate = true;
  return add_clamp(node, x.node, clamp, q, part);
}

/// Real numbers, not rounded to words yet, in words.
NodeId quantised(NodeImport& node, const Activation& x, const Quantization& q,
                 const std::string& part) {
  const Op& op = node.network_node(x.node).op;
  std::optional<Quantization>& own = node.weights(x.node).fixed.output;
  if (takes_clamp(op) && !is_within(op, range_of(q)))
    return add_clamp(node, x.node, range_of(q), q, part);
  if (own && *own != q)
    node.fail("quantises an array that another node quantises with another scale or zero point",
              "one quantisation of an array");
  own = q;
  return x.node;
}

/// The node's value, and what it is selected from, has quantisation `q`, unless it has one already.
void settle(const NodeImport& node, NodeId id, const Quantization& q) {
  std::vector<NodeId> open{id};
  while (!open.empty()) {
    std::optional<Quantization>& own = node.weights(open.back()).fixed.output;
    const Node& made = node.network_node(open.back());
    open.pop_back();
    if (own) continue;
    own = q;
    if (selects(made.op) || std::holds_alternative<ConcatOp>(made.op))
      open.insert(open.end(), made.inputs.begin(), made.inputs.end());
  }
}

std::vector<double> positive_scales(const NodeImport& node, std::size_t i) {
  const Constant& constant = node.constant(i);
  const std::vector<float>& floats = node.floats(i);
  if (constant.dims.size() > 1 || floats.empty())
    node.fail(fmt::format("input {}, a scale, is {}", i, dims_text(constant.dims)),
              "one number, or a list of them");
  for (std::size_t k = 0; k < floats.size(); ++k)
    if (!(floats[k] > 0) || !std::isfinite(floats[k]))
      node.fail(fmt::format("input {}, a scale, is {}", i, floats[k]), "above 0 and finite");
  return {floats.begin(), floats.end()};
}

/// Words of constant `i`, held, or int32.
std::vector<std::int32_t> held_words(const NodeImport& node, std::size_t i, ElementType type) {
  std::vector<std::int32_t> words;
  words.reserve(node.constant(i).elements());
  if (type == ElementType::int32) {
    for (const std::int64_t word : node.integers_of(i))
      words.push_back(static_cast<std::int32_t>(word));
  } else {
    for (const std::int16_t word : node.words_of(i)) words.push_back(held(word, type));
  }
  return words;
}

}  // namespace

std::vector<std::int32_t> zero_points(const NodeImport& node, std::size_t i, ElementType type) {
  if (type == ElementType::int32) {
    const std::vector<std::int64_t>& zeros = node.integers_of(i);
    if (std::ranges::any_of(zeros, [](std::int64_t zero) { return zero != 0; }))
      node.fail(fmt::format("input {}, a zero point of int32 words, is not 0", i), "0");
    return std::vector<std::int32_t>(zeros.size());
  }
  if (word_type(node, i) != type)
    node.fail(fmt::format("input {}, a zero point, is {}", i, element_name(word_type(node, i))),
              std::string(element_name(type)) + ", as its words are");
  std::vector<std::int32_t> zeros;
  for (const std::int16_t word : node.words_of(i)) zeros.push_back(held(word, type));
  return zeros;
}

Scales read_scales(const NodeImport& node, std::size_t scale, std::size_t zero,
                   std::optional<ElementType> type) {
  const bool has_zero = node.has_input(zero);
  Scales read{.scales = positive_scales(node, scale)};
  if (type) read.type = *type;
  if (!type && has_zero) read.type = word_type(node, zero);
  read.zeros.assign(read.scales.size(), held(0, read.type));
  if (!has_zero) return read;
  read.zeros = zero_points(node, zero, read.type);
  if (read.zeros.size() != read.scales.size())
    node.fail(fmt::format("{} scales and {} zero points", read.scales.size(), read.zeros.size()),
              "as many of one as of the other");
  return read;
}

Quantization one_quantization(const NodeImport& node, const Scales& scales) {
  if (scales.scales.size() != 1)
    node.fail(fmt::format("{} scales for an array that depends on the input", scales.scales.size()),
              "one; only weights have a scale for each channel");
  return {.scale = scales.scales[0], .zero_point = scales.zeros[0], .whole_range = true};
}

ElementType word_type(const NodeImport& node, std::size_t i) {
  const int type = node.constant(i).type;
  if (type == onnx::TensorProto::INT8) return ElementType::int8;
  if (type == onnx::TensorProto::UINT8) return ElementType::uint8;
  node.fail(fmt::format("input {} is {}", i, type_name(type)), "int8 or uint8");
}

std::vector<std::int32_t> sets_along(const NodeImport& node, const Constant& constant,
                                     std::size_t scales, std::int64_t axis) {
  if (scales == 1) return {};
  const std::size_t along = axis_of(node, axis, constant.dims.size());
  if (constant.dims[along] != static_cast<std::int64_t>(scales))
    node.fail(fmt::format("{} scales for a constant of {} along axis {}", scales,
                          dims_text(constant.dims), along),
              fmt::format("one, or {}", constant.dims[along]));
  std::size_t inner = 1;
  for (std::size_t i = along + 1; i < constant.dims.size(); ++i)
    inner *= static_cast<std::size_t>(constant.dims[i]);
  std::vector<std::int32_t> sets(constant.elements());
  for (std::size_t i = 0; i < sets.size(); ++i)
    sets[i] = static_cast<std::int32_t>(i / inner % scales);
  return sets;
}

std::shared_ptr<const Constant> dequantised(const NodeImport& node, std::size_t i,
                                            const Scales& scales, std::int64_t axis) {
  const Constant& constant = node.constant(i);
  auto words = std::make_shared<WordsOfConstant>();
  words->less_zero = held_words(node, i, scales.type);
  words->set = sets_along(node, constant, scales.scales.size(), axis);
  words->scales = scales.scales;
  words->zeros = scales.zeros;
  words->narrow = scales.type != ElementType::int32;
  std::vector<float> reals(words->less_zero.size());
  for (std::size_t k = 0; k < reals.size(); ++k) {
    const std::size_t set = words->set_of(k);
    words->less_zero[k] -= scales.zeros[set];
    reals[k] = static_cast<float>(scales.scales[set] * words->less_zero[k]);
    if (!std::isfinite(reals[k]))
      node.fail(fmt::format("element {} is beyond float32", k), "finite numbers");
  }
  auto result = std::make_shared<Constant>();
  result->dims = constant.dims;
  result->data = std::move(reals);
  result->type = onnx::TensorProto::FLOAT;
  result->words = std::move(words);
  return result;
}

std::optional<Quantization> quantization_of(const NodeImport& node, const Activation& x) {
  const bool words = x.elements == ElementType::int8 || x.elements == ElementType::uint8;
  if (x.quantization || !words || !x.dynamic.empty()) return x.quantization;
  settle(node, x.node, {.scale = 1, .zero_point = held(0, x.elements), .whole_range = true});
  return node.weights(x.node).fixed.output;
}

void check_words(const NodeImport& node, std::size_t i, const Activation& x,
                 const Quantization& q) {
  if (x.elements == ElementType::real)
    node.fail(fmt::format("input {} holds real numbers", i), "words of a QuantizeLinear");
  settle(node, x.node, q);
  const Quantization own = x.quantization.value_or(*node.weights(x.node).fixed.output);
  if (own == q) return;
  const auto text = [&](const Quantization& of) {
    const int zero = of.zero_point + (x.elements == ElementType::uint8 ? 128 : 0);
    return fmt::format("scale {} and zero point {}", static_cast<float>(of.scale), zero);
  };
  node.fail(fmt::format("reads input {} with {}, but its words have {}", i, text(q), text(own)),
            "the words' own");
}

double largest_sum(const NodeImport& node, const Activation& x) {
  const Node& layer = node.network_node(x.node);
  const NodeWeights& weights = node.weights(x.node);
  const auto& ifmap = node.weights(layer.inputs.front()).fixed.output;
  if (!ifmap || weights.fixed.filter_scales.empty()) return HUGE_VAL;
  const std::size_t words = weights.filters.size() / weights.fixed.filter_scales.size();
  double largest = 0;
  for (std::size_t first = 0; first < weights.filters.size(); first += words) {
    double sum = 0;
    for (std::size_t i = first; i < first + words; ++i) sum += std::abs(weights.filters[i]);
    largest = std::max(largest, sum);
  }
  return largest * std::max(127 - ifmap->zero_point, ifmap->zero_point + 128);
}

Activation same_words(const NodeImport& node, const Activation& x, Activation y) {
  y.elements = x.elements;
  y.quantization = x.quantization;
  if (!y.quantization && x.elements != ElementType::real)
    y.quantization = node.weights(x.node).fixed.output;
  if (y.quantization && y.node != x.node) node.weights(y.node).fixed.output = y.quantization;
  return y;
}

Activation in_words(NodeImport& node, Activation x, const Quantization& q, ElementType type,
                    std::optional<std::size_t> input, const std::string& part) {
  if (!x.quantization)
    x.node = quantised(node, x, q, part);
  else if (*x.quantization != q)
    x.node = requantised(node, x, q, input, part);
  x.elements = type;
  x.quantization = q;
  return x;
}

}  // namespace ridgeline::onnx_import
