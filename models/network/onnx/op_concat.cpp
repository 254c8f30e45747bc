#include <fmt/format.h>

#include <algorithm>

#include "models/network/onnx/operators.hpp"

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

}  // namespace

void import_concat(NodeImport& node) {
  std::size_t constants = 0;
  for (std::size_t i = 0; i < node.inputs(); ++i) constants += node.is_constant(i) ? 1 : 0;
  if (!node.has("axis")) node.fail("has no axis", "axis 1");
  if (constants == node.inputs()) return join_constants(node);
  if (constants > 0) node.fail("joins an array with a constant", "arrays that depend on the input");
  std::vector<FeatureMap> parts;
  std::vector<NodeId> inputs;
  bool shuffled = false;
  for (std::size_t i = 0; i < node.inputs(); ++i) {
    parts.push_back(node.feature_map(node.activation(i)));
    inputs.push_back(parts.back().node);
    shuffled = shuffled || !parts.back().channels.empty();
    if (parts.back().rank != parts[0].rank || parts.back().swapped != parts[0].swapped)
      node.fail_layout("joins arrays that lie differently");
  }
  const std::size_t axis = axis_of(node, node.integer("axis", 1), parts[0].rank);
  if (axis != 1) node.fail_layout(fmt::format("joins along axis {}, not along channels", axis));
  FeatureMap joined = parts[0];
  joined.channels = shuffled ? joined_channels(parts) : std::vector<int>{};
  const NodeId id = node.add(ConcatOp{}, std::move(inputs));
  node.set_output(array_like(joined, id, node.shape(id)));
}

}  // namespace ridgeline::onnx_import
