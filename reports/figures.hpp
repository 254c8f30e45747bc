#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/cost/run_stats.hpp"
#include "reports/gnuplot_figure.hpp"

/// The figures of a run, for papers.
namespace ridgeline::reports {

/// The DRAM roofline (layers that have MACs and DRAM traffic), cycles by cause, energy by
/// component.
/// @param stem as report_stem gives it. Names from outside stand in single quotes, in which gnuplot
/// substitutes nothing, and files are named with "./", so that none is taken for a command.
[[nodiscard]] std::vector<GnuplotFigure> figures(const RunStats& run, std::string_view stem);

}  // namespace ridgeline::reports
