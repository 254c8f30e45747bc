#include "models/papers/scalesim.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/base/error.hpp"
#include "models/mapping/dataflow.hpp"

namespace ridgeline::papers {

bool ScalesimComparison::matches() const {
  const ScalesimFigures& theirs = row.published;
  // Half a unit of the last decimal that is printed, and room for the binary fraction.
  const bool same_efficiency =
      std::abs(ours.mapping_efficiency - theirs.mapping_efficiency) < 0.5e-6 + 1e-10;
  return ours.folds == theirs.folds && ours.cycles == theirs.cycles && same_efficiency &&
         ours.ifmap_reads == theirs.ifmap_reads && ours.filter_reads == theirs.filter_reads;
}

Architecture scalesim_array(int rows, int cols) {
  const int port = std::max(rows, cols);
  Architecture arch{.name = "scalesim", .dataflows = {"ws_gemm", "os_gemm", "is_gemm"}};
  arch.pe_array = {.rows = rows,
                   .cols = cols,
                   .fabric = Fabric::systolic,
                   .preload = false,
                   .psums_per_pe = 1,
                   .skip_zero_weights = false,
                   .shorten_edge_passes = false};
  arch.global_buffer = {.bytes = Bytes(3 * 128 * 1024),
                        .ifmap_words_per_cycle = port,
                        .filter_words_per_cycle = port,
                        .psum_in_words_per_cycle = port,
                        .psum_out_words_per_cycle = port};
  return arch;
}

ConvShape scalesim_shape(const ScalesimLayer& layer) {
  const auto needed = [&](int extent, int kernel) {
    const int windows = ceil_div(extent - kernel + layer.stride, layer.stride);
    return (windows - 1) * layer.stride + kernel;
  };
  return {.M = layer.M,
          .C = layer.C,
          .H = needed(layer.H, layer.R),
          .W = needed(layer.W, layer.S),
          .window = {.R = layer.R, .S = layer.S, .stride = {layer.stride, layer.stride}}};
}

ScalesimFigures scalesim_figures(const ScalesimLayer& layer, int rows, int cols,
                                 std::string_view dataflow) {
  const Architecture arch = scalesim_array(rows, cols);
  const ConvShape shape = scalesim_shape(layer);
  const Dataflow& gemm = *find_dataflow(std::string(dataflow) + "_gemm");
  const TileExtent all{.M = shape.M, .C = shape.C, .P = shape.P(), .Q = shape.Q()};
  const Tile whole{.g = {0, 1}, .m = {0, all.M}, .c = {0, all.C}, .p = {0, all.P}, .q = {0, all.Q}};
  const PassSequence passes(shape, gemm.pass_extent(arch.pe_array, shape, all), whole);
  constexpr std::int64_t kMostPasses = 100'000'000;
  if (passes.size() > kMostPasses) {
    throw InputError({.file = layer.network,
                      .place = layer.name,
                      .what = fmt::format("is cut into {} folds", passes.size()),
                      .allowed = fmt::format("at most {}", kMostPasses)});
  }
  ScalesimFigures sum{.folds = passes.size()};
  std::int64_t used_pes = 0;
  for (std::int64_t i = 0; i < passes.size(); ++i) {
    const Pass pass = passes[i];
    const PassCost cost = gemm.cost(arch, shape, pass, {});
    const PortWords words = gemm.accesses(arch, shape, pass, {}).ports;
    sum.cycles += pass_cycles(cost, Cycles(0), arch.pe_array.preload).total();
    sum.ifmap_reads += words.ifmap;
    sum.filter_reads += words.filter;
    used_pes += pass.macs().count() / cost.compute.count();
  }
  sum.mapping_efficiency =
      100.0 * static_cast<double>(used_pes) / (static_cast<double>(passes.size()) * arch.pes());
  return sum;
}

std::vector<ScalesimComparison> compare_scalesim(std::span<const ScalesimRow> rows) {
  std::vector<ScalesimComparison> compared;
  for (const ScalesimRow& row : rows) {
    compared.push_back({row, scalesim_figures(row.layer, row.rows, row.cols, row.dataflow)});
  }
  return compared;
}

}  // namespace ridgeline::papers
