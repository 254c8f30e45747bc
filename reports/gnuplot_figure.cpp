#include "reports/gnuplot_figure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/format.hpp"

namespace ridgeline::reports {

std::string gnuplot_quoted(std::string_view text) {
  return single_quoted(printable(text));
}

std::string gnuplot_field(std::string_view text) {
  std::string result = printable(text);
  std::ranges::replace(result, '"', '\'');
  return '"' + result + '"';
}

/// The palette is Okabe and Ito's, which people with any colour vision
/// tell apart.
std::string gnuplot_beginning(std::string_view title, std::string_view stem,
                              std::string_view name) {
  const std::string file = fmt::format("./{}.{}", stem, name);
  return fmt::format(
      "# Made by Ridgeline; 'gnuplot {0}.gp' in this folder draws it again. For PDF: set terminal\n"
      "# pdfcairo size 9cm,6cm; for LaTeX: set terminal cairolatex.\n"
      "set terminal svg size 900,520 font 'Helvetica,14' noenhanced background '#ffffff'\n"
      "if (!exists('to_stdout')) set output {1}\n"
      "data = {2}\n"
      "set title {3} noenhanced\n"
      "set encoding utf8\n"
      "set key noenhanced\n"
      "set border 3\n"
      "set tics nomirror out\n"
      "set style line 1 lc rgb '#0072B2' pt 7\n"
      "set style line 2 lc rgb '#E69F00' pt 9\n"
      "set style line 3 lc rgb '#009E73' pt 5\n"
      "set style line 4 lc rgb '#D55E00' pt 13\n"
      "set style line 5 lc rgb '#CC79A7' pt 3\n"
      "set style line 6 lc rgb '#56B4E9' pt 2\n"
      "set style line 7 lc rgb '#F0E442' pt 1\n"
      "set style line 8 lc rgb '#8C8C8C' pt 6\n",
      printable(std::string(stem) + "." + std::string(name)), gnuplot_quoted(file + ".svg"),
      gnuplot_quoted(file + ".dat"), gnuplot_quoted(title));
}

}  // namespace ridgeline::reports
