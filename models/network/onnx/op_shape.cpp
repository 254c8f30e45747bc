#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "models/base/integer.hpp"
#include "models/network/onnx/model_file.hpp"
#include "models/network/onnx/operators.hpp"

/// Operators that exporters put shapes and pads together with, worked out on constants: shapes are
/// known here.
namespace ridgeline::onnx_import {
namespace {

using Dims = std::vector<std::int64_t>;

/// Elements that a list of shapes or pads may have; an array of many elements from one number would
/// take memory that no bytes of the file stand for.
constexpr std::int64_t kMostElements = 64;

template <class T>
void set_constant(NodeImport& node, Dims dims, std::vector<T> values,
                  int type = std::is_same_v<T, float> ? onnx::TensorProto::FLOAT
                                                      : onnx::TensorProto::INT64) {
  auto constant = std::make_shared<Constant>();
  constant->type = type;
  constant->dims = std::move(dims);
  constant->data = std::move(values);
  node.set_output(std::shared_ptr<const Constant>(std::move(constant)));
}

/// What a Slice takes of one dimension: `count` elements from `start` on, `step` apart.
struct Taken {
  std::int64_t start = 0, count = 0, step = 1;
};

/// As the specification clamps it.
Taken taken_of(const NodeImport& node, std::int64_t extent, std::int64_t start, std::int64_t end,
               std::int64_t step) {
  if (step == 0) node.fail("a step is 0", "a step forwards or backwards");
  if (extent == 0) return {};
  step = std::clamp(step, -extent, extent);  // larger ones take the first element alone, too
  const auto from_front = [&](std::int64_t at) { return at < 0 ? at + extent : at; };
  const std::int64_t last_start = step > 0 ? extent : extent - 1, least_end = step > 0 ? 0 : -1;
  start = std::clamp<std::int64_t>(from_front(std::max(start, -extent)), 0, last_start);
  end = end < -extent ? least_end : from_front(std::min(end, extent));
  const std::int64_t way = step > 0 ? end - start : start - end;
  return {start, way > 0 ? ceil_div(way, std::abs(step)) : 0, step};
}

/// By dimension.
std::vector<Taken> slices_of(const NodeImport& node, const Dims& dims) {
  const Dims starts = node.integers_at("starts", 1), ends = node.integers_at("ends", 2);
  Dims axes = node.integers_at("axes", 3);
  const Dims steps = node.has_input(4) ? node.integers_of(4) : Dims(starts.size(), 1);
  if (axes.empty())
    for (std::size_t i = 0; i < starts.size(); ++i) axes.push_back(static_cast<std::int64_t>(i));
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size())
    node.fail(fmt::format("has {} starts, {} ends, {} axes and {} steps", starts.size(),
                          ends.size(), axes.size(), steps.size()),
              "as many of each");
  std::vector<Taken> taken;
  for (const std::int64_t dim : dims) taken.push_back({0, dim, 1});
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::size_t axis = axis_of(node, axes[i], dims.size());
    taken[axis] = taken_of(node, dims[axis], starts[i], ends[i], steps[i]);
  }
  return taken;
}

template <class T>
std::vector<T> sliced(const std::vector<T>& values, const Dims& dims,
                      const std::vector<Taken>& taken) {
  Dims offsets{0};
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    Dims finer;
    const auto [start, count, step] = taken[axis];
    for (const std::int64_t offset : offsets)
      for (std::int64_t i = 0; i < count; ++i)
        finer.push_back(offset * dims[axis] + start + i * step);
    offsets = std::move(finer);
  }
  std::vector<T> result;
  for (const std::int64_t offset : offsets)
    result.push_back(values[static_cast<std::size_t>(offset)]);
  return result;
}

}  // namespace

void import_shape(NodeImport& node) {
  Dims dims = node.is_constant(0) ? node.constant(0).dims : dims_of(node.padded_activation(0));
  const auto rank = static_cast<std::int64_t>(dims.size());
  const auto bounded = [&](std::int64_t axis) {
    return std::clamp<std::int64_t>(axis < 0 ? axis + rank : axis, 0, rank);
  };
  const std::int64_t begin = bounded(node.integer("start", 0));
  const std::int64_t end = std::max(begin, bounded(node.integer("end", rank)));
  set_constant(node, {end - begin}, Dims(dims.begin() + begin, dims.begin() + end));
}

void import_gather(NodeImport& node) {
  if (!node.is_constant(0)) node.fail("gathers from an array", "a list of numbers, like a shape");
  const Dims& list = node.integers_of(0);
  if (node.constant(0).dims.size() != 1 || node.integer("axis", 0) != 0)
    node.fail("gathers from " + dims_text(node.constant(0).dims), "a list, along axis 0");
  Dims gathered;
  for (const std::int64_t index : node.integers_of(1))
    gathered.push_back(list[axis_of(node, index, list.size())]);
  const Dims shape = node.constant(1).dims.empty() ? Dims{} : Dims{std::ssize(gathered)};
  set_constant(node, shape, std::move(gathered));
}

void import_constant_of_shape(NodeImport& node) {
  const Dims dims = node.integers_of(0);
  std::int64_t elements = 1;
  for (const std::int64_t dim : dims) {
    if (dim < 0) node.fail(fmt::format("asks for the extent {}", dim), "0 or more");
    elements = dim > kMostElements ? kMostElements + 1 : elements * dim;
    if (elements > kMostElements)
      node.fail(
          "makes an array of " + dims_text(dims),
          fmt::format("at most {} elements, as lists of shapes and pads have", kMostElements));
  }
  const auto count = static_cast<std::size_t>(elements);
  if (!node.has("value")) return set_constant(node, dims, std::vector<float>(count, 0.0F));
  const Constant value = node.tensor("value");
  if (value.elements() != 1) node.fail("repeats " + dims_text(value.dims), "one number");
  std::visit(
      [&]<class T>(const std::vector<T>& one) {
        set_constant(node, dims, std::vector<T>(count, one.front()), value.type);
      },
      value.data);
}

void import_slice(NodeImport& node) {
  const bool is_constant = node.is_constant(0);
  const Dims dims = is_constant ? node.constant(0).dims : dims_of(node.padded_activation(0));
  const std::vector<Taken> taken = slices_of(node, dims);
  Dims left;
  for (const Taken& of_axis : taken) left.push_back(of_axis.count);
  const bool all =
      left == dims && std::ranges::all_of(taken, [](const Taken& t) { return t.step > 0; });
  if (!is_constant) {
    if (!all)
      node.fail("takes a part of an array", "constants, like lists of pads; all of an array");
    return node.set_output(node.padded_activation(0));
  }
  const Constant& constant = node.constant(0);
  if (constant.words) node.fail("takes a part of dequantised words", "whole arrays of them");
  std::visit(
      [&](const auto& values) {
        set_constant(node, left, sliced(values, dims, taken), constant.type);
      },
      constant.data);
}

}  // namespace ridgeline::onnx_import
