#include "sim/cli/measured_roofs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "models/base/error.hpp"
#include "models/mapping/selection.hpp"
#include "models/network/lowering.hpp"
#include "sim/run.hpp"

namespace ridgeline::cli {
namespace {

/// A layer that is to keep some part of the machine busy.
struct Benchmark {
  std::string name;
  TensorShape input{};
  Op op{};
  std::optional<TileExtent> tile{};  ///< instead of a mapping that is searched
};

constexpr Window square(int kernel, int stride = 1) {
  return {.R = kernel, .S = kernel, .stride = {stride, stride}};
}

/// Ofmap rows or columns: a multiple of both sides of the array, as some dataflows unroll one and
/// some the other, or of one where that is too much.
int length(int of, int other) {
  constexpr int kLeast = 56, kMost = 256;
  const int both = std::lcm(of, other);
  const int step = both <= kMost ? both : of;
  return static_cast<int>(ceil_div(kLeast, step)) * step;
}

/// As many channels as fill a side of the array several times.
int channels(int of, int times, int most) {
  return of * std::clamp(most / of, 1, times);
}

/// Sizes follow the array, so that no PE is idle and what comes first and last is short beside the
/// rest, without making so many weights that they take long to draw.
std::vector<Benchmark> benchmarks(const Architecture& arch) {
  const int rows = arch.pe_array.rows, cols = arch.pe_array.cols;
  const int P = length(rows, cols), Q = length(cols, rows);
  const auto image = [&](int C, int kernel, int stride) {
    return TensorShape{.C = C, .H = (P - 1) * stride + kernel, .W = (Q - 1) * stride + kernel};
  };
  const int C = channels(rows, 8, 256), M = channels(cols, 8, 256);
  const int deep_C = channels(rows, 64, 2048), wide_M = channels(cols, 64, 2048);
  return {
      // Nearly all of it is reading from DRAM; reading and writing.
      {"1x1 pool, stride 2", {.C = 64, .H = 128, .W = 128}, PoolOp{.window = square(1, 2)}},
      {"copy", {.C = 64, .H = 128, .W = 128}, ClampOp{}},
      // 81 operations of a lane for each word.
      {"9x9 pool", {.C = arch.vector_unit.lanes, .H = 64, .W = 64}, PoolOp{.window = square(9)}},
      {"1x1 convolution", image(2 * C, 1, 1), ConvOp{.M = 2 * M}},
      {"3x3 convolution", image(C, 3, 1), ConvOp{.M = M, .window = square(3)}},
      {"11x11 convolution, stride 4", image(4, 11, 4), ConvOp{.M = M, .window = square(11, 4)}},
      {"fully connected", {.C = deep_C}, FullyConnectedOp{.M = wide_M}},
      // Filters stay in the buffer, and each image has them read out anew.
      {"fully connected, an image a tile",
       {.N = 64, .C = C},
       FullyConnectedOp{.M = M},
       TileExtent{.M = M, .C = C}},
  };
}

LoweredNetwork network_of(const Benchmark& benchmark) {
  NetworkBuilder net("micro-benchmark", "", benchmark.input);
  net.add(benchmark.name, benchmark.op, {net.input()});
  return lower(std::move(net).build());
}

/// The layer under the machine's roofs; none if it has no mapping.
std::optional<RooflineAnalysis> measured(const Architecture& arch, Precision precision,
                                         const Benchmark& benchmark, const Dataflow& dataflow) {
  sim::RunOptions options{.dataflow = dataflow.name, .objective = Objective::latency};
  if (benchmark.tile) {
    options.mappings = {{benchmark.name, {.dataflow = &dataflow, .tile = *benchmark.tile}}};
  }
  try {
    return analyse_roofline(
        sim::run_without_data(arch, network_of(benchmark), precision, 1, options));
  } catch (const InfeasibleError&) {
    return std::nullopt;
  }
}

double cycles_at(const RooflineLayer& layer, Roof roof) {
  if (roof == Roof::pe_array) return layer.pe_array_cycles;
  if (roof == Roof::vector_unit) return layer.vector_unit_cycles;
  return layer.at(roof).cycles;
}

/// The roofs of the machine, none of them measured yet.
std::vector<MeasuredRoof> theoretical_roofs(const Architecture& arch, Precision precision) {
  RunStats nothing;
  nothing.arch = arch;
  nothing.precision = precision;
  const RooflineAnalysis analysis = analyse_roofline(nothing);
  std::vector<MeasuredRoof> roofs{
      {.roof = Roof::pe_array, .theoretical = analysis.peak_macs_per_cycle, .unit = "MACs"},
      {.roof = Roof::vector_unit,
       .theoretical = analysis.peak_vector_operations_per_cycle,
       .unit = "operations"}};
  for (const MemoryLevel& level : analysis.levels) {
    roofs.push_back({.roof = level.roof, .theoretical = level.bytes_per_cycle, .unit = "bytes"});
  }
  return roofs;
}

/// Keeps the best of what came so far and what this layer attained.
void take(std::vector<MeasuredRoof>& roofs, const RooflineLayer& layer) {
  for (MeasuredRoof& roof : roofs) {
    const double busy = cycles_at(layer, roof.roof) / static_cast<double>(layer.cycles.count());
    if (busy * roof.theoretical <= roof.measured) continue;
    roof.measured = busy * roof.theoretical;
    roof.benchmark = layer.macs > 0 ? layer.name + ", " + layer.dataflow : layer.name;
  }
}

}  // namespace

std::vector<MeasuredRoof> measure_roofs(const Architecture& arch, Precision precision) {
  std::vector<MeasuredRoof> roofs = theoretical_roofs(arch, precision);
  const std::vector<const Dataflow*> dataflows = offered_dataflows(arch, "auto");
  for (const Benchmark& benchmark : benchmarks(arch)) {
    for (const Dataflow* dataflow : dataflows) {
      const auto analysis = measured(arch, precision, benchmark, *dataflow);
      if (analysis) take(roofs, analysis->layers.front());
      if (analysis && analysis->layers.front().macs == 0) break;  // it has nothing to choose
    }
  }
  return roofs;
}

}  // namespace ridgeline::cli
