#include "reports/reproduction_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "reports/format.hpp"

namespace ridgeline::reports {
namespace {

/// Of a table that is summed up, how many of the figures within tolerance are shown.
constexpr std::size_t kFurthest = 10;

/// What is left of a difference when its sign does not matter; what has no relative difference
/// counts as none.
double distance(const Figure& figure) {
  const double relative = relative_difference(figure).value_or(0);
  return std::isnan(relative) ? INFINITY : std::abs(relative);
}

const Figure& furthest(std::span<const Figure> figures) {
  return *std::ranges::max_element(figures, {}, distance);
}

std::string mean_distance_text(std::span<const Figure> figures) {
  double sum = 0;
  for (const Figure& figure : figures) sum += distance(figure);
  return fmt::format("{:.2f} %", 100 * sum / static_cast<double>(figures.size()));
}

std::string summary_of(const Reproduction& reproduction) {
  const std::vector<Figure>& figures = reproduction.figures;
  const ReproductionCounts counts = counts_of(figures);
  std::string text = fmt::format("{} figures: {} within tolerance, {} missed", figures.size(),
                                 counts.passed, counts.missed);
  if (counts.recalled > 0) text += fmt::format(", {} recalled", counts.recalled);
  if (counts.not_judged > 0) text += fmt::format(", {} without a tolerance", counts.not_judged);
  if (figures.empty()) return text;
  const Figure& last = furthest(figures);
  if (distance(last) == 0) return text + "; no difference";
  return text + fmt::format("; mean absolute difference {}, largest {} ({})",
                            mean_distance_text(figures), difference_text(last), name_text(last));
}

/// Misses, and the figures furthest off, in the order of the table.
std::vector<const Figure*> most_telling(const std::vector<Figure>& figures) {
  std::vector<const Figure*> shown, rest;
  for (const Figure& f : figures) (verdict_of(f) == Verdict::miss ? shown : rest).push_back(&f);
  std::ranges::stable_sort(rest, std::greater<>(), [](const Figure* f) { return distance(*f); });
  rest.resize(std::min(rest.size(), kFurthest));
  shown.insert(shown.end(), rest.begin(), rest.end());
  std::ranges::sort(shown);
  return shown;
}

Table figures_table(const Reproduction& reproduction, const std::vector<const Figure*>& shown) {
  Table table;
  for (const std::string& column : reproduction.columns) {
    table.columns.push_back({printable(column), Align::left});
  }
  for (const char* header : {"published", "ours", "difference", "tolerance"}) {
    table.columns.push_back({header});
  }
  table.columns.push_back({"", Align::left});
  for (const Figure* figure : shown) {
    assert(figure->what.size() == reproduction.columns.size());
    std::vector<std::string> row;
    for (const std::string& what : figure->what) row.push_back(printable(what));
    row.insert(row.end(),
               {figure_text(figure->published), figure_text(figure->ours), difference_text(*figure),
                tolerance_text(*figure), verdict_text(verdict_of(*figure))});
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// A row for each value of the first column, in the order in which they first occur.
Table groups_table(const Reproduction& reproduction) {
  std::vector<std::pair<std::string, std::vector<Figure>>> groups;
  for (const Figure& figure : reproduction.figures) {
    const std::string& name = figure.what.front();
    auto group = std::ranges::find(groups, name, [](const auto& g) { return g.first; });
    if (group == groups.end()) group = groups.insert(group, {name, {}});
    group->second.push_back(figure);
  }
  Table table{.columns = {{printable(reproduction.columns.front()), Align::left},
                          {"figures"},
                          {"within"},
                          {"missed"},
                          {"mean |difference|"},
                          {"largest"}}};
  for (const auto& [name, figures] : groups) {
    const ReproductionCounts counts = counts_of(figures);
    table.rows.push_back({printable(name), fmt::format("{}", figures.size()),
                          fmt::format("{}", counts.passed), fmt::format("{}", counts.missed),
                          mean_distance_text(figures), difference_text(furthest(figures))});
  }
  return table;
}

}  // namespace

ReproductionTables tables_of(const Reproduction& reproduction, Rows rows) {
  ReproductionTables tables{.summary = summary_of(reproduction), .groups = {}, .figures = {}};
  std::vector<const Figure*> shown;
  if (rows == Rows::all || reproduction.figures.size() <= kLongTable) {
    for (const Figure& figure : reproduction.figures) shown.push_back(&figure);
  } else {
    shown = most_telling(reproduction.figures);
    tables.groups = groups_table(reproduction);
  }
  tables.figures = figures_table(reproduction, shown);
  tables.figures_left_out = reproduction.figures.size() - shown.size();
  return tables;
}

Table table_of(const Section& section) {
  Table table;
  for (std::size_t i = 0; i < section.columns.size(); ++i) {
    const auto is_number = [&](const auto& row) { return row[i].index() == 1; };
    const bool numbers = std::ranges::any_of(section.rows, is_number);
    table.columns.push_back({printable(section.columns[i]), numbers ? Align::right : Align::left});
  }
  for (const auto& row : section.rows) {
    assert(row.size() == section.columns.size());
    std::vector<std::string>& cells = table.rows.emplace_back();
    for (const Section::Cell& cell : row) cells.push_back(cell_text(cell));
  }
  return table;
}

}  // namespace ridgeline::reports
