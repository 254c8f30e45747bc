#include <fmt/format.h>

#include <cassert>

#include "models/base/grouped.hpp"
#include "reports/format.hpp"
#include "reports/report.hpp"
#include "reports/run_text.hpp"
#include "reports/table.hpp"

namespace ridgeline::reports {
namespace {

/// a / b as "2.59x"; "-" if b is nothing.
std::string ratio_text(double a, double b) {
  return b > 0 ? fmt::format("{:.2f}x", a / b) : "-";
}

std::vector<std::string> row_of(const RunStats& run, const LayerStats& first) {
  const LayerStats total = total_of(run);
  const Cycles cycles = total.cycles.total();
  const Bytes dram = total.bytes.dram_read + total.bytes.dram_write;
  return {printable(run.network) + " on " + printable(run.arch.name),
          grouped(total.macs.count()),
          grouped(cycles.count()),
          fmt::format("{:.1f}", to_time(cycles, run.arch.clock).count()),
          fmt::format("{:.1f}", 100 * total.utilization),
          short_count(total.energy.total().count()),
          short_count(static_cast<double>(dram.count())),
          ratio_text(static_cast<double>(first.cycles.total().count()),
                     static_cast<double>(cycles.count())),
          ratio_text(first.energy.total().count(), total.energy.total().count())};
}

}  // namespace

std::string render_comparison(std::span<const RunStats> runs) {
  assert(!runs.empty());
  const LayerStats first = total_of(runs.front());
  Table table{.columns = {{"comparison", Align::left},
                          {"MACs"},
                          {"cycles"},
                          {"latency us"},
                          {"util%"},
                          {"energy, " + energy_unit_text(runs.front().arch.energy)},
                          {"DRAM bytes"},
                          {"faster"},
                          {"less energy"}}};
  for (const RunStats& run : runs) table.rows.push_back(row_of(run, first));
  return to_text(table) + fmt::format("faster, less energy: how many times, against {}\n",
                                      printable(runs.front().network));
}

}  // namespace ridgeline::reports
