#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "models/base/error.hpp"
#include "models/network/onnx/model_file.hpp"
#include "models/network/onnx/node_import.hpp"

namespace ridgeline::onnx_import {
namespace {

using onnx::AttributeProto;

/// Refuses an attribute of another type than its operator gives it.
void check_type(const NodeImport& node, const AttributeProto& attribute,
                AttributeProto::AttributeType wanted) {
  // Files of IR version 1 leave the type out.
  if (attribute.type() == wanted || attribute.type() == AttributeProto::UNDEFINED) return;
  node.fail(fmt::format("attribute {} is of type {}", in_quotes(attribute.name()),
                        AttributeProto::AttributeType_Name(attribute.type())),
            AttributeProto::AttributeType_Name(wanted));
}

}  // namespace

const AttributeProto* NodeImport::attribute(std::string_view name) const {
  for (const AttributeProto& attribute : node_.attribute())
    if (attribute.name() == name) return &attribute;
  return nullptr;
}

bool NodeImport::has(std::string_view name) const {
  return attribute(name) != nullptr;
}

std::int64_t NodeImport::integer(std::string_view name, std::int64_t fallback) const {
  const AttributeProto* found = attribute(name);
  if (found == nullptr) return fallback;
  check_type(*this, *found, AttributeProto::INT);
  return found->i();
}

float NodeImport::real(std::string_view name, float fallback) const {
  const AttributeProto* found = attribute(name);
  if (found == nullptr) return fallback;
  check_type(*this, *found, AttributeProto::FLOAT);
  if (std::isnan(found->f())) fail(fmt::format("attribute '{}' is not a number", name));
  return found->f();
}

std::string NodeImport::text(std::string_view name, std::string fallback) const {
  const AttributeProto* found = attribute(name);
  if (found == nullptr) return fallback;
  check_type(*this, *found, AttributeProto::STRING);
  return found->s();
}

std::vector<std::int64_t> NodeImport::integers(std::string_view name) const {
  const AttributeProto* found = attribute(name);
  if (found == nullptr) return {};
  check_type(*this, *found, AttributeProto::INTS);
  return {found->ints().begin(), found->ints().end()};
}

void NodeImport::check_attributes(std::span<const std::string_view> known) const {
  for (int i = 0; i < node_.attribute_size(); ++i) {
    const std::string& name = node_.attribute(i).name();
    if (std::ranges::find(known, name) == known.end())
      fail("has attribute " + in_quotes(name) + ", which is unknown here",
           known.empty() ? "no attributes" : fmt::format("{}", fmt::join(known, ", ")));
    for (int j = 0; j < i; ++j)
      if (node_.attribute(j).name() == name) fail("has attribute " + in_quotes(name) + " twice");
    if (!node_.attribute(i).ref_attr_name().empty())
      fail("attribute " + in_quotes(name) + " refers to a function's attribute", "a value");
  }
}

}  // namespace ridgeline::onnx_import
