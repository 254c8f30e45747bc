#include "models/mapping/buffer_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/grouped.hpp"

namespace ridgeline {
namespace {

/// Ifmap elements along one axis that `out` windows span, at most the whole ifmap.
int ifmap_extent(int out, int kernel, int stride, int dilation, int extent) {
  return std::min((out - 1) * stride + span_of(kernel, dilation), extent);
}

}  // namespace

BufferPlan buffer_plan(const Architecture& arch, const LoweredLayer& layer, Precision precision,
                       const Mapping& mapping) {
  const Window& w = layer.shape.window;
  const TileExtent& t = mapping.tile;
  const bool on_array = runs_on_array(layer.kind);
  const std::int64_t ifmap_planes = std::int64_t{t.N} * (on_array ? t.G * t.C : t.M);
  const std::int64_t ofmap_channels = std::int64_t{t.G} * t.M;
  const std::int64_t ofmap_words = ofmap_channels * t.N * t.P * t.Q;
  const TileLoads loads = tile_loads(layer, mapping);
  const auto halves = [&](std::int64_t tiles) {
    return arch.global_buffer.double_buffer && tiles > 1 ? 2 : 1;
  };

  BufferPlan plan;
  plan.ifmap.tile =
      word_bytes(precision) *
      (ifmap_planes * ifmap_extent(t.P, w.R, w.stride[0], w.dilation[0], layer.shape.H) *
       ifmap_extent(t.Q, w.S, w.stride[1], w.dilation[1], layer.shape.W));
  plan.ifmap.halves = halves(loads.ifmap_tiles * loads.ifmap_repeats);
  if (on_array) {
    plan.filter.tile = word_bytes(precision) * (ofmap_channels * t.C * w.R * w.S) +
                       channel_record_bytes(precision) * ofmap_channels;
    plan.filter.halves = halves(loads.filter_tiles * loads.filter_repeats);
  }
  if (layer.residual) {
    plan.residual.tile = word_bytes(precision) * ofmap_words;
    plan.residual.halves = halves(loads.counts.ofmap_tiles());
  }
  plan.ofmap.tile = (on_array ? psum_bytes(precision) : word_bytes(precision)) * ofmap_words;
  plan.ofmap.halves = halves(loads.counts.ofmap_tiles());
  return plan;
}

std::string shortage(const BufferPlan& plan, Bytes available) {
  std::string parts;
  const auto part = [&](const char* name, const BufferPlan::Operand& operand) {
    if (operand.tile == Bytes(0)) return;
    parts += fmt::format("{}{} {} x {} B", parts.empty() ? "" : ", ", name, operand.halves,
                         grouped(operand.tile.count()));
  };
  part("ifmap", plan.ifmap);
  part("filter", plan.filter);
  part("residual", plan.residual);
  part("psum", plan.ofmap);
  return fmt::format(
      "its smallest tile needs {} B of the global buffer ({}), which has {} B: {} B are missing",
      grouped(plan.total().count()), parts, grouped(available.count()),
      grouped((plan.total() - available).count()));
}

}  // namespace ridgeline
