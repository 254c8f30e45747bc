#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/cost/run_stats.hpp"
#include "reports/gnuplot_figure.hpp"
#include "reports/log_plot.hpp"

/// How much of the array a run uses while it lasts: each layer as wide as its cycles and as high as
/// the part of the PEs' cycles in which they multiply, so that areas are executed MACs.
namespace ridgeline::reports {

/// The first layer of several that belong together.
struct UtilizationMark {
  std::size_t layer = 0;  ///< of the run
  std::string text{};     ///< left out where there is no room below the axis
};

/// Lines of characters, with a tick at each mark. Columns that several layers share have their
/// mean.
[[nodiscard]] std::string utilization_plot(const RunStats& run,
                                           std::span<const UtilizationMark> marks,
                                           const TextStyle& style);

/// The runs as lines in one figure, utilisation in percent over cycles. The figure's name is
/// "utilization".
[[nodiscard]] GnuplotFigure utilization_figure(const std::vector<RunStats>& runs,
                                               std::string_view title, std::string_view stem);

}  // namespace ridgeline::reports
