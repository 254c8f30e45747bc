#pragma once

#include <filesystem>

#include "models/cost/run_stats.hpp"

/// `--format svg`: the figures of a run (reports/figures.hpp) as files, drawn by gnuplot.
namespace ridgeline::cli {

inline constexpr const char* kFigureFormat = "svg";

/// Writes STEM.NAME.dat and .gp into the folder, then .svg as gnuplot draws them.
/// @throws InputError, with data and scripts written, if there is no gnuplot or it fails.
void write_figures(const RunStats& run, const std::filesystem::path& folder);

}  // namespace ridgeline::cli
