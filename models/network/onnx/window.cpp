#include "models/network/onnx/window.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/network/onnx/model_file.hpp"
#include "models/network/onnx/operators.hpp"

namespace ridgeline::onnx_import {
namespace {

/// A list of `count` numbers, each `usual` if the attribute is absent.
std::vector<std::int64_t> list_of(const NodeImport& node, const char* name, std::size_t count,
                                  std::int64_t usual, std::int64_t least) {
  std::vector<std::int64_t> values = node.integers(name);
  if (values.empty()) values.assign(count, usual);
  if (values.size() != count)
    node.fail(fmt::format("{} has {} numbers", name, values.size()), fmt::format("{}", count));
  for (const std::int64_t value : values)
    if (value < least)
      node.fail(fmt::format("{} has a {}", name, value), fmt::format("{} or more", least));
  return values;
}

/// The window along one of the array's dimensions.
struct Axis {
  std::int64_t extent = 1, kernel = 1, stride = 1, dilation = 1, pad_before = 0, pad_after = 0;
};

/// ONNX's SAME_UPPER and SAME_LOWER: as many outputs as strides in the extent, an odd pad's extra
/// zero behind or before.
void pad_to_same(Axis& axis, bool upper) {
  const std::int64_t outputs = ceil_div(axis.extent, axis.stride);
  const std::int64_t span = (axis.kernel - 1) * axis.dilation + 1;
  const std::int64_t total =
      std::max<std::int64_t>((outputs - 1) * axis.stride + span - axis.extent, 0);
  axis.pad_before = upper ? total / 2 : total - total / 2;
  axis.pad_after = total - axis.pad_before;
}

void put_pads(const NodeImport& node, std::vector<Axis>& axes) {
  const std::vector<std::int64_t> pads = list_of(node, "pads", 2 * axes.size(), 0, 0);
  const std::string mode = node.text("auto_pad", "NOTSET");
  const bool same = mode == "SAME_UPPER" || mode == "SAME_LOWER";
  if (!same && mode != "VALID" && mode != "NOTSET")
    node.fail("auto_pad is " + in_quotes(mode), "NOTSET, SAME_UPPER, SAME_LOWER, VALID");
  if (mode != "NOTSET" && std::ranges::any_of(pads, [](std::int64_t pad) { return pad != 0; }))
    node.fail("has both auto_pad " + mode + " and pads", "one of them");
  for (std::size_t i = 0; i < axes.size(); ++i) {
    axes[i].pad_before = pads[i];
    axes[i].pad_after = pads[i + axes.size()];
    if (same) pad_to_same(axes[i], mode == "SAME_UPPER");
  }
}

void check_folded(const NodeImport& node, const FeatureMap& x, const Axis& axis) {
  if (!x.folded()) return;
  const bool pointwise =
      axis.kernel == 1 && axis.stride == 1 && axis.pad_before == 0 && axis.pad_after == 0;
  if (!pointwise) node.fail_layout("runs a window along a dimension that holds both H and W");
}

}  // namespace

Window window_of(const NodeImport& node, const FeatureMap& x, std::vector<std::int64_t> kernel) {
  if (x.rank < 3) node.fail_layout("reads an array without spatial dimensions");
  const std::size_t count = x.rank - 2;
  if (kernel.size() != count)
    node.fail(
        fmt::format("the kernel has {} dimensions over an array of {}", kernel.size(), x.rank),
        fmt::format("{}", count));
  const auto strides = list_of(node, "strides", count, 1, 1);
  const auto dilations = list_of(node, "dilations", count, 1, 1);
  const std::array<std::int64_t, 2> padded{x.shape.H + x.pad[0] + x.pad[2],
                                           x.shape.W + x.pad[1] + x.pad[3]};
  std::vector<Axis> axes;
  for (std::size_t i = 0; i < count; ++i) {
    for (const std::int64_t number : {kernel[i], strides[i], dilations[i]})
      if (number < 1 || number > (1 << 20))
        node.fail(fmt::format("a kernel, stride or dilation is {}", number), "1 to 2^20");
    axes.push_back({.extent = padded[x.swapped ? 1 - i : i],
                    .kernel = kernel[i],
                    .stride = strides[i],
                    .dilation = dilations[i]});
  }
  put_pads(node, axes);
  check_folded(node, x, axes[0]);
  if (count == 1) axes.push_back({});
  if (x.swapped) std::swap(axes[0], axes[1]);
  const auto number = [&](std::int64_t value) {
    return to_int(node, value, "a number of the window");
  };
  const Axis &h = axes[0], &w = axes[1];
  return {
      .R = number(h.kernel),
      .S = number(w.kernel),
      .stride = {number(h.stride), number(w.stride)},
      .pad = {number(h.pad_before), number(w.pad_before), number(h.pad_after), number(w.pad_after)},
      .dilation = {number(h.dilation), number(w.dilation)}};
}

Window with_pad(const NodeImport& node, Window window, const std::array<int, 4>& pad) {
  for (std::size_t i = 0; i < pad.size(); ++i)
    window.pad[i] = to_int(node, std::int64_t{window.pad[i]} + pad[i], "a pad");
  return window;
}

std::vector<float> with_taps_swapped(const std::vector<float>& filters, std::size_t R,
                                     std::size_t S) {
  std::vector<float> swapped(filters.size());
  for (std::size_t at = 0; at < filters.size(); at += R * S)
    for (std::size_t r = 0; r < R; ++r)
      for (std::size_t s = 0; s < S; ++s) swapped[at + s * R + r] = filters[at + r * S + s];
  return swapped;
}

}  // namespace ridgeline::onnx_import
