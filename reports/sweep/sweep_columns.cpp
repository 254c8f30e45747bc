#include "reports/sweep/sweep_columns.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/run_text.hpp"

namespace ridgeline::reports {
namespace {

std::string unit_suffix(const SweepHeader& header) {
  return header.energy_unit == "MAC" ? "mac_equivalents" : header.energy_unit;
}

template <class Unit>
Cell cell_of(Quantity<Unit, std::int64_t> value) {
  return value.count();
}
template <class Unit>
Cell cell_of(Quantity<Unit, double> value) {
  return value.count();
}

/// A column for each field of `part`, its name before the suffix.
template <class Part>
void put_columns(std::vector<PointColumn>& columns, std::string_view suffix,
                 Part PointResult::*part) {
  for (const auto& field : Part::fields()) {
    columns.push_back({fmt::format("{}_{}", field.name, suffix),
                       [part, member = field.member](const PointResult& result) {
                         return cell_of(result.*part.*member);
                       }});
  }
}

}  // namespace

std::vector<PointColumn> point_columns(const SweepHeader& header) {
  using R = PointResult;
  std::vector<PointColumn> columns;
  const auto put = [&](std::string name, std::function<Cell(const R&)> of) {
    columns.push_back({std::move(name), std::move(of)});
  };
  const std::string unit = unit_suffix(header);
  put("latency_us", [](const R& r) { return Cell(r.latency.count()); });
  put("total_cycles", [](const R& r) { return Cell(r.cycles.total().count()); });
  put_columns(columns, "cycles", &R::cycles);
  put("total_energy_" + unit, [](const R& r) { return Cell(r.energy.total().count()); });
  put_columns(columns, "energy_" + unit, &R::energy);
  put("edp_" + unit + "_us", [](const R& r) { return Cell(metric_of(r, Metric::edp)); });
  put_columns(columns, "bytes", &R::bytes);
  put("utilization", [](const R& r) { return Cell(r.utilization); });
  put("area_mm2", [](const R& r) { return Cell(r.area_mm2); });
  put("pes", [](const R& r) { return Cell(std::int64_t{r.pes}); });
  put("buffer_bytes", [](const R& r) { return Cell(r.buffer.count()); });
  put("macs", [](const R& r) { return Cell(r.macs.count()); });
  put("parameters", [](const R& r) { return Cell(r.parameters); });
  return columns;
}

std::vector<LayerColumn> layer_columns(const SweepHeader& header) {
  using L = LayerRecord;
  return {
      {"network", [](const L& l) { return Cell(std::string_view(l.network)); }},
      {"layer", [](const L& l) { return Cell(std::string_view(l.name)); }},
      {"op", [](const L& l) { return Cell(std::string_view(l.op)); }},
      {"dataflow", [](const L& l) { return Cell(std::string_view(l.dataflow)); }},
      {"bound", [](const L& l) { return Cell(bound_name(l.bound)); }},
      {"macs", [](const L& l) { return Cell(l.macs.count()); }},
      {"total_cycles", [](const L& l) { return Cell(l.cycles.count()); }},
      {"total_energy_" + unit_suffix(header), [](const L& l) { return Cell(l.energy.count()); }},
      {"dram_bytes", [](const L& l) { return Cell(l.dram.count()); }},
      {"glb_bytes", [](const L& l) { return Cell(l.glb.count()); }},
      {"utilization", [](const L& l) { return Cell(l.utilization); }}};
}

std::string metric_label(const SweepHeader& header, Metric metric) {
  const auto* const found = std::ranges::find(kMetrics, metric, &MetricName::metric);
  const std::string unit = energy_unit_text(header.energy_unit);
  if (metric == Metric::energy) return fmt::format("{} ({})", found->label, unit);
  if (metric == Metric::edp) return fmt::format("{} ({} us)", found->label, unit);
  return std::string(found->label);
}

std::string metric_column(const SweepHeader& header, Metric metric) {
  switch (metric) {
    case Metric::latency:
      return "latency_us";
    case Metric::energy:
      return "total_energy_" + unit_suffix(header);
    case Metric::edp:
      return "edp_" + unit_suffix(header) + "_us";
    case Metric::area:
      return "area_mm2";
    case Metric::pes:
      return "pes";
    case Metric::buffer_bytes:
      return "buffer_bytes";
    case Metric::parameters:
      break;
  }
  return "parameters";
}

}  // namespace ridgeline::reports
