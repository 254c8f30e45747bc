#include <fmt/format.h>

#include "reports/format.hpp"
#include "reports/quantization_report.hpp"
#include "reports/report.hpp"

/// Comma-separated values as RFC 4180 has them: CRLF ends a record, quotes where needed. Every
/// header that is a quantity ends in its unit. Numbers print with the fewest digits that read back
/// as the same value.
namespace ridgeline::reports {
namespace {

using Record = std::vector<std::string>;

std::string energy_suffix(const EnergyTable& table) {
  return table.unit == "MAC" ? "mac_equivalents" : table.unit;
}

void append(Record& record, const Record& more) {
  record.insert(record.end(), more.begin(), more.end());
}

Record header_of(const RunStats& run) {
  Record record{"network",    "architecture",
                "precision",  "layer",
                "op",         "dataflow",
                "N",          "G",
                "M",          "C",
                "H",          "W",
                "R",          "S",
                "P",          "Q",
                "stride_h",   "stride_w",
                "pad_top",    "pad_left",
                "pad_bottom", "pad_right",
                "macs",       "macs_skipped",
                "parameters", "total_cycles"};
  const std::string unit = energy_suffix(run.arch.energy);
  for (const auto& f : CycleBreakdown::fields()) record.push_back(fmt::format("{}_cycles", f.name));
  record.insert(record.end(), {"latency_us", "utilization"});
  for (const auto& f : TrafficBytes::fields()) record.push_back(fmt::format("{}_bytes", f.name));
  for (const auto& sum : AccessCounts::sums()) {
    record.push_back(fmt::format("{}_accesses", sum.name));
  }
  for (const auto& f : EnergyBreakdown::fields()) {
    record.push_back(fmt::format("{}_energy_{}", f.name, unit));
  }
  record.push_back("total_energy_" + unit);
  record.insert(record.end(),
                {"macs_per_dram_byte", "macs_per_glb_byte", "attained_macs_per_cycle",
                 "roof_macs_per_cycle", "bound", "compared", "mismatches", "max_abs_error",
                 "overlapped_cycles", "ifmap_on_chip", "residual_on_chip", "ofmap_on_chip"});
  for (const auto& f : Sparsity::fields()) record.emplace_back(f.name);
  record.push_back("energy_saved_" + unit);
  record.insert(record.end(),
                {"zero_weight_fraction", "zero_ifmap_fraction", "zero_ofmap_fraction"});
  append(record, quantization_headers());
  return record;
}

void put_shape(Record& record, const LayerStats& layer) {
  const ConvShape& s = layer.shape;
  for (const int extent :
       {s.N, s.G, s.M, s.C, s.H, s.W, s.R(), s.S(), layer.output_shape.H, layer.output_shape.W}) {
    record.push_back(fmt::format("{}", extent));
  }
  for (const int stride : s.window.stride) record.push_back(fmt::format("{}", stride));
  for (const int pad : s.window.pad) record.push_back(fmt::format("{}", pad));
}

void put_sums(Record& record, const LayerStats& layer, const Architecture& arch) {
  const auto put = [&](auto value) { record.push_back(fmt::format("{}", value)); };
  put(layer.macs.count());
  put(layer.macs_skipped.count());
  put(layer.parameters);
  put(layer.cycles.total().count());
  for (const auto& f : CycleBreakdown::fields()) put((layer.cycles.*f.member).count());
  put(to_time(layer.cycles.total(), arch.clock).count());
  put(layer.utilization);
  for (const auto& f : TrafficBytes::fields()) put((layer.bytes.*f.member).count());
  for (const auto& sum : AccessCounts::sums()) put(sum.of(layer.accesses));
  for (const auto& f : EnergyBreakdown::fields()) put((layer.energy.*f.member).count());
  put(layer.energy.total().count());
  put(layer.roofline.macs_per_dram_byte);
  put(layer.roofline.macs_per_glb_byte);
  put(layer.roofline.attained_macs_per_cycle);
  put(layer.roofline.roof_macs_per_cycle);
  put(bound_name(layer.roofline.bound));
  put(layer.check.compared);
  put(layer.check.mismatches);
  put(layer.check.max_abs_error);
  put(layer.overlapped.count());
}

void put_residency(Record& record, const Residency& residency) {
  for (const bool stays : {residency.ifmap, residency.residual, residency.ofmap}) {
    record.push_back(stays ? "true" : "false");
  }
}

void put_sparsity(Record& record, const Sparsity& sparsity) {
  for (const auto& f : Sparsity::fields()) record.push_back(fmt::format("{}", sparsity.*f.member));
  for (const double value : {sparsity.energy_saved.count(), sparsity.zero_weight_fraction(),
                             sparsity.zero_ifmap_fraction(), sparsity.zero_ofmap_fraction()})
    record.push_back(fmt::format("{}", value));
}

Record row_of(const RunStats& run, const LayerStats& layer, bool is_total) {
  constexpr std::size_t kShapeFields = 16;
  const Precision precision = is_total ? run.precision : layer.precision.own;
  Record record{run.network, run.arch.name, std::string(precision_name(precision)),
                layer.name,  layer.op,      layer.dataflow};
  if (is_total) {
    record.resize(record.size() + kShapeFields);
  } else {
    put_shape(record, layer);
  }
  put_sums(record, layer, run.arch);
  if (is_total) {
    record.resize(record.size() + 3);
  } else {
    put_residency(record, layer.residency);
  }
  put_sparsity(record, layer.sparsity);
  append(record, is_total ? quantization_record(run) : quantization_record(layer));
  return record;
}

}  // namespace

std::string render_csv(const RunStats& run) {
  std::string text = csv_record(header_of(run));
  for (const LayerStats& layer : run.layers) text += csv_record(row_of(run, layer, false));
  return text + csv_record(row_of(run, total_of(run), true));
}

}  // namespace ridgeline::reports
