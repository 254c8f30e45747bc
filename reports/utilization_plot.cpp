#include "reports/utilization_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/format.hpp"

namespace ridgeline::reports {
namespace {

constexpr int kAxis = 6;  ///< columns left of the plot
constexpr int kRows = 8;

/// Where each layer ends, in cycles from the run's beginning.
std::vector<double> ends_of(const RunStats& run) {
  std::vector<double> ends;
  double end = 0;
  for (const LayerStats& layer : run.layers) {
    end += static_cast<double>(layer.cycles.total().count());
    ends.push_back(end);
  }
  return ends;
}

/// Mean utilisation between two moments.
double mean_between(const RunStats& run, const std::vector<double>& ends, double from, double to) {
  double used = 0, begin = 0;
  for (std::size_t i = 0; i < ends.size(); begin = ends[i], ++i) {
    const double overlap = std::min(to, ends[i]) - std::max(from, begin);
    if (overlap > 0) used += overlap * run.layers[i].utilization;
  }
  return used / (to - from);
}

void draw_frame(DotCanvas& canvas) {
  const bool plain = canvas.glyphs() == Glyphs::ascii;
  for (int row = 0; row < kRows; ++row) canvas.text(kAxis - 1, row, plain ? "|" : "│");
  canvas.text(0, 0, plain ? "100 %+" : "100 %┤");
  canvas.text(0, kRows / 2, plain ? " 50 %+" : " 50 %┤");
  canvas.text(0, kRows, plain ? "  0 %+" : "  0 %└");
  for (int column = kAxis; column < canvas.columns(); ++column)
    canvas.text(column, kRows, plain ? "-" : "─");
}

void draw_marks(DotCanvas& canvas, std::span<const UtilizationMark> marks,
                const std::vector<double>& ends) {
  const bool plain = canvas.glyphs() == Glyphs::ascii;
  int free_from = 0;
  for (const UtilizationMark& mark : marks) {
    const double begin = mark.layer == 0 ? 0 : ends[mark.layer - 1];
    const int across = canvas.columns() - kAxis;
    const int column = kAxis + static_cast<int>(begin / ends.back() * across);
    canvas.text(column, kRows, plain ? "+" : "┬");
    const int end = column + static_cast<int>(mark.text.size());
    if (column < free_from || end > canvas.columns()) continue;
    canvas.text(column, kRows + 1, mark.text);
    free_from = end + 1;
  }
}

}  // namespace

std::string utilization_plot(const RunStats& run, std::span<const UtilizationMark> marks,
                             const TextStyle& style) {
  DotCanvas canvas(style.width, kRows + 2, style.glyphs);
  const std::vector<double> ends = ends_of(run);
  const int dots = (style.width - kAxis) * DotCanvas::kDotsAcross;
  constexpr int kHeight = kRows * DotCanvas::kDotsDown;
  for (int x = 0; x < dots; ++x) {
    const double each = ends.back() / dots;
    const double mean = mean_between(run, ends, x * each, (x + 1) * each);
    const int height = static_cast<int>(std::lround(mean * kHeight));
    for (int y = kHeight - height; y < kHeight; ++y)
      canvas.dot(kAxis * DotCanvas::kDotsAcross + x, y);
  }
  draw_frame(canvas);
  draw_marks(canvas, marks, ends);
  return canvas.to_text(style.colour);
}

GnuplotFigure utilization_figure(const std::vector<RunStats>& runs, std::string_view title,
                                 std::string_view stem) {
  GnuplotFigure figure{.name = "utilization",
                       .data = "# layer, cycle it begins at, utilisation in percent\n",
                       .script = gnuplot_beginning(title, stem, "utilization") +
                                 "set xlabel 'cycles'\n"
                                 "set ylabel 'PEs that multiply, %'\n"
                                 "set yrange [0:100]\n"
                                 "set format x '%.1s%c'\n"
                                 "set grid ytics lc rgb '#DDDDDD'\n"
                                 "plot "};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const RunStats& run = runs[i];
    double begin = 0;
    figure.data += "# " + printable(run.network) + '\n';
    for (const LayerStats& layer : run.layers) {
      figure.data +=
          fmt::format("{} {} {}\n", gnuplot_field(layer.name), begin, 100 * layer.utilization);
      begin += static_cast<double>(layer.cycles.total().count());
    }
    figure.data += fmt::format("\"end\" {} 0\n\n\n", begin);
    figure.script += fmt::format("{}data index {} using 2:3 with steps ls {} lw 1.5 title {}",
                                 i == 0 ? "" : ", \\\n  ", i, i + 1, gnuplot_quoted(run.network));
  }
  figure.script += '\n';
  return figure;
}

}  // namespace ridgeline::reports
