#include "reports/run_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <set>

#include "models/base/error.hpp"
#include "reports/format.hpp"

namespace ridgeline::reports {
namespace {

using Layers = std::vector<const ReportLayer*>;
/// The layer of B for each layer of A that has one.
using Partners = std::map<const ReportLayer*, const ReportLayer*>;

/// Finds partners for layers of A among `rest` that say the same, in order; `rest` keeps the
/// others.
template <class Say>
void find_partners(Partners& partners, const std::vector<ReportLayer>& a, Layers& rest, Say say) {
  std::map<std::string, std::deque<const ReportLayer*>> waiting;
  for (const ReportLayer* layer : rest) waiting[say(*layer)].push_back(layer);
  std::set<const ReportLayer*> taken;
  for (const ReportLayer& layer : a) {
    const auto found = waiting.find(say(layer));
    if (partners.contains(&layer) || found == waiting.end() || found->second.empty()) continue;
    partners[&layer] = found->second.front();
    taken.insert(found->second.front());
    found->second.pop_front();
  }
  std::erase_if(rest, [&](const ReportLayer* layer) { return taken.contains(layer); });
}

void add_change(std::vector<std::string>& changes, std::string_view what, const std::string& a,
                const std::string& b) {
  if (a != b) {
    changes.push_back(
        fmt::format("{} {} > {}", what, a.empty() ? "none" : a, b.empty() ? "none" : b));
  }
}

/// "M 16 > 32, P 7 > 14" of two tiles "N 1 G 1 M 16 ...".
std::string tile_change(const std::string& a, const std::string& b) {
  const auto words_of = [](const std::string& text) {
    std::vector<std::string> words(1);
    for (const char c : text) {
      if (c == ' ') {
        words.emplace_back();
      } else {
        words.back() += c;
      }
    }
    return words;
  };
  const std::vector<std::string> from = words_of(a), to = words_of(b);
  std::string change;
  for (std::size_t i = 0; i + 1 < std::min(from.size(), to.size()); i += 2) {
    if (from[i] != to[i]) return a + " > " + b;
    if (from[i + 1] == to[i + 1]) continue;
    change +=
        fmt::format("{}{} {} > {}", change.empty() ? "" : ", ", from[i], from[i + 1], to[i + 1]);
  }
  return change;
}

std::vector<std::string> changes_of(const ReportLayer& a, const ReportLayer& b) {
  std::vector<std::string> changes;
  if (a.shape != b.shape || a.op != b.op) changes.emplace_back("another shape");
  add_change(changes, "dataflow", a.dataflow, b.dataflow);
  add_change(changes, "bound", a.sums.bound, b.sums.bound);
  // Tiles say something of each other within one shape only; older reports have none.
  if (a.shape == b.shape && !a.tile.empty() && !b.tile.empty()) {
    if (a.tile != b.tile) changes.push_back("tile " + tile_change(a.tile, b.tile));
    add_change(changes, "order", a.order, b.order);
  }
  add_change(changes, "words", a.precision, b.precision);
  add_change(changes, "on chip", a.on_chip, b.on_chip);
  return changes;
}

double amount(const NamedCount& part) {
  return static_cast<double>(part.count);
}
double amount(const NamedValue& part) {
  return part.value;
}

/// "dram_stall -1.2M": the part that changed most.
template <class Part>
std::string largest_change(const std::vector<Part>& a, const std::vector<Part>& b) {
  std::map<std::string, double> changes;
  for (const Part& part : a) changes[part.name] -= amount(part);
  for (const Part& part : b) changes[part.name] += amount(part);
  const auto size = [](const auto& change) { return std::abs(change.second); };
  const auto most = std::ranges::max_element(changes, {}, size);
  if (most == changes.end() || most->second == 0) return {};
  return fmt::format("{} {}{}", most->first, most->second > 0 ? "+" : "",
                     short_count(most->second));
}

void put_pair(RunComparison& comparison, const ReportLayer& a, const ReportLayer& b) {
  comparison.pairs.push_back({.a = &a,
                              .b = &b,
                              .changes = changes_of(a, b),
                              .cycles_by = largest_change(a.sums.causes, b.sums.causes),
                              .energy_by = largest_change(a.sums.components, b.sums.components)});
}

void pair_layers(RunComparison& comparison) {
  Layers rest;
  for (const ReportLayer& layer : comparison.b->layers) rest.push_back(&layer);
  Partners partners;
  find_partners(partners, comparison.a->layers, rest, [](const ReportLayer& l) { return l.name; });
  find_partners(partners, comparison.a->layers, rest,
                [](const ReportLayer& l) { return l.op + '\n' + l.shape; });
  for (const ReportLayer& a : comparison.a->layers) {
    const auto found = partners.find(&a);
    if (found == partners.end()) {
      comparison.only_a.push_back(&a);
    } else {
      put_pair(comparison, a, *found->second);
    }
  }
  comparison.only_b = std::move(rest);
}

std::vector<SettingChange> setting_changes(const RunReport& a, const RunReport& b) {
  std::vector<SettingChange> changes;
  const std::map<std::string, std::string> in_a(a.settings.begin(), a.settings.end());
  const std::map<std::string, std::string> in_b(b.settings.begin(), b.settings.end());
  for (const auto& [pointer, value] : a.settings) {
    const auto other = in_b.find(pointer);
    const std::string there = other == in_b.end() ? "-" : other->second;
    if (there != value) changes.push_back({pointer, value, there});
  }
  for (const auto& [pointer, value] : b.settings) {
    if (!in_a.contains(pointer)) changes.push_back({pointer, "-", value});
  }
  return changes;
}

}  // namespace

RunComparison compare_runs(const RunReport& a, const RunReport& b) {
  if (a.energy_unit != b.energy_unit) {
    throw InputError({.file = b.file,
                      .place = "/energy_unit",
                      .what = fmt::format("energy in {} cannot be compared with {} in {}",
                                          b.energy_unit, a.energy_unit, a.file),
                      .allowed = fmt::format("\"{}\"", a.energy_unit)});
  }
  RunComparison comparison{.a = &a, .b = &b, .settings = setting_changes(a, b)};
  pair_layers(comparison);
  return comparison;
}

const std::vector<ComparisonFormat>& comparison_formats() {
  static const std::vector<ComparisonFormat> all{
      {"text", "txt", "aligned tables", &comparison_text},
      {"md", "md", "Markdown tables", &comparison_markdown},
      {"json", "json", "schema ridgeline.comparison/1", &comparison_json},
      {"csv", "csv", "a row a layer and the total", &comparison_csv},
      {"html", "html", "interactive page in one file, without network", &comparison_html}};
  return all;
}

}  // namespace ridgeline::reports
