#include "models/network/onnx/activation.hpp"

#include <algorithm>

namespace ridgeline::onnx_import {
namespace {

using Runs = std::vector<AxisRun>;

/// A dense axis as Layout::runs gives it.
Runs axis(std::int64_t extent, std::int64_t stride) {
  return extent == 1 ? Runs{} : Runs{{extent, stride}};
}

std::int64_t plane_of(const TensorShape& shape) {
  return std::int64_t{shape.H} * shape.W;
}

}  // namespace

std::vector<int> unless_in_order(std::vector<int> channels) {
  for (std::size_t i = 0; i < channels.size(); ++i)
    if (channels[i] != static_cast<int>(i)) return channels;
  return {};
}

std::optional<std::vector<int>> channels_along(const Activation& x, const TensorShape& shape,
                                               std::size_t begin, std::size_t end) {
  const Runs runs = x.layout.runs(begin, end);
  const std::int64_t plane = plane_of(shape);
  std::int64_t count = 1;
  for (const AxisRun& run : runs) {
    if (run.stride % plane != 0 || (run.extent - 1) * run.stride >= shape.C * plane) return {};
    count *= run.extent;
  }
  if (count != shape.C) return {};
  if (runs == axis(shape.C, plane)) return x.channels;
  std::vector<int> channels;
  for (const std::int64_t offset : x.layout.offsets(begin, end)) {
    const auto channel = static_cast<int>(offset / plane);
    if (channel >= shape.C) return {};
    channels.push_back(x.channels.empty() ? channel
                                          : x.channels[static_cast<std::size_t>(channel)]);
  }
  return unless_in_order(std::move(channels));
}

std::optional<FeatureMap> feature_map_of(const Activation& x, const TensorShape& shape) {
  const std::size_t rank = x.layout.rank();
  if (rank < 2 || rank > 4) return {};
  const std::int64_t plane = plane_of(shape);
  if (x.layout.runs(0, 1) != axis(shape.N, shape.C * plane)) return {};
  const auto channels = channels_along(x, shape, 1, 2);
  if (!channels) return {};
  FeatureMap map{.node = x.node, .shape = shape, .channels = *channels, .rank = rank, .pad = x.pad};
  if (rank == 3) {
    if (x.layout.runs(2, 3) != axis(plane, 1)) return {};
    map.swapped = shape.H == 1 && shape.W > 1;
  } else if (rank == 4) {
    const Runs rows = axis(shape.H, shape.W), cols = axis(shape.W, 1);
    const Runs first = x.layout.runs(2, 3), second = x.layout.runs(3, 4);
    const bool straight = first == rows && second == cols;
    map.swapped = !straight;
    if (!straight && !(first == cols && second == rows)) return {};
  }
  return map;
}

Activation array_like(const FeatureMap& x, NodeId node, const TensorShape& shape) {
  std::vector<std::int64_t> dims{shape.N, shape.C};
  if (x.rank == 3) dims.push_back(plane_of(shape));
  if (x.rank == 4) dims.insert(dims.end(), {shape.H, shape.W});
  Layout layout(dims);
  if (x.rank == 4 && x.swapped) layout = layout.transposed(std::array<std::size_t, 4>{0, 1, 3, 2});
  return {.node = node, .layout = std::move(layout), .channels = x.channels};
}

std::vector<std::int64_t> dims_of(const Activation& x) {
  std::vector<std::int64_t> dims = x.layout.dims();
  if (!x.padded()) return dims;
  if (dims.size() == 4) {
    dims[2] += x.pad[0] + x.pad[2];
    dims[3] += x.pad[1] + x.pad[3];
  } else {
    for (const int zeros : x.pad) dims[2] += zeros;
  }
  return dims;
}

}  // namespace ridgeline::onnx_import
