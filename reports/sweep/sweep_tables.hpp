#pragma once

#include <string>
#include <vector>

#include "reports/sweep/sweep_summary.hpp"
#include "reports/table.hpp"

/// A sweep's summary as tables, texts and files.
namespace ridgeline::reports {

/// The first `most` points of the front; of the best ones.
[[nodiscard]] Table front_table(const SweepSummary& summary, std::size_t most);
[[nodiscard]] Table best_table(const SweepSummary& summary, std::size_t most);
/// A row an axis; for each metric of the front the share and the spread (AxisSensitivity).
[[nodiscard]] Table sensitivity_table(const SweepSummary& summary);

/// For a terminal, 100 columns where names let it; and as Markdown.
[[nodiscard]] std::string summary_text(const SweepSummary& summary);
[[nodiscard]] std::string summary_markdown(const SweepSummary& summary);

/// sensitivity.csv: a record for each metric of the front and each value of each axis, with the
/// points that have it, their geometric mean in the metric's unit, and the axis's share and spread.
[[nodiscard]] std::string sensitivity_csv(const SweepSummary& summary);

/// "16", or "16; 8" where an axis sets two things.
[[nodiscard]] std::string level_text(const SweepSummary& summary, std::size_t axis,
                                     std::size_t level);

}  // namespace ridgeline::reports
