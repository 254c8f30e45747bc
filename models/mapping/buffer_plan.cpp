#include "models/mapping/buffer_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/grouped.hpp"
#include "models/mapping/dataflow.hpp"

namespace ridgeline {
namespace {

/// Ifmap elements along one axis that `out` windows span, at most the whole ifmap.
int ifmap_extent(int out, int kernel, int stride, int dilation, int extent) {
  return std::min(windows_span(out, kernel, stride, dilation), extent);
}

}  // namespace

BufferPlan buffer_plan(const Architecture& arch, const LoweredLayer& layer,
                       const LayerPrecision& precision, const Mapping& mapping,
                       const Residency& residency) {
  const GlobalBuffer& glb = arch.global_buffer;
  const ConvShape& shape = layer.shape;
  const Window& w = shape.window;
  const TileExtent& t = mapping.tile;
  const bool on_array = runs_on_array(layer.kind);
  const bool padded = on_array && mapping.dataflow->buffer_holds_padding;
  const std::int64_t planes = std::int64_t{t.N} * (on_array ? t.G * t.C : t.M);
  const std::int64_t filters = std::int64_t{t.G} * t.M;
  const std::int64_t ofmap_words = filters * t.N * t.P * t.Q;
  const TileLoads loads = tile_loads(layer, mapping);
  const auto halves = [&](std::int64_t tiles) { return glb.double_buffer && tiles > 1 ? 2 : 1; };
  const int height = shape.H + (padded ? w.pad[0] + w.pad[2] : 0);
  const int width = shape.W + (padded ? w.pad[1] + w.pad[3] : 0);

  BufferPlan plan;
  plan.kept = plan.global = residency.kept;
  if (!residency.ifmap) {
    plan.ifmap.tile = word_bytes(precision) *
                      (planes * ifmap_extent(t.P, w.R, w.stride[0], w.dilation[0], height) *
                       ifmap_extent(t.Q, w.S, w.stride[1], w.dilation[1], width));
    plan.ifmap.halves = halves(loads.ifmap_tiles * loads.ifmap_repeats);
  }
  if (on_array) {
    plan.filter.tile = word_bytes(precision) * (filters * t.C * w.R * w.S) +
                       channel_record_bytes(precision) * filters;
    plan.filter.halves = halves(loads.filter_tiles * loads.filter_repeats);
  }
  if (layer.residual && !residency.residual) {
    plan.residual.tile = word_bytes(precision.residual) * ofmap_words;
    plan.residual.halves = halves(loads.counts.ofmap_tiles());
  }
  // The vector unit's own layers write straight into an ofmap that stays.
  if (on_array || !residency.ofmap) {
    // Wide words of a narrow layer may need more room than its psums took.
    const Bytes word = word_bytes(precision.output);
    const Bytes psum = buffered_psum_bytes(glb, precision);
    const bool widens = precision.output != precision.own;
    plan.ofmap.tile = (!on_array ? word : widens ? std::max(psum, word) : psum) * ofmap_words;
  }
  plan.ofmap.halves = halves(loads.counts.ofmap_tiles());

  for (BufferPlan::Operand* operand : {&plan.ifmap, &plan.residual, &plan.ofmap}) {
    operand->held = glb.allocated(operand->bytes());
    plan.global += operand->held;
  }
  Bytes filters_held = plan.filter.bytes();
  if (on_array && mapping.dataflow->filters_stream) {
    const PassExtent pass = mapping.dataflow->pass_extent(arch.pe_array, shape, t);
    filters_held = word_bytes(precision) * (std::int64_t{pass.M} * pass.C * pass.R * pass.S) +
                   channel_record_bytes(precision) * pass.M;
  }
  const bool own_buffer = glb.filter_bytes > Bytes(0);
  plan.filter.held = glb.allocated(filters_held);
  (own_buffer ? plan.filter_buffer : plan.global) += plan.filter.held;
  return plan;
}

Bytes buffered_psum_bytes(const GlobalBuffer& buffer, Precision precision) {
  return buffer.psum_word_bytes > Bytes(0) ? buffer.psum_word_bytes : psum_bytes(precision);
}

std::string shortage(const BufferPlan& plan, const GlobalBuffer& buffer) {
  if (plan.filter_buffer > buffer.filter_bytes) {
    return fmt::format("needs {} B of the filter buffer, which has {} B",
                       grouped(plan.filter_buffer.count()), grouped(buffer.filter_bytes.count()));
  }
  std::string parts;
  const auto part = [&](const char* name, const BufferPlan::Operand& operand) {
    if (operand.tile == Bytes(0)) return;
    parts += fmt::format("{}{} {} x {} B", parts.empty() ? "" : ", ", name, operand.halves,
                         grouped(operand.tile.count()));
  };
  part("ifmap", plan.ifmap);
  if (buffer.filter_bytes == Bytes(0)) part("filter", plan.filter);
  part("residual", plan.residual);
  part("psum", plan.ofmap);
  return fmt::format("needs {} B of the global buffer ({}{}), which has {} B: {} B are missing",
                     grouped(plan.global.count()), parts,
                     buffer.banks > 1 ? ", in whole banks" : "", grouped(buffer.bytes.count()),
                     grouped((plan.global - buffer.bytes).count()));
}

}  // namespace ridgeline
