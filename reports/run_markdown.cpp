#include <fmt/format.h>

#include "models/base/grouped.hpp"
#include "reports/format.hpp"
#include "reports/markdown.hpp"
#include "reports/report.hpp"
#include "reports/run_text.hpp"

namespace ridgeline::reports {
namespace {

std::vector<std::string> layer_row(const LayerStats& layer) {
  const auto count = [](auto quantity) { return grouped(quantity.count()); };
  std::vector<std::string> row{markdown_text(layer.name), markdown_text(op_text(layer)),
                               markdown_text(layer.dataflow), count(layer.macs),
                               count(layer.cycles.total())};
  row.push_back(fmt::format("{:.1f}", 100 * layer.utilization));
  row.push_back(count(layer.bytes.dram_read + layer.bytes.dram_write));
  row.push_back(short_count(layer.energy.total().count()));
  for (const auto& part : EnergyBreakdown::fields())
    row.push_back(short_count((layer.energy.*part.member).count()));
  row.emplace_back(bound_name(layer.roofline.bound));
  return row;
}

Table table_of(const RunStats& run, const LayerStats& total) {
  Table table{.columns = {{"layer", Align::left},
                          {"operation", Align::left},
                          {"dataflow", Align::left},
                          {"MACs"},
                          {"cycles"},
                          {"utilisation, %"},
                          {"DRAM bytes"},
                          {"energy"}}};
  for (const auto& part : EnergyBreakdown::fields()) table.columns.push_back({part.name});
  table.columns.push_back({"bound", Align::left});
  for (const LayerStats& layer : run.layers) table.rows.push_back(layer_row(layer));
  table.footer.push_back(layer_row(total));
  return table;
}

}  // namespace

std::string render_markdown(const RunStats& run) {
  const LayerStats total = total_of(run);
  const Cycles cycles = total.cycles.total();
  std::string text =
      fmt::format("### {} on {}\n\n", markdown_text(run.network), markdown_text(run.arch.name));
  text += fmt::format(
      "{}, engine {}, dataflow {}, {} x {} PEs: {} cycles ({:.1f} us at {:.6g} MHz), "
      "utilisation {:.1f} %, energy {} {} (table {}).\n\n",
      precision_name(run.precision), markdown_text(run.engine), markdown_text(run.dataflow),
      run.arch.pe_array.rows, run.arch.pe_array.cols, grouped(cycles.count()),
      to_time(cycles, run.arch.clock).count(), run.arch.clock.count() / 1e6,
      100 * total.utilization, short_count(total.energy.total().count()),
      markdown_text(energy_unit_text(run.arch.energy)), markdown_text(run.arch.energy.name));
  return text + to_markdown(table_of(run, total)) +
         fmt::format("\nEnergy and its parts in {}; k, M, G are powers of 1000.\n",
                     markdown_text(energy_unit_text(run.arch.energy)));
}

}  // namespace ridgeline::reports
