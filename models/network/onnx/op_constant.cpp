#include <fmt/format.h>

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
  if (value.name() == "value")
    return node.set_output(std::make_shared<const Constant>(node.tensor("value")));
  if (value.name() == "value_float")
    return node.set_output(list_of(std::vector<float>{node.real("value_float", 0)}, true));
  if (value.name() == "value_int")
    return node.set_output(list_of(std::vector<std::int64_t>{node.integer("value_int", 0)}, true));
  if (value.name() == "value_ints")
    return node.set_output(list_of(node.integers("value_ints"), false));
  node.set_output(list_of(std::vector<float>(value.floats().begin(), value.floats().end()), false));
}

}  // namespace ridgeline::onnx_import
