#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/cost/run_stats.hpp"

/// Reports: a RunStats value becomes text. Pure functions; whoever calls decides where it goes.
namespace ridgeline::reports {

/// One of several files of a report.
struct FormatFile {
  std::string extension;  ///< what follows the name that all files of a run share, and a point
  std::string bytes;
};

struct Format {
  std::string name;       ///< "text", as --format takes it
  std::string extension;  ///< "txt"
  std::string summary;
  std::string (*render)(const RunStats&);
  /// Draws RunStats::trace, which a run records only if it is asked to. Such a format is written
  /// only where it is named.
  bool needs_trace = false;
  /// Such a format, too, is written only where it is named.
  bool only_named = false;
  /// Formats of several files: --out writes these instead of what `render` gives.
  std::vector<FormatFile> (*files)(const RunStats&) = nullptr;
};

/// Every format; a new one is one file and one line in registry.cpp.
[[nodiscard]] const std::vector<Format>& formats();

/// Aligned table: a row a layer (cycles by cause, utilisation, energy by component, DRAM and
/// buffer bytes, bound) and the totals.
[[nodiscard]] std::string render_text(const RunStats& run);
/// Schema ridgeline.run/1.
[[nodiscard]] std::string render_json(const RunStats& run);
/// One row a layer and one for the total; RFC 4180 quoting.
[[nodiscard]] std::string render_csv(const RunStats& run);

/// A Markdown table: a row a layer and the total.
[[nodiscard]] std::string render_markdown(const RunStats& run);
/// One page that loads nothing (reports/html/): rooflines, stacked bars, waterfall, use of the
/// array, a table, the configuration; what is pointed at is marked everywhere.
/// @throws RooflineViolation
[[nodiscard]] std::string render_html(const RunStats& run);

/// RunStats::trace as Chrome trace-event JSON: one track a unit and one a half of the buffer, one
/// slice a tile; the array's tiles split by category.
[[nodiscard]] std::string render_trace(const RunStats& run);
/// The same as a value change dump: which tile each unit works on and each half holds.
[[nodiscard]] std::string render_vcd(const RunStats& run);

/// What Accelergy exchanges: ERT, ART, action_counts and energy_estimation, as files or as one
/// YAML document. Counts times ERT are the run's total energy, to the twelve digits printed.
[[nodiscard]] std::vector<FormatFile> accelergy_files(const RunStats& run);
[[nodiscard]] std::string render_accelergy(const RunStats& run);

/// What `validate` prints: a row a layer with the elements compared, and the totals; layers that
/// differ are named with their first wrong element.
[[nodiscard]] std::string render_check(const RunStats& run);
/// Totals of several runs, one a row, and their ratios to the first.
[[nodiscard]] std::string render_comparison(std::span<const RunStats> runs);

}  // namespace ridgeline::reports
