#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/gnuplot_figure.hpp"

/// `--format svg`: figures as files, drawn by gnuplot.
namespace ridgeline::cli {

inline constexpr const char* kFigureFormat = "svg";

/// Writes STEM.NAME.dat and .gp into the folder, then .svg as gnuplot draws them.
/// @throws InputError, with data and scripts written, if there is no gnuplot or it fails.
void write_figures(const std::vector<reports::GnuplotFigure>& figures, const std::string& stem,
                   const std::filesystem::path& folder);

}  // namespace ridgeline::cli
