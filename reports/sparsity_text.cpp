#include "reports/sparsity_text.hpp"

#include <fmt/format.h>

#include "models/base/grouped.hpp"
#include "reports/format.hpp"
#include "reports/run_text.hpp"
#include "reports/table.hpp"

namespace ridgeline::reports {
namespace {

/// "12.3", of what the layer would take if no word were zero.
std::string saved_percent(double saved, double now) {
  return percent(saved, now + saved);
}

double dram_bytes(const LayerStats& layer) {
  return static_cast<double>((layer.bytes.dram_read + layer.bytes.dram_write).count());
}

/// A hundredth of what the run would take without: less is told in the summary alone.
bool saves_much(const LayerStats& total) {
  constexpr double kLeastShare = 0.01;
  const Sparsity& s = total.sparsity;
  const auto much = [](double saved, double now) { return saved >= kLeastShare * (now + saved); };
  return s.saves() && (much(static_cast<double>(s.cycles_saved),
                            static_cast<double>(total.cycles.total().count())) ||
                       much(s.energy_saved.count(), total.energy.total().count()) ||
                       much(static_cast<double>(s.dram_bytes_saved), dram_bytes(total)));
}

std::vector<Column> columns_of(const RunStats& run) {
  const std::string words = "zero words, %";
  const std::string macs = "MACs, %";
  const std::string energy = "energy saved, " + energy_unit_text(run.arch.energy);
  return {{"layer", Align::left},
          {"op", Align::left},
          {"flow", Align::left},
          {"weight", Align::right, words},
          {"ifmap", Align::right, words},
          {"ofmap", Align::right, words},
          {"skipped", Align::right, macs},
          {"gated", Align::right, macs},
          {"cycles", Align::right, "cycles saved"},
          {"%", Align::right, "cycles saved"},
          {"energy", Align::right, energy},
          {"%", Align::right, energy},
          {"DRAM bytes", Align::right, "bytes saved"},
          {"%", Align::right, "bytes saved"}};
}

std::vector<std::string> row_of(const LayerStats& layer) {
  constexpr std::size_t kLongestName = 18;
  const Sparsity& s = layer.sparsity;
  const auto macs = static_cast<double>(layer.macs.count());
  const auto cycles = static_cast<double>(s.cycles_saved);
  const auto bytes = static_cast<double>(s.dram_bytes_saved);
  return {shortened(printable(layer.name), kLongestName),
          op_text(layer),
          shortened(printable(layer.dataflow), 8),
          s.weights_counted > 0 ? percent(s.zero_weight_fraction(), 1) : "-",
          percent(s.zero_ifmap_fraction(), 1),
          percent(s.zero_ofmap_fraction(), 1),
          percent(static_cast<double>(layer.macs_skipped.count()), macs),
          percent(static_cast<double>(s.macs_gated), macs),
          grouped(s.cycles_saved),
          saved_percent(cycles, static_cast<double>(layer.cycles.total().count())),
          short_count(s.energy_saved.count()),
          saved_percent(s.energy_saved.count(), layer.energy.total().count()),
          short_count(bytes),
          saved_percent(bytes, dram_bytes(layer))};
}

}  // namespace

std::string sparsity_table(const RunStats& run, const LayerStats& total) {
  if (!saves_much(total)) return {};
  Table table{.columns = columns_of(run)};
  for (const LayerStats& layer : run.layers) {
    if (layer.sparsity.saves()) table.rows.push_back(row_of(layer));
  }
  const std::size_t others = run.layers.size() - table.rows.size();
  table.footer.push_back(row_of(total));
  return to_text(table) + fmt::format(
                              "saved: against the same mapping on a machine that takes no notice "
                              "of zeros; layers that "
                              "save nothing: {}\n\n",
                              others);
}

std::string sparsity_summary(const RunStats& run, const LayerStats& total) {
  const Sparsity& s = total.sparsity;
  if (s.ifmap_words == 0) return {};
  std::string text =
      fmt::format("  {:<13} {} % of ifmap and {} % of ofmap words ({})", "zeros",
                  percent(s.zero_ifmap_fraction(), 1), percent(s.zero_ofmap_fraction(), 1),
                  zeros_source_name(run.activation_zeros));
  if (s.weights_counted > 0) {
    text += fmt::format(", {} % of {} weights{}", percent(s.zero_weight_fraction(), 1),
                        grouped(s.weights_counted), run.declared_weights ? " (declared)" : "");
  }
  const auto macs = static_cast<double>(total.macs.count());
  text += fmt::format("; of the MACs {} % skipped, {} % gated\n",
                      percent(static_cast<double>(total.macs_skipped.count()), macs),
                      percent(static_cast<double>(s.macs_gated), macs));
  if (!s.saves()) return text;
  const auto cycles = static_cast<double>(s.cycles_saved);
  const auto bytes = static_cast<double>(s.dram_bytes_saved);
  return text +
         fmt::format("  {:<13} {} cycles ({} %), energy {} ({} %), {} DRAM bytes ({} %)\n", "saved",
                     grouped(s.cycles_saved),
                     saved_percent(cycles, static_cast<double>(total.cycles.total().count())),
                     short_count(s.energy_saved.count()),
                     saved_percent(s.energy_saved.count(), total.energy.total().count()),
                     short_count(bytes), saved_percent(bytes, dram_bytes(total)));
}

}  // namespace ridgeline::reports
