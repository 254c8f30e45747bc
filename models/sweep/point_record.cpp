#include "models/sweep/point_record.hpp"

namespace ridgeline {

double metric_of(const PointResult& result, Metric metric) {
  const double energy = result.energy.total().count();
  switch (metric) {
    case Metric::latency:
      return result.latency.count();
    case Metric::energy:
      return energy;
    case Metric::edp:
      return energy * result.latency.count();
    case Metric::area:
      return result.area_mm2;
    case Metric::pes:
      return result.pes;
    case Metric::buffer_bytes:
      return static_cast<double>(result.buffer.count());
    case Metric::parameters:
      break;
  }
  return static_cast<double>(result.parameters);
}

PointResult sum_of(const std::vector<RunStats>& runs) {
  const Architecture& arch = runs.front().arch;
  PointResult sum{.area_mm2 = area_of(arch, runs.front().precision).total_mm2(),
                  .pes = arch.pes(),
                  .buffer = buffer_bytes(arch)};
  std::int64_t executed = 0;
  for (const RunStats& run : runs) {
    const LayerStats total = total_of(run);
    sum.macs += run.network_macs;
    sum.parameters += run.network_parameters;
    sum.cycles += total.cycles;
    sum.energy += total.energy;
    sum.bytes += total.bytes;
    executed += total.accesses.mac;
  }
  sum.latency = to_time(sum.cycles.total(), arch.clock);
  sum.utilization = quotient(static_cast<double>(executed),
                             static_cast<double>(sum.cycles.total().count()) * arch.pes());
  return sum;
}

void append_layers(std::vector<LayerRecord>& layers, const RunStats& run) {
  for (const LayerStats& layer : run.layers) {
    layers.push_back({.network = run.network,
                      .name = layer.name,
                      .op = layer.op,
                      .dataflow = layer.dataflow,
                      .bound = layer.roofline.bound,
                      .macs = layer.macs,
                      .cycles = layer.cycles.total(),
                      .energy = layer.energy.total(),
                      .dram = layer.bytes.dram_read + layer.bytes.dram_write,
                      .glb = layer.bytes.glb_read + layer.bytes.glb_write,
                      .utilization = layer.utilization});
  }
}

SweepHeader header_of(const SweepSpec& spec, std::uint64_t points) {
  SweepHeader header{.name = spec.name,
                     .summary = spec.summary,
                     .engine = spec.analytic ? "analytic" : "simulate",
                     .energy_unit = energy_unit_of(spec),
                     .front = spec.front,
                     .layers = spec.layers,
                     .points = points};
  for (std::size_t a = 0; a < spec.axes.size(); ++a) {
    header.axes.push_back(spec.axes[a].name);
    for (const Setting& setting : spec.axes[a].settings) {
      SweepHeader::Column column{.key = setting.key, .axis = a, .numbers = true};
      for (const SettingValue& value : setting.values) {
        column.numbers = column.numbers && value.number;
        column.values.push_back(value.text);
      }
      header.columns.push_back(std::move(column));
    }
  }
  return header;
}

}  // namespace ridgeline
