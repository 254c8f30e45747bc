#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "models/network/onnx/constant_math.hpp"
#include "models/network/onnx/operators.hpp"
#include "models/network/onnx/sums.hpp"
#include "models/network/onnx/words.hpp"

namespace ridgeline::onnx_import {
namespace {

constexpr float kNoBound = std::numeric_limits<float>::infinity();

/// An operation on every element: the array is looked at as before.
void add_elementwise(NodeImport& node, Op op) {
  const Activation x = node.activation(0);
  Activation y = x;
  y.node = node.add(std::move(op), {x.node});
  node.set_output(same_words(node, x, std::move(y)));
}

/// The real number that `word` of array x stands for.
float real_of(const NodeImport& node, const Activation& x, std::int32_t word) {
  return static_cast<float>(quantization_of(node, x)->real(held(word, x.elements)));
}

/// Clip's bound: attribute `name` before opset 11, input `i` from then on.
float bound(const NodeImport& node, const char* name, std::size_t i, float usual) {
  if (node.opset() < 11) {
    if (node.inputs() > 1) node.fail("has bounds as inputs before opset 11", "attributes");
    return node.real(name, usual);
  }
  if (node.has(name)) node.fail("has bounds as attributes since opset 11", "inputs");
  if (!node.has_input(i)) return usual;
  if (node.constant(i).elements() != 1) node.fail("has a bound that is no scalar", "one number");
  const Activation x = node.padded_activation(0);
  if (x.elements == ElementType::real) return node.floats(i).front();
  if (word_type(node, i) != x.elements)
    node.fail(fmt::format("a bound of {} for words of {}", element_name(word_type(node, i)),
                          element_name(x.elements)),
              "one type");
  return real_of(node, x, node.words_of(i).front());
}

/// The axis of `x` along which the constant varies; none if it is one number.
/// Fails unless it is broadcast to the array and varies along one axis at most.
std::optional<std::size_t> varying_axis(const NodeImport& node, const std::vector<std::int64_t>& x,
                                        const std::vector<std::int64_t>& constant) {
  std::optional<std::size_t> axis;
  const std::size_t shift = x.size() - std::min(x.size(), constant.size());
  bool fits = constant.size() <= x.size();
  for (std::size_t i = 0; fits && i < constant.size(); ++i) {
    if (constant[i] == 1) continue;
    fits = constant[i] == x[i + shift] && !axis;
    axis = i + shift;
  }
  if (!fits)
    node.fail("adds a constant of " + dims_text(constant) + " to an array of " + dims_text(x),
              "one number, or one a channel");
  return axis;
}

void add_constant(NodeImport& node, std::size_t array, std::size_t constant) {
  Activation x = node.activation(array);
  const TensorShape shape = node.shape(x.node);
  const std::vector<float>& values = node.floats(constant);
  const auto axis = varying_axis(node, x.layout.dims(), node.constant(constant).dims);
  std::vector<float> bias;
  if (!axis) {
    if (values.empty()) node.fail("adds a constant without elements", "one number");
    if (shape.C > (1 << 24)) node.fail("adds to each of too many channels", "at most 2^24");
    bias.assign(static_cast<std::size_t>(shape.C), values.front());
  } else {
    const auto channels = channels_along(x, shape, *axis, *axis + 1);
    if (!channels) node.fail_layout("adds numbers that are not one a channel");
    bias = in_order_of_map(values, *channels);
  }
  if (!node.add_to_bias(array, bias)) x.node = node.add_depthwise(x.node, std::move(bias), {}, "");
  x.quantization.reset();
  node.set_output(std::move(x));
}

}  // namespace

Activation sum_of(NodeImport& node, const Activation& a, const Activation& b, std::string part) {
  if (dims_of(a) != dims_of(b))
    node.fail("adds " + dims_text(dims_of(b)) + " to " + dims_text(dims_of(a)),
              "two arrays of one shape, or an array and a constant");
  Activation sum{.layout = a.layout, .channels = a.channels};
  if (node.shape(a.node) == node.shape(b.node) && a.layout == b.layout &&
      a.channels == b.channels) {
    sum.node = node.add(AddOp{}, {a.node, b.node}, {}, std::move(part));
    return sum;
  }
  const FeatureMap left = node.ordered_feature_map(a), right = node.ordered_feature_map(b);
  if (left.shape != right.shape || left.swapped != right.swapped)
    node.fail_layout("adds arrays that lie differently");
  const NodeId id = node.add(AddOp{}, {left.node, right.node}, {}, std::move(part));
  return array_like(left, id, node.shape(id));
}

// Of words it is max(word, 0), whatever their zero point.
void import_relu(NodeImport& node) {
  const Activation x = node.padded_activation(0);
  if (x.elements == ElementType::real) return add_elementwise(node, ClampOp{});
  if (node.opset() < 14 || x.elements != ElementType::int8)
    node.fail(fmt::format("reads words of {}", element_name(x.elements)), "int8, since opset 14");
  add_elementwise(node, ClampOp{.lowest = real_of(node, x, 0)});
}

void import_clip(NodeImport& node) {
  const float lowest = bound(node, "min", 1, -kNoBound);
  const float highest = bound(node, "max", 2, kNoBound);
  // Where they cross, all elements are the upper one (opset 12 and numpy.clip).
  add_elementwise(node, ClampOp{std::min(lowest, highest), highest});
}

void import_add(NodeImport& node) {
  const bool left = node.is_constant(0), right = node.is_constant(1);
  if (left && right) return combine_constants(node);
  if (right) return add_constant(node, 0, 1);
  if (left) return add_constant(node, 1, 0);
  const Activation a = node.activation(0);
  node.set_output(sum_of(node, a, node.activation(1), ""));
}

void import_sum(NodeImport& node) {
  for (std::size_t i = 0; i < node.inputs(); ++i)
    if (node.is_constant(i)) node.fail("sums a constant", "arrays that depend on the input");
  Activation sum = node.activation(0);
  for (std::size_t i = 1; i < node.inputs(); ++i) {
    const bool is_last = i + 1 == node.inputs();
    sum = sum_of(node, sum, node.activation(i), is_last ? "" : fmt::format("/{}", i));
  }
  node.set_output(std::move(sum));
}

}  // namespace ridgeline::onnx_import
