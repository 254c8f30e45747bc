#pragma once

#include <string>
#include <vector>

#include "models/cost/roofline_analysis.hpp"
#include "reports/log_plot.hpp"
#include "reports/table.hpp"

/// What `ridgeline roofline` prints: a RooflineAnalysis becomes text. Pure functions.
namespace ridgeline::reports {

struct RooflineFormat {
  std::string name;       ///< "text", as --format takes it
  std::string extension;  ///< "txt": files end in ".roofline.txt"
  std::string summary;
  std::string (*render)(const RooflineAnalysis&);
};
/// Every format; a new one is one file and one line in roofline_registry.cpp.
[[nodiscard]] const std::vector<RooflineFormat>& roofline_formats();

/// The tables, two plots drawn with characters, and the losses of the run as bars.
/// @param level whose intensities the plot shows
[[nodiscard]] std::string render_roofline_text(const RooflineAnalysis& analysis, Roof level,
                                               const TextStyle& style);
/// As files have it: DRAM, 100 columns, braille, no colour.
[[nodiscard]] std::string render_roofline_text(const RooflineAnalysis& analysis);
/// The same tables in Markdown; no plots.
[[nodiscard]] std::string render_roofline_markdown(const RooflineAnalysis& analysis);
/// Schema ridgeline.roofline/1.
[[nodiscard]] std::string render_roofline_json(const RooflineAnalysis& analysis);
/// A row a layer and one for the total, every figure of every level; RFC 4180 quoting.
[[nodiscard]] std::string render_roofline_csv(const RooflineAnalysis& analysis);

/// What text and Markdown share.
/// "squeezenet_v1.0 on squeezelerator_16x16, int8, simulated: ..."
[[nodiscard]] std::string roofline_title(const RooflineAnalysis& analysis);
/// Widths of the machine: whole ones exactly, like "1,024", others as "2.40".
[[nodiscard]] std::string width_text(double a_cycle);
/// A row a layer: intensities of DRAM and of the binding level, rates, percent, bound, headroom.
[[nodiscard]] Table roofline_layers_table(const RooflineAnalysis& analysis);
/// A row a roof: bandwidth, ridge point, the run's share of it, and what was measured.
[[nodiscard]] Table roofs_table(const RooflineAnalysis& analysis);
/// From peak to attained of the whole run.
[[nodiscard]] Table losses_table(const RooflineAnalysis& analysis);
/// The coefficients of the energy roofline, in words.
[[nodiscard]] std::string energy_roofline_text(const RooflineAnalysis& analysis);

/// Attained and theoretical points of layers on the array below the roof of one level.
[[nodiscard]] std::string roofline_plot(const RooflineAnalysis& analysis, Roof level,
                                        const TextStyle& style);
/// The arch line of energy, and layers at their DRAM intensity.
[[nodiscard]] std::string energy_plot(const RooflineAnalysis& analysis, const TextStyle& style);
/// The losses as bars from peak down to attained.
[[nodiscard]] std::string losses_chart(const RooflineAnalysis& analysis, const TextStyle& style);

}  // namespace ridgeline::reports
