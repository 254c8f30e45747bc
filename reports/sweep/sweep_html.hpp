#pragma once

#include <string>

#include "reports/sweep/sweep_summary.hpp"

/// A sweep as one HTML file that loads nothing (reports/html/sweep/): scatter of any two metrics
/// with the Pareto front, parallel coordinates, the best configurations, sensitivity, a table.
namespace ridgeline::reports {

/// Of rows() of the summary; figures have six digits.
[[nodiscard]] std::string sweep_html(const SweepSummary& summary);

}  // namespace ridgeline::reports
