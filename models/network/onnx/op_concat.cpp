#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "models/network/onnx/operators.hpp"
#include "models/network/onnx/sums.hpp"
#include "models/network/onnx/words.hpp"

namespace ridgeline::onnx_import {
namespace {

/// Lists of numbers, as shapes are put together.
void join_constants(NodeImport& node) {
  auto joined = std::make_shared<Constant>();
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 0; i < node.inputs(); ++i) {
    if (node.constant(i).dims.size() != 1) node.fail("joins constants that are no lists", "lists");
    const auto& more = node.integers_of(i);
    numbers.insert(numbers.end(), more.begin(), more.end());
  }
  joined->dims = {static_cast<std::int64_t>(numbers.size())};
  joined->data = std::move(numbers);
  node.set_output(std::shared_ptr<const Constant>(std::move(joined)));
}

/// Channels of parts one after another, in the order of the joined feature map.
std::vector<int> joined_channels(const std::vector<FeatureMap>& parts) {
  std::vector<int> channels;
  for (const FeatureMap& part : parts) {
    const auto first = static_cast<int>(channels.size());
    for (int c = 0; c < part.shape.C; ++c) {
      const int own = part.channels.empty() ? c : part.channels[static_cast<std::size_t>(c)];
      channels.push_back(first + own);
    }
  }
  return unless_in_order(std::move(channels));
}

/// The quantisation of all of them, if they have one.
std::optional<Quantization> common_quantization(const NodeImport& node,
                                                const std::vector<Activation>& arrays) {
  std::optional<Quantization> common = quantization_of(node, arrays.front());
  for (const Activation& array : arrays)
    if (quantization_of(node, array) != common) return {};
  return common;
}

/// The quantisation that a QuantizeLinear behind the node gives its result.
std::optional<Quantization> quantization_behind(const NodeImport& node) {
  const auto reader = node.only_reader();
  if (!reader || reader->proto().op_type() != "QuantizeLinear") return {};
  return one_quantization(*reader, read_scales(*reader, 1, 2, {}));
}

/// Parts of one concatenation share its scale: real numbers that stand for words of another are
/// requantised before.
void requantise(NodeImport& node, std::vector<Activation>& arrays) {
  const auto wanted = quantization_behind(node);
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    Activation& x = arrays[i];
    if (!x.quantization || x.quantization == wanted) continue;
    constexpr float kNone = std::numeric_limits<float>::infinity();
    x.node = node.add(ClampOp{.lowest = -kNone, .highest = kNone, .separate = true}, {x.node}, {},
                      fmt::format("/scale{}", i));
    x.quantization = wanted;
    node.weights(x.node).fixed.output = wanted;
  }
}

void check_alike(const NodeImport& node, const std::vector<Activation>& arrays, bool one_scale) {
  const ElementType elements = arrays.front().elements;
  for (const Activation& x : arrays)
    if (x.elements != elements)
      node.fail(fmt::format("joins arrays of {} and of {}", element_name(elements),
                            element_name(x.elements)),
                "one type");
  if (elements != ElementType::real && !one_scale)
    node.fail("joins words of different scales or zero points",
              "one scale and zero point, or a DequantizeLinear before and a QuantizeLinear behind");
}

}  // namespace

Activation joined(NodeImport& node, const std::vector<Activation>& arrays) {
  std::vector<FeatureMap> parts;
  std::vector<NodeId> inputs;
  bool shuffled = false;
  for (const Activation& array : arrays) {
    parts.push_back(node.feature_map(array));
    inputs.push_back(parts.back().node);
    shuffled = shuffled || !parts.back().channels.empty();
    if (parts.back().rank != parts[0].rank || parts.back().swapped != parts[0].swapped)
      node.fail_layout("joins arrays that lie differently");
  }
  const std::size_t axis = axis_of(node, node.integer("axis", 1), parts[0].rank);
  if (axis != 1) node.fail_layout(fmt::format("joins along axis {}, not along channels", axis));
  FeatureMap whole = parts[0];
  whole.channels = shuffled ? joined_channels(parts) : std::vector<int>{};
  const auto common = common_quantization(node, arrays);
  const NodeId id = node.add(ConcatOp{}, std::move(inputs));
  Activation y = array_like(whole, id, node.shape(id));
  y.elements = arrays.front().elements;
  y.quantization = common;
  node.weights(id).fixed.output = common;
  return y;
}

void import_concat(NodeImport& node) {
  std::size_t constants = 0;
  for (std::size_t i = 0; i < node.inputs(); ++i) constants += node.is_constant(i) ? 1 : 0;
  if (!node.has("axis")) node.fail("has no axis", "axis 1");
  if (constants == node.inputs()) return join_constants(node);
  if (constants > 0) node.fail("joins an array with a constant", "arrays that depend on the input");
  std::vector<Activation> arrays;
  for (std::size_t i = 0; i < node.inputs(); ++i) arrays.push_back(node.activation(i));
  const bool one_scale = common_quantization(node, arrays).has_value();
  check_alike(node, arrays, one_scale);
  if (!one_scale) requantise(node, arrays);
  node.set_output(joined(node, arrays));
}

}  // namespace ridgeline::onnx_import
