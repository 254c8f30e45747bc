#include <fmt/format.h>

#include <algorithm>

#include "models/base/grouped.hpp"
#include "models/mapping/dataflow.hpp"
#include "reports/format.hpp"
#include "reports/loop_nest_text.hpp"
#include "reports/mapping_report.hpp"
#include "reports/run_text.hpp"
#include "reports/table.hpp"

namespace ridgeline::reports {
namespace {

double energy_delay(const LayerStats& stats) {
  return stats.energy.total().count() * static_cast<double>(stats.cycles.total().count());
}

std::int64_t dram_words(const LayerStats& stats) {
  return stats.accesses.dram_read() + stats.accesses.dram_write();
}

std::string ratio_text(double value, double best) {
  return best > 0 ? fmt::format("{:.3f}x", value / best) : "-";
}

/// "N 1 G 1 M 64 C 16 P 12 Q 56"
std::string tile_text(const TileExtent& t) {
  return fmt::format("N {} G {} M {} C {} P {} Q {}", t.N, t.G, t.M, t.C, t.P, t.Q);
}

/// What a table has beside a mapping and its costs.
struct Shown {
  bool layers = false;  ///< whose mapping it is
  bool ratios = false;  ///< to the layer's first
};

std::vector<Column> columns_of(const MappingReport& report, Shown shown) {
  std::vector<Column> columns;
  if (shown.layers) columns = {{"layer", Align::left}, {"op", Align::left}};
  for (const char* name : {"flow", "tile", "order"}) columns.push_back({name, Align::left});
  for (const std::string& what : {std::string("cycles"), energy_unit_text(report.arch.energy),
                                  std::string("energy x delay"), std::string("DRAM words")}) {
    columns.push_back({shown.ratios ? "" : what, Align::right, shown.ratios ? what : ""});
    if (shown.ratios) columns.push_back({"ratio", Align::right, what});
  }
  columns.push_back({"bound", Align::left});
  return columns;
}

std::vector<std::string> row_of(const MappedLayer& layer, const FoundMapping& found,
                                const MappingReport& report, Shown shown) {
  const LayerStats best = stats_of(layer, layer.best.front(), report);
  const LayerStats stats = stats_of(layer, found, report);
  const bool ordered = found.mapping.dataflow != nullptr;
  std::vector<std::string> row;
  if (shown.layers) {
    constexpr std::size_t kLongestName = 30;
    row = {shortened(printable(layer.layer.name), kLongestName) + (layer.fixed ? " (given)" : ""),
           op_text(stats)};
  }
  row.push_back(dataflow_text(found.mapping));
  row.push_back(tile_text(found.mapping.tile));
  row.push_back(ordered ? std::string(tile_order_name(found.mapping.order)) : "-");
  const auto add = [&](const std::string& text, double value, double of_best) {
    row.push_back(text);
    if (shown.ratios) row.push_back(ratio_text(value, of_best));
  };
  const auto cycles = [](const LayerStats& s) {
    return static_cast<double>(s.cycles.total().count());
  };
  const auto energy = [](const LayerStats& s) { return s.energy.total().count(); };
  const auto words = [](const LayerStats& s) { return static_cast<double>(dram_words(s)); };
  add(grouped(stats.cycles.total().count()), cycles(stats), cycles(best));
  add(short_count(energy(stats)), energy(stats), energy(best));
  add(short_count(energy_delay(stats)), energy_delay(stats), energy_delay(best));
  add(grouped(dram_words(stats)), words(stats), words(best));
  row.emplace_back(bound_name(stats.roofline.bound));
  return row;
}

std::string best_text(const MappedLayer& layer, const MappingReport& report) {
  const Shown shown{.layers = false, .ratios = true};
  Table table{.columns = columns_of(report, shown)};
  for (const FoundMapping& found : layer.best) {
    table.rows.push_back(row_of(layer, found, report, shown));
  }
  return fmt::format("the best {} by {}\n", layer.best.size(), objective_name(report.objective)) +
         to_text(table);
}

std::string heading(const MappingReport& report) {
  return fmt::format("{} on {}, {}, dataflow {}, objective {}\n", printable(report.network),
                     printable(report.arch.name), precision_name(report.precision),
                     printable(report.dataflow), objective_name(report.objective));
}

constexpr const char* kNote =
    "costs as the search judges them: every weight counts, feature maps lie plain and alone in "
    "DRAM\n";

}  // namespace

std::string dataflow_text(const Mapping& mapping) {
  return mapping.dataflow != nullptr ? mapping.dataflow->name : "vector";
}

LayerStats stats_of(const MappedLayer& mapped, const FoundMapping& found,
                    const MappingReport& report) {
  const LoweredLayer& layer = mapped.layer;
  LayerStats stats{.name = layer.name,
                   .op = std::string(layer_kind_name(layer.kind)),
                   .fused = layer.fused,
                   .dataflow = dataflow_text(found.mapping),
                   .mapping = found.mapping,
                   .precision = report.precision,
                   .shape = layer.shape,
                   .output_shape = layer.output_shape,
                   .macs = runs_on_array(layer.kind) ? layer.shape.macs() : Macs(0),
                   .cycles = found.cost.cycles,
                   .accesses = found.cost.counts,
                   .ports = found.cost.ports,
                   .bytes = {.dram_read = found.cost.dram_read,
                             .dram_write = found.cost.dram_write,
                             .glb_read = {},
                             .glb_write = {}}};
  derive(stats, report.arch);
  return stats;
}

std::string render_mappings(const MappingReport& report) {
  const bool several = std::ranges::any_of(
      report.layers, [](const MappedLayer& layer) { return layer.best.size() > 1; });
  const Shown shown{.layers = true, .ratios = several};
  Table table{.columns = columns_of(report, shown)};
  for (const MappedLayer& layer : report.layers) {
    for (const FoundMapping& found : layer.best) {
      table.rows.push_back(row_of(layer, found, report, shown));
    }
  }
  std::int64_t tried = 0;
  for (const MappedLayer& layer : report.layers) tried += layer.tried;
  return heading(report) + '\n' + to_text(table) +
         fmt::format("{} mappings tried; {}", grouped(tried), kNote);
}

std::string render_loop_nests(const MappingReport& report) {
  std::string text = heading(report);
  for (const MappedLayer& layer : report.layers) {
    text += '\n' + loop_nest_text(layer, report);
    if (layer.best.size() > 1) text += '\n' + best_text(layer, report);
  }
  return text + '\n' + kNote;
}

}  // namespace ridgeline::reports
