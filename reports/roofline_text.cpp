#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/base/text.hpp"
#include "reports/markdown.hpp"
#include "reports/roofline_report.hpp"

namespace ridgeline::reports {
namespace {

/// A part of the way from the peak down to nothing; both 0 to 1.
struct Span {
  double begin = 0, end = 1;
};

/// One a row of losses_table: the peak, each loss where the one before it ended, what is left.
std::vector<Span> spans_of(const LossWaterfall& losses) {
  const auto peak = static_cast<double>(std::max<std::int64_t>(1, losses.peak));
  std::vector<Span> spans{{0, 1}};
  std::int64_t left = losses.peak;
  for (const auto& loss : LossWaterfall::losses()) {
    if (loss.member == &LossWaterfall::overlapped) continue;
    const std::int64_t end = left;
    left -= losses.*loss.member;
    spans.push_back({static_cast<double>(left) / peak, static_cast<double>(end) / peak});
  }
  spans.push_back({0, static_cast<double>(left) / peak});
  return spans;
}

/// Blocks (U+2588), and a thin one (U+258F) for what is less than one; or # and |.
std::string bar(Span span, int columns, Glyphs glyphs) {
  if (span.end <= span.begin) return "";
  const bool braille = glyphs == Glyphs::braille;
  const auto begin = std::lround(span.begin * columns);
  const auto end = std::lround(span.end * columns);
  std::string text(static_cast<std::size_t>(begin), ' ');
  for (long i = begin; i < end; ++i) text += braille ? "\xE2\x96\x88" : "#";
  if (begin == end) text += braille ? "\xE2\x96\x8F" : "|";
  return text;
}

/// The table with names that are no markup, and headings of groups behind their columns'.
Table for_markdown(Table table) {
  for (Column& column : table.columns) {
    if (!column.group.empty()) column.header = column.header + ", " + column.group;
  }
  for (auto& row : table.rows) row.front() = markdown_text(row.front());
  return table;
}

}  // namespace

std::string losses_chart(const RooflineAnalysis& analysis, const TextStyle& style) {
  const std::string table = to_text(losses_table(analysis));
  const std::vector<Span> spans = spans_of(analysis.total.waterfall);
  constexpr std::size_t kHeading = 2;  // lines: headers and rule
  std::string text;
  std::size_t line_number = 0, width = 0;
  for (std::size_t at = 0; at < table.size();) {
    const std::size_t end = table.find('\n', at);
    std::string line = table.substr(at, end - at);
    at = end + 1;
    width = std::max(width, count_characters(line));
    if (line_number >= kHeading) {
      const int room = std::max(10, style.width - static_cast<int>(width) - 2);
      const std::string drawn = bar(spans[line_number - kHeading], room, style.glyphs);
      if (!drawn.empty()) line += std::string(width - count_characters(line) + 2, ' ') + drawn;
    }
    text += line + '\n';
    ++line_number;
  }
  return text;
}

std::string render_roofline_text(const RooflineAnalysis& analysis, Roof level,
                                 const TextStyle& style) {
  return roofline_title(analysis) + "\n\n" + to_text(roofline_layers_table(analysis)) + '\n' +
         to_text(roofs_table(analysis)) + '\n' + roofline_plot(analysis, level, style) + '\n' +
         energy_plot(analysis, style) + '\n' + losses_chart(analysis, style);
}

std::string render_roofline_text(const RooflineAnalysis& analysis) {
  return render_roofline_text(analysis, Roof::dram, {});
}

std::string render_roofline_markdown(const RooflineAnalysis& analysis) {
  return "# Roofline\n\n" + markdown_text(roofline_title(analysis)) + "\n\n" +
         to_markdown(for_markdown(roofline_layers_table(analysis))) + '\n' +
         to_markdown(for_markdown(roofs_table(analysis))) + '\n' +
         to_markdown(for_markdown(losses_table(analysis))) + '\n' + energy_roofline_text(analysis) +
         '\n';
}

}  // namespace ridgeline::reports
