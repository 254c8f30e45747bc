#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "models/network/onnx/operators.hpp"
#include "models/network/onnx/window.hpp"

namespace ridgeline::onnx_import {
namespace {

/// Filters and biases in the graph's order of channels.
struct Filters {
  int M = 1, G = 1, channels = 1;  ///< channels of a group
  std::size_t taps = 1;
  std::vector<float> words{};
  std::vector<float> bias{};
};

Filters read_filters(const NodeImport& node, const FeatureMap& x) {
  const Constant& w = node.constant(1);
  Filters filters{.words = node.floats(1)};
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
  if (node.has_input(2)) {
    filters.bias = node.floats(2);
    if (filters.bias.size() != static_cast<std::size_t>(filters.M))
      node.fail(fmt::format("{} biases for {} filters", filters.bias.size(), filters.M));
  }
  return filters;
}

std::vector<std::int64_t> kernel_of(const NodeImport& node) {
  const std::vector<std::int64_t>& dims = node.constant(1).dims;
  std::vector<std::int64_t> kernel(dims.begin() + 2, dims.end());
  if (node.has("kernel_shape") && node.integers("kernel_shape") != kernel)
    node.fail("kernel_shape is not that of the weights, " + dims_text(dims));
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
std::vector<int> arrange(const FeatureMap& x, const std::vector<int>& groups, Filters& filters) {
  const auto per_group = static_cast<std::size_t>(filters.M / filters.G);
  const auto channels = static_cast<std::size_t>(filters.channels);
  std::vector<float> words(filters.words.size()), bias(filters.bias.size());
  std::vector<int> places;
  for (std::size_t m = 0; m < static_cast<std::size_t>(filters.M); ++m) {
    const std::size_t group = m / per_group;
    const std::size_t to = static_cast<std::size_t>(groups[group]) * per_group + m % per_group;
    places.push_back(static_cast<int>(to));
    if (!bias.empty()) bias[to] = filters.bias[m];
    for (std::size_t c = 0; c < channels; ++c) {
      const auto channel = static_cast<std::size_t>(x.channels[group * channels + c]) % channels;
      std::copy_n(
          filters.words.begin() + static_cast<std::ptrdiff_t>((m * channels + c) * filters.taps),
          filters.taps,
          words.begin() + static_cast<std::ptrdiff_t>((to * channels + channel) * filters.taps));
    }
  }
  filters.words = std::move(words);
  filters.bias = std::move(bias);
  return unless_in_order(std::move(places));
}

}  // namespace

void import_conv(NodeImport& node) {
  FeatureMap x = node.feature_map(node.padded_activation(0));
  Filters filters = read_filters(node, x);
  const Window window = with_pad(node, window_of(node, x, kernel_of(node)), x.pad);
  if (x.swapped)
    filters.words = with_taps_swapped(filters.words, static_cast<std::size_t>(window.S),
                                      static_cast<std::size_t>(window.R));
  if (!x.channels.empty()) {
    if (const auto groups = groups_of(x, filters)) {
      x.channels = arrange(x, *groups, filters);
    } else {
      const std::array<int, 4> pad = x.pad;
      Activation unpadded = node.padded_activation(0);
      unpadded.pad = {};
      x = node.ordered_feature_map(unpadded);
      x.pad = pad;
    }
  }
  const ConvOp op{.M = filters.M, .G = filters.G, .window = window, .bias = !filters.bias.empty()};
  const NodeId id = node.add(
      op, {x.node}, {.filters = std::move(filters.words), .bias = std::move(filters.bias)});
  node.set_result(array_like(x, id, node.shape(id)));
}

}  // namespace ridgeline::onnx_import
