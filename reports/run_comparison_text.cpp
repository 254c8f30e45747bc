#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/base/grouped.hpp"
#include "reports/format.hpp"
#include "reports/markdown.hpp"
#include "reports/run_comparison.hpp"
#include "reports/run_text.hpp"
#include "reports/table.hpp"

namespace ridgeline::reports {
namespace {

using Row = std::vector<std::string>;
using Name = std::string (*)(std::string_view);

/// A comparison as tables, which text and Markdown write each in its own way. Names go through
/// `name`, which makes them fit for the format.
struct ComparisonTables {
  Table runs;      ///< totals
  Table layers;    ///< pairs, single layers, the total
  Table settings;  ///< that differ
};

/// Two layers, or one whose other is null, and what changed.
struct ComparedRow {
  const ReportLayer* a;
  const ReportLayer* b;
  std::string why;
};

/// b / a as "0.39x"; "-" if a is nothing.
std::string ratio_text(double a, double b) {
  return a > 0 ? fmt::format("{:.3f}x", b / a) : "-";
}

/// "dataflow ws > os; bound dram > compute; cycles: dram_stall -1.2M".
std::string why_text(const LayerPair& pair) {
  std::vector<std::string> parts = pair.changes;
  if (!pair.cycles_by.empty()) parts.push_back("cycles: " + pair.cycles_by);
  if (!pair.energy_by.empty()) parts.push_back("energy: " + pair.energy_by);
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::vector<ComparedRow> rows_of(const RunComparison& comparison) {
  std::vector<ComparedRow> rows;
  for (const LayerPair& pair : comparison.pairs) rows.push_back({pair.a, pair.b, why_text(pair)});
  for (const ReportLayer* layer : comparison.only_a) rows.push_back({layer, nullptr, "only in A"});
  for (const ReportLayer* layer : comparison.only_b) rows.push_back({nullptr, layer, "only in B"});
  return rows;
}

/// The layer's name, or both that were matched by shape.
std::string layer_name(const ComparedRow& row) {
  if (row.a == nullptr || row.b == nullptr) return (row.a == nullptr ? row.b : row.a)->name;
  return row.a->name == row.b->name ? row.a->name : row.a->name + " ~ " + row.b->name;
}

Row run_row(const char* which, const RunReport& run, Name name) {
  const ReportSums& total = run.total;
  return {which,
          name(run.network),
          name(run.arch),
          grouped(total.cycles),
          fmt::format("{:.1f}", total.latency_us),
          fmt::format("{:.1f}", 100 * total.utilization),
          short_count(total.energy),
          grouped(total.dram_bytes),
          name(total.bound)};
}

/// Cycles, energy and their ratios.
void put_sums(Row& row, const ReportSums* a, const ReportSums* b) {
  row.push_back(a == nullptr ? "-" : grouped(a->cycles));
  row.push_back(b == nullptr ? "-" : grouped(b->cycles));
  const bool both = a != nullptr && b != nullptr;
  row.push_back(both ? ratio_text(static_cast<double>(a->cycles), static_cast<double>(b->cycles))
                     : "");
  row.push_back(a == nullptr ? "-" : short_count(a->energy));
  row.push_back(b == nullptr ? "-" : short_count(b->energy));
  row.push_back(both ? ratio_text(a->energy, b->energy) : "");
}

Table layer_table(const RunComparison& comparison, Name name) {
  const std::string energy = "energy, " + name(energy_unit_text(comparison.a->energy_unit));
  Table table{.columns = {{"layer", Align::left},
                          {"A", Align::right, "cycles"},
                          {"B", Align::right, "cycles"},
                          {"B / A", Align::right, "cycles"},
                          {"A", Align::right, energy},
                          {"B", Align::right, energy},
                          {"B / A", Align::right, energy},
                          {"what changed", Align::left}}};
  for (const ComparedRow& compared : rows_of(comparison)) {
    Row row{name(layer_name(compared))};
    put_sums(row, compared.a == nullptr ? nullptr : &compared.a->sums,
             compared.b == nullptr ? nullptr : &compared.b->sums);
    row.push_back(name(compared.why));
    table.rows.push_back(std::move(row));
  }
  Row total{"total"};
  put_sums(total, &comparison.a->total, &comparison.b->total);
  total.emplace_back();
  table.footer.push_back(std::move(total));
  return table;
}

std::string heading(const RunComparison& comparison, Name name) {
  return fmt::format("A: {} on {} ({})\nB: {} on {} ({})\n", name(comparison.a->network),
                     name(comparison.a->arch), name(comparison.a->file),
                     name(comparison.b->network), name(comparison.b->arch),
                     name(comparison.b->file));
}

std::string matched_text(const RunComparison& comparison) {
  std::size_t by_name = 0;
  for (const LayerPair& pair : comparison.pairs) by_name += pair.by_name() ? 1 : 0;
  return fmt::format(
      "{} layers matched by name, {} by operation and shape (~); {} only in A, {} only in B",
      by_name, comparison.pairs.size() - by_name, comparison.only_a.size(),
      comparison.only_b.size());
}

std::string short_name(std::string_view text) {
  constexpr std::size_t kWidth = 200;
  return shortened(printable(text), kWidth);
}

ComparisonTables tables_of(const RunComparison& comparison, Name name) {
  ComparisonTables tables{
      .runs = {.columns = {{"", Align::left},
                           {"network", Align::left},
                           {"architecture", Align::left},
                           {"cycles"},
                           {"latency us"},
                           {"util%"},
                           {"energy, " + name(energy_unit_text(comparison.a->energy_unit))},
                           {"DRAM bytes"},
                           {"bound", Align::left}}},
      .layers = layer_table(comparison, name),
      .settings = {.columns = {{"setting", Align::left}, {"A", Align::left}, {"B", Align::left}}}};
  tables.runs.rows = {run_row("A", *comparison.a, name), run_row("B", *comparison.b, name)};
  for (const SettingChange& change : comparison.settings)
    tables.settings.rows.push_back({name(change.pointer), name(change.a), name(change.b)});
  return tables;
}

}  // namespace

std::string comparison_text(const RunComparison& comparison) {
  const ComparisonTables tables = tables_of(comparison, &short_name);
  std::string text = heading(comparison, &short_name) + '\n' + to_text(tables.runs) + '\n' +
                     to_text(tables.layers) + matched_text(comparison) + '\n';
  if (!tables.settings.rows.empty()) text += '\n' + to_text(tables.settings);
  return text;
}

std::string comparison_markdown(const RunComparison& comparison) {
  ComparisonTables tables = tables_of(comparison, &markdown_text);
  // Markdown has no headings over groups of columns.
  for (Column& column : tables.layers.columns) {
    if (!column.group.empty()) column.header = column.group + ", " + column.header;
  }
  std::string text =
      fmt::format("### {} on {} and {} on {}\n\n", markdown_text(comparison.a->network),
                  markdown_text(comparison.a->arch), markdown_text(comparison.b->network),
                  markdown_text(comparison.b->arch));
  text += to_markdown(tables.runs) + '\n' + to_markdown(tables.layers) + '\n' +
          markdown_text(matched_text(comparison)) + ".\n";
  if (!tables.settings.rows.empty()) text += '\n' + to_markdown(tables.settings);
  return text;
}

std::string comparison_csv(const RunComparison& comparison) {
  const std::string unit = comparison.a->energy_unit == "MAC" ? "mac_equivalents" : "pj";
  std::string text = csv_record(
      Row{"layer_a", "layer_b", "cycles_a", "cycles_b", "energy_a_" + unit, "energy_b_" + unit,
          "dataflow_a", "dataflow_b", "bound_a", "bound_b", "tile_a", "tile_b", "what_changed"});
  const auto put = [&](const ComparedRow& compared) {
    const auto both = [](auto value, const ReportLayer* layer) {
      return layer == nullptr ? std::string() : fmt::format("{}", value(*layer));
    };
    Row row;
    const auto add = [&](auto value) {
      for (const ReportLayer* layer : {compared.a, compared.b}) row.push_back(both(value, layer));
    };
    add([](const ReportLayer& l) { return l.name; });
    add([](const ReportLayer& l) { return l.sums.cycles; });
    add([](const ReportLayer& l) { return l.sums.energy; });
    add([](const ReportLayer& l) { return l.dataflow; });
    add([](const ReportLayer& l) { return l.sums.bound; });
    add([](const ReportLayer& l) { return l.tile; });
    row.push_back(compared.why);
    text += csv_record(row);
  };
  for (const ComparedRow& row : rows_of(comparison)) put(row);
  const ReportLayer a{.name = "total", .sums = comparison.a->total};
  const ReportLayer b{.name = "total", .sums = comparison.b->total};
  put({&a, &b, ""});
  return text;
}

}  // namespace ridgeline::reports
