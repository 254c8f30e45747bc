#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>

#include "models/network/onnx/operators.hpp"

namespace ridgeline::onnx_import {
namespace {

using Dims = std::vector<std::int64_t>;
using Change = std::function<std::optional<Layout>(const Layout&)>;

/// A constant looked at differently is another constant.
std::shared_ptr<const Constant> changed(const Constant& constant, const Layout& layout) {
  const std::vector<std::int64_t> offsets = layout.offsets();
  const auto moved = [&]<class T>(const std::vector<T>& values) {
    std::vector<T> result;
    result.reserve(values.size());
    for (const std::int64_t at : offsets) result.push_back(values[static_cast<std::size_t>(at)]);
    return result;
  };
  auto result = std::make_shared<Constant>();
  result->dims = layout.dims();
  result->type = constant.type;
  std::visit([&](const auto& values) { result->data = moved(values); }, constant.data);
  if (!constant.words) return result;
  auto words = std::make_shared<WordsOfConstant>(*constant.words);
  words->less_zero = moved(words->less_zero);
  if (!words->set.empty()) words->set = moved(words->set);
  result->words = std::move(words);
  return result;
}

/// Extents of input 0, each at least 1.
Dims dims_of_input(NodeImport& node) {
  const Dims dims = node.is_constant(0) ? node.constant(0).dims : node.activation(0).layout.dims();
  if (std::ranges::find(dims, 0) != dims.end())
    node.fail("reads an array without elements, " + dims_text(dims), "extents of at least 1");
  return dims;
}

void look_differently(NodeImport& node, const Change& change) {
  const Dims dims = dims_of_input(node);
  if (node.is_constant(0)) {
    const Constant& constant = node.constant(0);
    return node.set_output(changed(constant, *change(Layout(dims))));
  }
  Activation x = node.activation(0);
  auto layout = change(x.layout);
  if (!layout) node.fail_layout("cuts an array of " + dims_text(dims) + " across its dimensions");
  x.layout = *std::move(layout);
  node.set_output(std::move(x));
}

void reshape(NodeImport& node, const Dims& dims) {
  look_differently(node, [&](const Layout& layout) { return layout.reshaped(dims); });
}

/// The product, or an error if it is beyond what an array can have.
std::int64_t product(const NodeImport& node, std::span<const std::int64_t> dims) {
  std::int64_t elements = 1;
  for (const std::int64_t dim : dims) {
    elements *= dim;
    if (elements > std::numeric_limits<int>::max()) node.fail("makes too large an array");
  }
  return elements;
}

std::vector<std::size_t> axes_at(const NodeImport& node, std::size_t rank) {
  std::vector<std::size_t> axes;
  for (const std::int64_t axis : node.integers_at("axes", 1))
    axes.push_back(axis_of(node, axis, rank));
  std::ranges::sort(axes);
  if (std::ranges::adjacent_find(axes) != axes.end()) node.fail("names an axis twice");
  return axes;
}

/// The shape that Reshape asks for, with 0 (as it was) and -1 (what is left) worked out.
Dims wanted_dims(const NodeImport& node, const Dims& from) {
  Dims dims = node.integers_of(1);
  constexpr std::size_t kMostDimensions = 16;
  if (dims.size() > kMostDimensions) node.fail("makes too many dimensions", "at most 16");
  std::size_t unknown = dims.size();
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] == 0 && node.integer("allowzero", 0) == 0 && i < from.size()) dims[i] = from[i];
    if (dims[i] == -1 && unknown == dims.size()) {
      unknown = i;
      dims[i] = 1;
    }
    if (dims[i] < 1)
      node.fail("asks for the shape " + dims_text(node.integers_of(1)),
                "extents of at least 1, and one -1");
  }
  const std::int64_t have = product(node, from), named = product(node, dims);
  if (unknown < dims.size()) dims[unknown] = have / named;
  if (product(node, dims) != have)
    node.fail("makes " + dims_text(node.integers_of(1)) + " of " + dims_text(from),
              "as many elements");
  return dims;
}

}  // namespace

void import_identity(NodeImport& node) {
  if (node.is_constant(0))
    return node.set_output(std::make_shared<const Constant>(node.constant(0)));
  node.set_output(node.padded_activation(0));
}

void import_dropout(NodeImport& node) {
  if (node.output_is_used(1)) node.fail("its output mask is used", "the output alone");
  if (node.has_input(2)) {
    const auto& training = node.integers_of(2);
    if (training.size() != 1 || training.front() != 0)
      node.fail("training_mode is set", "inference");
  }
  node.set_output(node.padded_activation(0));
}

void import_reshape(NodeImport& node) {
  reshape(node, wanted_dims(node, dims_of_input(node)));
}

void import_flatten(NodeImport& node) {
  const Dims dims = dims_of_input(node);
  const std::int64_t axis = node.integer("axis", 1);
  const auto rank = static_cast<std::int64_t>(dims.size());
  if (axis < -rank || axis > rank)
    node.fail(fmt::format("axis is {}", axis), fmt::format("{} to {}", -rank, rank));
  const auto cut = static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
  reshape(node,
          {product(node, std::span(dims).first(cut)), product(node, std::span(dims).subspan(cut))});
}

void import_squeeze(NodeImport& node) {
  const Dims dims = dims_of_input(node);
  const std::vector<std::size_t> axes = axes_at(node, dims.size());
  const bool all = axes.empty() && !node.has("axes") && !node.has_input(1);
  Dims kept;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const bool named = std::ranges::binary_search(axes, i);
    if (named && dims[i] != 1)
      node.fail(fmt::format("removes axis {} of {}", i, dims_text(dims)), "extents of 1");
    if (!named && !(all && dims[i] == 1)) kept.push_back(dims[i]);
  }
  reshape(node, kept);
}

void import_unsqueeze(NodeImport& node) {
  Dims dims = dims_of_input(node);
  const std::size_t count = node.integers_at("axes", 1).size();
  if (count == 0 || count > 16) node.fail(fmt::format("names {} axes", count), "1 to 16");
  for (const std::size_t axis : axes_at(node, dims.size() + count))
    dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(axis), 1);
  reshape(node, dims);
}

void import_transpose(NodeImport& node) {
  const std::size_t rank = dims_of_input(node).size();
  std::vector<std::size_t> order;
  for (const std::int64_t axis : node.integers("perm")) order.push_back(axis_of(node, axis, rank));
  if (!node.has("perm"))
    for (std::size_t i = rank; i-- > 0;) order.push_back(i);
  std::vector<std::size_t> all = order;
  std::ranges::sort(all);
  if (all.size() != rank || std::ranges::adjacent_find(all) != all.end())
    node.fail("perm is not an order of the axes", fmt::format("{} different axes", rank));
  look_differently(node, [&](const Layout& layout) { return layout.transposed(order); });
}

}  // namespace ridgeline::onnx_import
