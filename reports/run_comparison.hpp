#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/run_report.hpp"

/// Two runs beside each other, layer by layer: `ridgeline compare`. Pure functions.
namespace ridgeline::reports {

/// A layer of each run.
struct LayerPair {
  const ReportLayer* a = nullptr;
  const ReportLayer* b = nullptr;
  /// What differs that cycles and energy follow from: "dataflow ws > os", "bound dram > compute",
  /// "tile M 16 > 32"; empty if nothing does.
  std::vector<std::string> changes{};
  /// The part of the cycles, and of the energy, that changed most, by how much; empty if none did.
  std::string cycles_by{}, energy_by{};

  /// Or else it was matched by operation, shape and order.
  [[nodiscard]] bool by_name() const { return a->name == b->name; }
};

/// A setting of the run, network or architecture that differs; "-" where a report has none.
struct SettingChange {
  std::string pointer, a, b;
};

/// The reports must outlive it.
struct RunComparison {
  const RunReport* a = nullptr;
  const RunReport* b = nullptr;
  std::vector<LayerPair> pairs{};  ///< in the order of A
  std::vector<const ReportLayer*> only_a{}, only_b{};
  std::vector<SettingChange> settings{};
};

/// Pairs layers by name, then those that are left by operation and shape, in order.
/// @throws InputError if their energies have different units
[[nodiscard]] RunComparison compare_runs(const RunReport& a, const RunReport& b);

struct ComparisonFormat {
  std::string name;       ///< "text", as --format takes it
  std::string extension;  ///< "txt"
  std::string summary;
  std::string (*render)(const RunComparison&);
};
/// Every format; the first is the default.
[[nodiscard]] const std::vector<ComparisonFormat>& comparison_formats();

[[nodiscard]] std::string comparison_text(const RunComparison& comparison);
[[nodiscard]] std::string comparison_markdown(const RunComparison& comparison);
/// Schema ridgeline.comparison/1. Keys are only ever added.
[[nodiscard]] std::string comparison_json(const RunComparison& comparison);
/// A row a pair or single layer, and one for the total.
[[nodiscard]] std::string comparison_csv(const RunComparison& comparison);
[[nodiscard]] std::string comparison_html(const RunComparison& comparison);

}  // namespace ridgeline::reports
