#include <fmt/format.h>

#include <algorithm>

#include "models/network/onnx/graph_order.hpp"
#include "models/network/onnx/operators.hpp"

namespace ridgeline::onnx_import {
namespace {

template <class T>
std::shared_ptr<const Constant> list_of(std::vector<T> values, bool scalar) {
  auto constant = std::make_shared<Constant>();
  if (!scalar) constant->dims = {static_cast<std::int64_t>(values.size())};
  constant->data = std::move(values);
  return constant;
}

}  // namespace

void import_constant(NodeImport& node) {
  if (node.proto().attribute_size() != 1)
    node.fail(fmt::format("has {} values", node.proto().attribute_size()), "one");
  const onnx::AttributeProto& value = node.proto().attribute(0);
  if (value.name() == "value") return node.set_tensor(value.t());
  if (value.name() == "value_float")
    return node.set_output(list_of(std::vector<float>{node.real("value_float", 0)}, true));
  if (value.name() == "value_int")
    return node.set_output(list_of(std::vector<std::int64_t>{node.integer("value_int", 0)}, true));
  if (value.name() == "value_ints")
    return node.set_output(list_of(node.integers("value_ints"), false));
  node.set_output(list_of(std::vector<float>(value.floats().begin(), value.floats().end()), false));
}

// Shapes are known, so the operators that exporters put together shapes with are worked out here.
void import_shape(NodeImport& node) {
  std::vector<std::int64_t> dims =
      node.is_constant(0) ? node.constant(0).dims : dims_of(node.padded_activation(0));
  const auto rank = static_cast<std::int64_t>(dims.size());
  const auto bounded = [&](std::int64_t axis) {
    return std::clamp<std::int64_t>(axis < 0 ? axis + rank : axis, 0, rank);
  };
  const std::int64_t begin = bounded(node.integer("start", 0));
  const std::int64_t end = std::max(begin, bounded(node.integer("end", rank)));
  node.set_output(
      list_of(std::vector<std::int64_t>(dims.begin() + begin, dims.begin() + end), false));
}

void import_gather(NodeImport& node) {
  if (!node.is_constant(0)) node.fail("gathers from an array", "a list of numbers, like a shape");
  const std::vector<std::int64_t>& list = node.integers_of(0);
  if (node.constant(0).dims.size() != 1 || node.integer("axis", 0) != 0)
    node.fail("gathers from " + dims_text(node.constant(0).dims), "a list, along axis 0");
  std::vector<std::int64_t> gathered;
  for (const std::int64_t index : node.integers_of(1))
    gathered.push_back(list[axis_of(node, index, list.size())]);
  const bool scalar = node.constant(1).dims.empty();
  node.set_output(list_of(std::move(gathered), scalar));
}

}  // namespace ridgeline::onnx_import
