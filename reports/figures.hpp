#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/cost/run_stats.hpp"

/// Figures for papers: data and scripts for gnuplot 5, which whoever runs it may restyle. Pure
/// functions; who calls writes the files and runs gnuplot.
namespace ridgeline::reports {

/// A figure whose files are called STEM.NAME.dat, .gp and .svg and lie in one folder.
struct GnuplotFigure {
  std::string name;    ///< "roofline", "latency", "energy"
  std::string data;    ///< the .dat: columns with a heading, blocks two empty lines apart
  std::string script;  ///< the .gp: writes the .svg, or standard output if `to_stdout` is defined
};

/// The DRAM roofline (layers that have MACs and DRAM traffic), cycles by cause, energy by
/// component.
/// @param stem as report_stem gives it. Names from outside stand in single quotes, in which gnuplot
/// substitutes nothing, and files are named with "./", so that none is taken for a command.
[[nodiscard]] std::vector<GnuplotFigure> figures(const RunStats& run, std::string_view stem);

}  // namespace ridgeline::reports
