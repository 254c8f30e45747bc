#include "models/network/shape_inference.hpp"

#include <fmt/format.h>

#include <cmath>
#include <initializer_list>
#include <limits>

#include "models/base/error.hpp"

namespace ridgeline {
namespace {

/// Elements are counted with int in many loops.
constexpr std::int64_t kMostElements = std::numeric_limits<int>::max();
/// Far above any real window; keeps every sum of extents and pads within 64 bits.
constexpr int kLargestWindow = 1 << 20;

[[noreturn]] void fail(const std::string& place, std::string what, std::string allowed = {}) {
  throw InputError({.place = place, .what = std::move(what), .allowed = std::move(allowed)});
}

/// The product of positive factors, or one more than kMostElements if it is larger than that.
std::int64_t bounded_product(std::initializer_list<std::int64_t> factors) {
  std::int64_t product = 1;
  for (const std::int64_t factor : factors) {
    product *= factor;
    if (product > kMostElements) return kMostElements + 1;
  }
  return product;
}

void check_range(const std::string& place, const char* what, int value, int least) {
  if (value >= least && value <= kLargestWindow) return;
  fail(place, fmt::format("{} is {}", what, value), fmt::format("{} to {}", least, kLargestWindow));
}

/// One dimension of a sliding window.
struct Axis {
  const char* name;
  std::int64_t extent, kernel, stride, pad_before, pad_after, dilation;

  std::int64_t padded() const { return extent + pad_before + pad_after; }
  std::int64_t span() const { return (kernel - 1) * dilation + 1; }
};

std::array<Axis, 2> axes_of(const TensorShape& x, const Window& w) {
  return {{{"height", x.H, w.R, w.stride[0], w.pad[0], w.pad[2], w.dilation[0]},
           {"width", x.W, w.S, w.stride[1], w.pad[1], w.pad[3], w.dilation[1]}}};
}

void check_window(const TensorShape& x, const Window& window, const std::string& place) {
  check_range(place, "kernel height", window.R, 1);
  check_range(place, "kernel width", window.S, 1);
  for (const int stride : window.stride) check_range(place, "stride", stride, 1);
  for (const int dilation : window.dilation) check_range(place, "dilation", dilation, 1);
  for (const int pad : window.pad) check_range(place, "pad", pad, 0);
  for (const Axis& axis : axes_of(x, window)) {
    if (axis.padded() > kMostElements)
      fail(place, fmt::format("padded {} is {}", axis.name, axis.padded()),
           fmt::format("at most {}", kMostElements));
    if (axis.span() > axis.padded())
      fail(place,
           fmt::format("kernel spans {} elements in {} but the padded ifmap has {}", axis.span(),
                       axis.name, axis.padded()),
           fmt::format("at most {}", axis.padded()));
  }
}

int outputs_along(const Axis& axis, bool ceil_mode) {
  const std::int64_t room = axis.padded() - axis.span();
  if (!ceil_mode) return static_cast<int>(room / axis.stride + 1);
  std::int64_t outputs = ceil_div(room, axis.stride) + 1;
  if ((outputs - 1) * axis.stride >= axis.extent + axis.pad_before) --outputs;
  return static_cast<int>(outputs);
}

/// A window with no element of the ifmap in it has no largest element and no average. Windows
/// that begin inside the ifmap hold one; so only those that begin on the leading pad are walked.
void check_pool_windows_hold_elements(const Axis& axis, const std::string& place) {
  if (axis.pad_before >= axis.span() || axis.pad_after >= axis.span())
    fail(place,
         fmt::format("pad of {} and {} in {} with a window that spans {}", axis.pad_before,
                     axis.pad_after, axis.name, axis.span()),
         fmt::format("at most {}", axis.span() - 1));
  if (axis.dilation == 1) return;
  for (std::int64_t start = -axis.pad_before; start < 0; start += axis.stride) {
    const std::int64_t first_tap = ceil_div(-start, axis.dilation);  // exists: pad < span
    if (start + first_tap * axis.dilation >= axis.extent)
      fail(place, fmt::format("a dilated pool window has no element of the ifmap in {}", axis.name),
           "pads and dilations that leave an element in every window");
  }
}

void check_filters(std::initializer_list<std::int64_t> extents, const std::string& place) {
  if (bounded_product(extents) > kMostElements)
    fail(place, "filters have more elements than can be counted",
         fmt::format("at most {}", kMostElements));
}

void check_outputs(int M, const std::string& place) {
  if (M < 1) fail(place, fmt::format("number of filters M is {}", M), "at least 1");
}

TensorShape shape_of(InputOp& /*op*/, std::span<const TensorShape> /*inputs*/,
                     const std::string& place) {
  fail(place, "a network has one input, node 0", "an operation with inputs");
}

TensorShape shape_of(ConvOp& op, std::span<const TensorShape> inputs, const std::string& place) {
  const TensorShape& x = inputs[0];
  check_outputs(op.M, place);
  if (op.G < 1 || x.C % op.G != 0 || op.M % op.G != 0)
    fail(place,
         fmt::format("number of groups G is {}, with {} input and {} output channels", op.G, x.C,
                     op.M),
         "a number that divides both");
  check_window(x, op.window, place);
  check_filters({op.M, x.C / op.G, op.window.R, op.window.S}, place);
  const auto axes = axes_of(x, op.window);
  return {x.N, op.M, outputs_along(axes[0], false), outputs_along(axes[1], false)};
}

TensorShape shape_of(FullyConnectedOp& op, std::span<const TensorShape> inputs,
                     const std::string& place) {
  const TensorShape& x = inputs[0];
  check_outputs(op.M, place);
  check_filters({op.M, x.C, x.H, x.W}, place);
  return {x.N, op.M, 1, 1};
}

TensorShape shape_of(BatchNormOp& op, std::span<const TensorShape> inputs,
                     const std::string& place) {
  if (!std::isfinite(op.epsilon) || op.epsilon <= 0)
    fail(place, fmt::format("epsilon is {}", op.epsilon), "a finite number above 0");
  return inputs[0];
}

TensorShape shape_of(ClampOp& op, std::span<const TensorShape> inputs, const std::string& place) {
  if (!(op.lowest <= op.highest))
    fail(place, fmt::format("clamps to {}..{}", op.lowest, op.highest), "bounds in order");
  return inputs[0];
}

TensorShape shape_of(PoolOp& op, std::span<const TensorShape> inputs, const std::string& place) {
  const TensorShape& x = inputs[0];
  if (op.global) {
    op.window = {.R = x.H, .S = x.W};
    return {x.N, x.C, 1, 1};
  }
  check_window(x, op.window, place);
  const auto axes = axes_of(x, op.window);
  for (const Axis& axis : axes) check_pool_windows_hold_elements(axis, place);
  return {x.N, x.C, outputs_along(axes[0], op.ceil_mode), outputs_along(axes[1], op.ceil_mode)};
}

TensorShape shape_of(AddOp& /*op*/, std::span<const TensorShape> inputs, const std::string& place) {
  if (inputs[0] != inputs[1])
    fail(place, fmt::format("adds {} to {}", extents_text(inputs[0]), extents_text(inputs[1])),
         "two inputs of one shape");
  return inputs[0];
}

TensorShape shape_of(ConcatOp& /*op*/, std::span<const TensorShape> inputs,
                     const std::string& place) {
  TensorShape out = inputs[0];
  std::int64_t channels = 0;
  for (const TensorShape& x : inputs) {
    if (x.N != out.N || x.H != out.H || x.W != out.W)
      fail(place, fmt::format("concatenates {} and {}", extents_text(out), extents_text(x)),
           "inputs that differ in channels only");
    channels += x.C;
  }
  if (channels > kMostElements)
    fail(place, fmt::format("{} channels", channels), fmt::format("at most {}", kMostElements));
  out.C = static_cast<int>(channels);
  return out;
}

TensorShape shape_of(LrnOp& op, std::span<const TensorShape> inputs, const std::string& place) {
  check_range(place, "size", op.size, 1);
  if (!std::isfinite(op.alpha) || op.alpha < 0 || !std::isfinite(op.beta) || !std::isfinite(op.k) ||
      op.k <= 0)
    fail(place, fmt::format("alpha, beta, k are {}, {}, {}", op.alpha, op.beta, op.k),
         "finite numbers, alpha not below 0, k above 0");
  return inputs[0];
}

TensorShape shape_of(SoftmaxOp& /*op*/, std::span<const TensorShape> inputs,
                     const std::string& /*place*/) {
  return inputs[0];
}

void check_input_count(const Op& op, std::size_t count, const std::string& place) {
  if (std::holds_alternative<InputOp>(op)) return;  // refused whatever its inputs
  const bool is_concat = std::holds_alternative<ConcatOp>(op);
  const std::size_t needed = std::holds_alternative<AddOp>(op) ? 2 : 1;
  if (count == needed || (is_concat && count >= 1)) return;
  fail(place, fmt::format("{} has {} inputs", op_name(op), count),
       is_concat ? "at least 1" : std::to_string(needed));
}

}  // namespace

TensorShape infer_shape(Op& op, std::span<const TensorShape> inputs, const std::string& place) {
  check_input_count(op, inputs.size(), place);
  const TensorShape shape =
      std::visit([&](auto& kind) { return shape_of(kind, inputs, place); }, op);
  check_feature_map(shape, place);
  return shape;
}

void check_feature_map(const TensorShape& shape, const std::string& place) {
  if (shape.N < 1 || shape.C < 1 || shape.H < 1 || shape.W < 1)
    fail(place, "feature map is " + extents_text(shape), "extents of at least 1");
  if (bounded_product({shape.N, shape.C, shape.H, shape.W}) > kMostElements)
    fail(place, "feature map " + extents_text(shape) + " has too many elements",
         fmt::format("at most {}", kMostElements));
}

}  // namespace ridgeline
