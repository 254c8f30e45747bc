#include <fmt/format.h>

#include <algorithm>

#include "models/base/grouped.hpp"
#include "reports/format.hpp"
#include "reports/quantization_report.hpp"
#include "reports/report.hpp"
#include "reports/run_text.hpp"
#include "reports/sparsity_text.hpp"
#include "reports/table.hpp"

namespace ridgeline::reports {
namespace {

constexpr std::size_t kLongestName = 18;

template <class Quantity>
std::string short_text(Quantity quantity) {
  return short_count(static_cast<double>(quantity.count()));
}

/// Which optional columns a run needs.
struct Shown {
  bool leakage = false;
  bool words = false;  ///< only where they are of several widths
  bool check = false;  ///< only where a layer differs; the summary says what was compared
};

std::vector<Column> columns_of(const RunStats& run, Shown shown) {
  const std::string energy = "energy, " + energy_unit_text(run.arch.energy);
  std::vector<Column> columns{{"layer", Align::left}, {"op", Align::left}, {"flow", Align::left}};
  if (shown.words) columns.push_back({"words", Align::left});
  columns.insert(columns.end(), {{"MACs"}, {"util%"}, {"total", Align::right, "cycles"}});
  for (const char* cause : {"compute", "fill", "load", "glb", "dram", "vector"}) {
    columns.push_back({cause, Align::right, "cycles"});
  }
  columns.push_back({"total", Align::right, energy});
  for (const char* component : {"mac", "rf", "noc", "glb", "dram", "vector"}) {
    columns.push_back({component, Align::right, energy});
  }
  if (shown.leakage) columns.push_back({"leak", Align::right, energy});
  for (const char* group : {"DRAM bytes", "buffer bytes"}) {
    columns.push_back({"read", Align::right, group});
    columns.push_back({"write", Align::right, group});
  }
  columns.push_back({"bound", Align::left});
  if (shown.check) columns.push_back({"check", Align::left});
  return columns;
}

std::vector<std::string> row_of(const LayerStats& layer, Shown shown) {
  std::vector<std::string> row{shortened(printable(layer.name), kLongestName), op_text(layer),
                               shortened(printable(layer.dataflow), 8)};
  if (shown.words) row.push_back(layer.op.empty() ? "" : words_text(layer));
  row.insert(row.end(), {short_text(layer.macs), fmt::format("{:.1f}", 100 * layer.utilization),
                         grouped(layer.cycles.total().count())});
  for (const auto& cause : CycleBreakdown::fields()) {
    row.push_back(short_text(layer.cycles.*cause.member));
  }
  row.push_back(short_text(layer.energy.total()));
  for (const auto& component : EnergyBreakdown::fields()) {
    const bool leakage = component.member == &EnergyBreakdown::leakage;
    if (leakage && !shown.leakage) continue;
    row.push_back(short_text(layer.energy.*component.member));
  }
  for (const auto& traffic : TrafficBytes::fields()) {
    row.push_back(short_text(layer.bytes.*traffic.member));
  }
  row.emplace_back(bound_name(layer.roofline.bound));
  if (shown.check) row.push_back(check_text(layer.check));
  return row;
}

std::string shares_of_energy(const LayerStats& total) {
  std::string text;
  for (const auto& component : EnergyBreakdown::fields()) {
    const Energy energy = total.energy.*component.member;
    if (component.member == &EnergyBreakdown::leakage && energy.count() == 0) continue;
    text += fmt::format("{}{} {} %", text.empty() ? "" : ", ", component.name,
                        percent(energy.count(), total.energy.total().count()));
  }
  return text;
}

std::string summary_of(const RunStats& run, const LayerStats& total) {
  const Cycles cycles = total.cycles.total();
  const double microseconds = to_time(cycles, run.arch.clock).count();
  const double frames = microseconds > 0 ? 1e6 * run.input.N / microseconds : 0;
  const double peak = run.arch.pes();
  std::string text;
  const auto line = [&](std::string_view name, const std::string& value) {
    text += fmt::format("  {:<13} {}\n", name, value);
  };
  line("latency",
       fmt::format("{} cycles = {:.1f} us at {:.6g} MHz, {:.2f} frames/s", grouped(cycles.count()),
                   microseconds, run.arch.clock.count() / 1e6, frames));
  line("cycles", shares_of_cycles(total.cycles));
  line("throughput",
       fmt::format("{:.2f} MACs/cycle executed, {} % of the peak of {:.0f}; {} MACs skipped",
                   total.roofline.attained_macs_per_cycle,
                   percent(total.roofline.attained_macs_per_cycle, peak), peak,
                   grouped(total.macs_skipped.count())));
  line("energy", fmt::format("{} {}: {}", short_text(total.energy.total()),
                             energy_unit_text(run.arch.energy), shares_of_energy(total)));
  return text + sparsity_summary(run, total) + quantization_summary(run) + check_summary(run) +
         classes_text(run);
}

}  // namespace

std::string render_text(const RunStats& run) {
  const LayerStats total = total_of(run);
  const Shown shown{.leakage = total.energy.leakage.count() > 0,
                    .words = is_mixed(run),
                    .check = !total.check.passed()};
  Table table{.columns = columns_of(run, shown)};
  for (const LayerStats& layer : run.layers) table.rows.push_back(row_of(layer, shown));
  table.footer.push_back(row_of(total, shown));
  return heading_text(run) + '\n' + to_text(table) +
         "flow: dataflow; fill: fill and drain; load: stationary operand; glb, dram, vector: "
         "stalls; k, M, G: powers of 1000\n\n" +
         sparsity_table(run, total) + summary_of(run, total);
}

}  // namespace ridgeline::reports
