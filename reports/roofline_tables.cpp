#include <fmt/format.h>

#include <cmath>

#include "models/base/grouped.hpp"
#include "reports/format.hpp"
#include "reports/roofline_report.hpp"
#include "reports/run_text.hpp"

namespace ridgeline::reports {
namespace {

constexpr std::size_t kNameWidth = 28;

std::string number_or_dash(std::optional<double> value) {
  return value ? short_count(*value) : "-";
}

/// Of the level that binds, or a dash where none does.
std::string binding_intensity(const RooflineLayer& layer) {
  for (const Roof roof : kMemoryRoofs) {
    if (roof == layer.bound) return number_or_dash(layer.at(roof).macs_per_byte);
  }
  return "-";
}

std::vector<std::string> layer_row(const RooflineLayer& layer) {
  const LevelPoint& dram = layer.at(Roof::dram);
  const bool on_array = layer.macs > 0;
  return {shortened(printable(layer.name), kNameWidth),
          layer.dataflow,
          number_or_dash(dram.macs_per_byte),
          number_or_dash(dram.optimal_macs_per_byte),
          binding_intensity(layer),
          on_array ? short_count(layer.attained_macs_per_cycle) : "-",
          on_array ? short_count(layer.roof_macs_per_cycle) : "-",
          fmt::format("{:.1f}", layer.percent_of_roof),
          std::string(roof_label(layer.bound)),
          grouped(std::llround(layer.headroom_cycles))};
}

/// Cycles that the run must spend at a roof.
double cycles_at(const RooflineLayer& total, Roof roof) {
  if (roof == Roof::pe_array) return total.pe_array_cycles;
  if (roof == Roof::vector_unit) return total.vector_unit_cycles;
  return total.at(roof).cycles;
}

std::vector<std::string> measured_cells(const RooflineAnalysis& analysis, Roof roof) {
  if (analysis.measured.empty()) return {};
  for (const MeasuredRoof& measured : analysis.measured) {
    if (measured.roof != roof) continue;
    return {short_count(measured.measured), percent(measured.measured, measured.theoretical),
            measured.benchmark};
  }
  return {"-", "-", ""};
}

struct RoofRow {
  Roof roof;
  double a_cycle;
  const char* unit;
  std::optional<double> ridge{}, intensity{};
};

std::vector<RoofRow> roof_rows(const RooflineAnalysis& analysis) {
  std::vector<RoofRow> rows{
      {Roof::pe_array, analysis.peak_macs_per_cycle, "MACs"},
      {Roof::vector_unit, analysis.peak_vector_operations_per_cycle, "operations"}};
  for (const MemoryLevel& level : analysis.levels) {
    rows.push_back({level.roof, level.bytes_per_cycle, "bytes", level.ridge_macs_per_byte,
                    analysis.total.at(level.roof).macs_per_byte});
  }
  return rows;
}

}  // namespace

std::string width_text(double a_cycle) {
  const bool whole = a_cycle == std::floor(a_cycle) && a_cycle < 1e9;
  return whole ? grouped(std::llround(a_cycle)) : short_count(a_cycle);
}

std::string roofline_title(const RooflineAnalysis& analysis) {
  const double peak = analysis.peak_macs_per_cycle;
  return fmt::format(
      "{} on {}, {}, {}: peak {} MACs/cycle = {} MACs/s at {:g} MHz", printable(analysis.network),
      printable(analysis.arch), precision_name(analysis.precision),
      analysis.engine == "analytic" ? "analytic engine" : "simulated", width_text(peak),
      short_count(peak * analysis.clock.count()), analysis.clock.count() / 1e6);
}

Table roofline_layers_table(const RooflineAnalysis& analysis) {
  Table table{.columns = {{"layer", Align::left},
                          {"flow", Align::left},
                          {"DRAM", Align::right, "MACs/byte"},
                          {"optimal", Align::right, "MACs/byte"},
                          {"at bound", Align::right, "MACs/byte"},
                          {"attained", Align::right, "MACs/cycle"},
                          {"roof", Align::right, "MACs/cycle"},
                          {"% of roof"},
                          {"bound", Align::left},
                          {"headroom", Align::right, "cycles"}}};
  for (const RooflineLayer& layer : analysis.layers) table.rows.push_back(layer_row(layer));
  table.footer.push_back(layer_row(analysis.total));
  return table;
}

Table roofs_table(const RooflineAnalysis& analysis) {
  Table table{.columns = {{"roof", Align::left},
                          {"a cycle"},
                          {"", Align::left},
                          {"a second"},
                          {"ridge", Align::right, "MACs/byte"},
                          {"run", Align::right, "MACs/byte"},
                          {"% of cycles"}}};
  if (!analysis.measured.empty()) {
    table.columns.push_back({"measured"});
    table.columns.push_back({"% of roof"});
    table.columns.push_back({"by", Align::left});
  }
  const auto cycles = static_cast<double>(analysis.total.cycles.count());
  for (const RoofRow& row : roof_rows(analysis)) {
    table.rows.push_back({std::string(roof_label(row.roof)), width_text(row.a_cycle), row.unit,
                          short_count(row.a_cycle * analysis.clock.count()),
                          number_or_dash(row.ridge), number_or_dash(row.intensity),
                          percent(cycles_at(analysis.total, row.roof), cycles)});
    for (std::string& cell : measured_cells(analysis, row.roof)) {
      table.rows.back().push_back(std::move(cell));
    }
  }
  return table;
}

Table losses_table(const RooflineAnalysis& analysis) {
  const LossWaterfall& losses = analysis.total.waterfall;
  const auto peak = static_cast<double>(losses.peak);
  Table table{.columns = {{"from peak to attained", Align::left}, {"MACs/cycle"}, {"% of peak"}}};
  const auto add = [&](const char* label, std::int64_t part, const std::string& sign) {
    const auto share = static_cast<double>(part);
    const double rate = peak > 0 ? analysis.peak_macs_per_cycle * share / peak : 0;
    const std::string shown = part > 0 ? sign : "";
    table.rows.push_back({label, shown + short_count(rate), shown + percent(share, peak)});
  };
  add("peak", losses.peak, "");
  for (const auto& loss : LossWaterfall::losses()) {
    // Beside one another layers lie in their own rows only.
    if (loss.member != &LossWaterfall::overlapped) add(loss.label, losses.*loss.member, "-");
  }
  add("attained", losses.macs, "");
  return table;
}

std::string energy_roofline_text(const RooflineAnalysis& analysis) {
  const EnergyRoofline& energy = analysis.energy;
  const std::string unit = energy_unit_text(energy.unit);
  return fmt::format(
      "Energy: {} {} a MAC on the chip ({} in the multipliers), {} a DRAM byte, {} a cycle; a DRAM "
      "byte costs as much as {} MACs (energy balance), takes as long as {} (ridge); half of the "
      "best efficiency from {} MACs/byte on",
      short_count(energy.energy_per_mac), unit, short_count(energy.multiplier_energy_per_mac),
      short_count(energy.energy_per_dram_byte), short_count(energy.static_energy_per_cycle),
      short_count(energy.energy_balance_macs_per_byte),
      short_count(energy.time_balance_macs_per_byte),
      short_count(energy.effective_balance_macs_per_byte));
}

}  // namespace ridgeline::reports
