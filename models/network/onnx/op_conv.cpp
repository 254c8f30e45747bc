#include <fmt/format.h>

#include <algorithm>

#include "models/network/onnx/layers.hpp"
#include "models/network/onnx/operators.hpp"
#include "models/network/onnx/window.hpp"

namespace ridgeline::onnx_import {
namespace {

/// Filters in the graph's order of channels.
struct Filters {
  int M = 1, G = 1, channels = 1;  ///< channels of a group
  std::size_t taps = 1;
};

Filters filters_of(const NodeImport& node, const FeatureMap& x, const Constant& w) {
  Filters filters;
  if (w.dims.size() != x.rank)
    node.fail(
        fmt::format("weights are {} for an array of {} dimensions", dims_text(w.dims), x.rank),
        fmt::format("{} dimensions", x.rank));
  filters.G = to_int(node, node.integer("group", 1), "group");
  filters.M = to_int(node, w.dims[0], "M");
  filters.channels = to_int(node, w.dims[1], "C/G");
  if (filters.G < 1 || filters.M < 1 || filters.M % filters.G != 0)
    node.fail(fmt::format("{} filters in {} groups", filters.M, filters.G),
              "a number of groups that divides the filters");
  if (std::int64_t{filters.channels} * filters.G != x.shape.C)
    node.fail(fmt::format("weights are {} in {} groups for an ifmap of {} channels",
                          dims_text(w.dims), filters.G, x.shape.C),
              "M x C/G x kernel");
  if (w.elements() == 0) node.fail("weights are " + dims_text(w.dims), "at least one");
  filters.taps = w.elements() / static_cast<std::size_t>(w.dims[0] * w.dims[1]);
  return filters;
}

std::vector<std::int64_t> kernel_of(const NodeImport& node, const Constant& w) {
  std::vector<std::int64_t> kernel(w.dims.begin() + 2, w.dims.end());
  if (node.has("kernel_shape") && node.integers("kernel_shape") != kernel)
    node.fail("kernel_shape is not that of the weights, " + dims_text(w.dims));
  return kernel;
}

/// For each group of the graph, the group of the feature map that holds its channels; none if they
/// are spread over several.
std::optional<std::vector<int>> groups_of(const FeatureMap& x, const Filters& filters) {
  std::vector<int> groups;
  for (std::size_t c = 0; c < x.channels.size(); ++c) {
    const int group = x.channels[c] / filters.channels;
    if (c % static_cast<std::size_t>(filters.channels) == 0) {
      groups.push_back(group);
    } else if (groups.back() != group) {
      return {};
    }
  }
  return groups;
}

/// Reorders channels of the filters, and groups of them, as the feature map has them. Returns the
/// place of each filter.
std::vector<int> arrange(const FeatureMap& x, const std::vector<int>& groups,
                         const Filters& filters, LayerWeights& weights) {
  const auto per_group = static_cast<std::size_t>(filters.M / filters.G);
  const auto channels = static_cast<std::size_t>(filters.channels);
  std::vector<float> words(weights.filters.size());
  std::vector<int> places;
  for (std::size_t m = 0; m < static_cast<std::size_t>(filters.M); ++m) {
    const std::size_t group = m / per_group;
    const std::size_t to = static_cast<std::size_t>(groups[group]) * per_group + m % per_group;
    places.push_back(static_cast<int>(to));
    for (std::size_t c = 0; c < channels; ++c) {
      const auto channel = static_cast<std::size_t>(x.channels[group * channels + c]) % channels;
      std::copy_n(
          weights.filters.begin() + static_cast<std::ptrdiff_t>((m * channels + c) * filters.taps),
          filters.taps,
          words.begin() + static_cast<std::ptrdiff_t>((to * channels + channel) * filters.taps));
    }
  }
  weights.filters = std::move(words);
  move_filters(places, weights);
  return unless_in_order(std::move(places));
}

/// The same ifmap with its channels in the graph's order, its pads still to be read.
FeatureMap ordered(NodeImport& node) {
  Activation unpadded = node.padded_activation(0);
  const std::array<int, 4> pad = unpadded.pad;
  unpadded.pad = {};
  FeatureMap x = node.ordered_feature_map(unpadded);
  x.pad = pad;
  return x;
}

}  // namespace

Activation convolve(NodeImport& node, const Constant& w, const PutBias& put) {
  FeatureMap x = node.feature_map(node.padded_activation(0));
  const Filters filters = filters_of(node, x, w);
  const auto M = static_cast<std::size_t>(filters.M);
  const std::size_t words = w.elements() / M;
  LayerWeights weights = weights_from(node, w, M, [&](std::size_t i) { return i / words; });
  put(M, weights);
  const Window window = with_pad(node, window_of(node, x, kernel_of(node, w)), x.pad);
  if (x.swapped)
    weights.filters = with_taps_swapped(weights.filters, static_cast<std::size_t>(window.S),
                                        static_cast<std::size_t>(window.R));
  if (!x.channels.empty()) {
    if (const auto groups = groups_of(x, filters))
      x.channels = arrange(x, *groups, filters, weights);
    else
      x = ordered(node);
  }
  const ConvOp op{.M = filters.M, .G = filters.G, .window = window, .bias = !weights.bias.empty()};
  const NodeId id = node.add(op, {x.node}, node_weights(std::move(weights)));
  return array_like(x, id, node.shape(id));
}

void import_conv(NodeImport& node) {
  const auto ifmap = quantization_of(node, node.padded_activation(0));
  node.set_result(convolve(node, node.constant(1), [&](std::size_t M, LayerWeights& weights) {
    put_bias(node, 2, M, ifmap, weights);
  }));
}

}  // namespace ridgeline::onnx_import
