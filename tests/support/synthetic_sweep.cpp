#include "tests/support/synthetic_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "models/numeric/random.hpp"

namespace ridgeline {
namespace {

constexpr std::uint64_t kValues = 10;

SweepHeader::Column numbers(std::string key, std::size_t axis, double factor) {
  SweepHeader::Column column{.key = std::move(key), .axis = axis, .numbers = true};
  for (int i = 0; i < static_cast<int>(kValues); ++i) {
    column.values.push_back(fmt::format("{}", static_cast<int>(factor * std::exp2(0.5 * i))));
  }
  return column;
}

/// Which value of `axis` point number `index` has; the last axis changes fastest.
std::uint64_t digit(std::uint64_t index, std::size_t axis, std::size_t axes) {
  for (std::size_t i = axis + 1; i < axes; ++i) index /= kValues;
  return index % kValues;
}

PointResult result_of(const SweepHeader& header, std::uint64_t index, SplitMix64& random) {
  const auto value = [&](std::size_t column) {
    return std::stod(header.columns[column]
                         .values[digit(index, header.columns[column].axis, header.axes.size())]);
  };
  const double rows = value(0), cols = value(1), kib = value(2), bandwidth = value(3);
  const double noise = 1 + 0.1 * random.uniform();
  const double macs = 2e10;
  const double compute = macs / (rows * cols) * (1 + rows / 200) * noise;
  const double traffic = 4e7 * (1 + 40 / std::sqrt(kib)) * noise;
  PointResult result;
  result.macs = Macs(static_cast<std::int64_t>(macs));
  result.parameters = 1'248'424;
  result.cycles.compute = Cycles(static_cast<std::int64_t>(compute));
  result.cycles.dram_stall =
      Cycles(static_cast<std::int64_t>(std::max(0.0, traffic / bandwidth - 0.6 * compute)));
  result.latency = to_time(result.cycles.total(), Hertz(500e6));
  result.energy.mac = Energy(macs);
  result.energy.glb = Energy(macs * 0.02 * std::sqrt(kib) * noise);
  result.energy.noc = Energy(macs * 0.03 * std::sqrt(rows * cols) * noise);
  result.energy.dram = Energy(traffic * 200);
  result.bytes.dram_read = Bytes(static_cast<std::int64_t>(traffic));
  result.utilization = compute / static_cast<double>(result.cycles.total().count());
  result.pes = static_cast<int>(rows * cols);
  result.buffer = Bytes(static_cast<std::int64_t>(kib * 1024));
  result.area_mm2 = 0.001 * rows * cols + 0.02 * kib;
  return result;
}

}  // namespace

SweepHeader synthetic_sweep(std::uint64_t points, bool layers) {
  SweepHeader header{.name = "synthetic",
                     .summary = "A sweep for tests <b>&amp;</b>",
                     .engine = "analytic",
                     .energy_unit = "MAC",
                     .axes = {"rows", "cols", "buffer", "bandwidth", "mapping"},
                     .front = {Metric::latency, Metric::energy},
                     .layers = layers,
                     .points = points};
  header.columns = {
      numbers("arch.pe_array.rows", 0, 4),     numbers("arch.pe_array.cols", 1, 4),
      numbers("arch.global_buffer.kib", 2, 8), numbers("arch.dram.bytes_per_cycle", 3, 1),
      {.key = "dataflow", .axis = 4},          numbers("arch.vector_unit.lanes", 4, 2)};
  for (std::uint64_t i = 0; i < kValues; ++i) {
    header.columns[4].values.push_back(i == 0 ? std::string(kHostile) : fmt::format("flow{}", i));
  }
  return header;
}

PointRecord synthetic_point(const SweepHeader& header, std::uint64_t index) {
  SplitMix64 random(index + 1);
  PointRecord record{.point = index, .key = random()};
  for (const SweepHeader::Column& column : header.columns) {
    record.values.push_back(column.values[digit(index, column.axis, header.axes.size())]);
  }
  if (random.uniform() < 0.02) {
    record.failed = random.uniform() < 0.7 ? "conv1: the buffer is 12 bytes too small"
                                           : fmt::format("layer {}", kHostile);
    return record;
  }
  record.result = result_of(header, index, random);
  for (int i = 0; header.layers && i < 3; ++i) {
    record.layers.push_back({.network = i < 2 ? "first" : kHostile,
                             .name = fmt::format("layer{}", i),
                             .op = "conv",
                             .dataflow = "ws",
                             .bound = i == 1 ? Bound::dram : Bound::glb,
                             .macs = Macs(1000 + i),
                             .cycles = Cycles(static_cast<std::int64_t>(index)),
                             .energy = Energy(random.uniform() * 1e9),
                             .dram = Bytes(77),
                             .glb = Bytes(99),
                             .utilization = random.uniform()});
  }
  return record;
}

}  // namespace ridgeline
