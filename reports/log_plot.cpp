#include "reports/log_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/base/text.hpp"

namespace ridgeline::reports {
namespace {

constexpr int kMargin = 7;       // columns: a label, a blank, the axis
constexpr int kRowsBeside = 4;   // label of y; below the plot the axis, its ticks, its label
constexpr int kLeastWidth = 40;  // narrower plots show nothing

int plot_rows(const TextStyle& style) {
  return std::clamp(style.width / 5, 12, 24);
}

/// Place of a value along the axis, 0 to 1.
double along(LogRange range, double value) {
  return std::log(value / range.min) / std::log(range.max / range.min);
}

/// Ticks whose labels find room: `cells` along the axis, `room` of them for each label.
std::vector<double> ticks(LogRange range, int cells, int room) {
  const double decade = cells / std::log10(range.max / range.min);
  const auto in_steps = [&](std::initializer_list<double> steps) {
    std::vector<double> values;
    for (int e = static_cast<int>(std::floor(std::log10(range.min))); std::pow(10, e) <= range.max;
         ++e) {
      for (const double step : steps) {
        const double value = step * std::pow(10, e);
        if (value >= range.min && value <= range.max) values.push_back(value);
      }
    }
    return values;
  };
  if (decade * std::log10(10 / 8.0) >= room) return in_steps({1, 1.5, 2, 3, 4, 6, 8});
  if (decade * std::log10(2.0) >= room) return in_steps({1, 2, 5});
  const std::vector<double> decades = in_steps({1});
  return decades.size() >= 2 ? decades : in_steps({1, 5});
}

/// 0.05, 1, 200, 5k, 1M.
std::string tick_label(double value) {
  if (value >= 1e6) return fmt::format("{:g}M", value / 1e6);
  if (value >= 1e3) return fmt::format("{:g}k", value / 1e3);
  return fmt::format("{:g}", value);
}

}  // namespace

LogRange range_of(const std::vector<double>& values) {
  double least = 0, most = 0;
  for (const double value : values) {
    if (!(value > 0) || !std::isfinite(value)) continue;
    least = least > 0 ? std::min(least, value) : value;
    most = std::max(most, value);
  }
  if (least <= 0) return {};
  constexpr double kRoom = 1.5;
  return {least / kRoom, most * kRoom};
}

LogPlot::LogPlot(const TextStyle& style, LogRange x, LogRange y, const std::string& x_label,
                 const std::string& y_label)
    : style_(style),
      x_(x),
      y_(y),
      canvas_(std::max(style.width, kLeastWidth), plot_rows(style) + kRowsBeside, style.glyphs) {
  draw_frame(x_label, y_label);
  draw_y_ticks();
  draw_x_ticks();
}

int LogPlot::plot_columns() const {
  return canvas_.columns() - kMargin;
}

int LogPlot::column_of(double x) const {
  const int width = plot_columns() * DotCanvas::kDotsAcross;
  const double dot = kMargin * DotCanvas::kDotsAcross + along(x_, x) * (width - 1);
  return static_cast<int>(std::lround(dot)) / DotCanvas::kDotsAcross;
}

int LogPlot::row_of(double y) const {
  return static_cast<int>(std::lround(dot_y(y))) / DotCanvas::kDotsDown;
}

double LogPlot::dot_y(double y) const {
  const int height = plot_rows(style_) * DotCanvas::kDotsDown;
  return DotCanvas::kDotsDown + (1 - along(y_, y)) * (height - 1);
}

void LogPlot::draw_frame(const std::string& x_label, const std::string& y_label) {
  const bool braille = style_.glyphs == Glyphs::braille;
  const int axis = plot_rows(style_) + 1;
  canvas_.text(0, 0, y_label);
  for (int row = 1; row < axis; ++row) canvas_.text(kMargin - 1, row, braille ? "│" : "|");
  canvas_.text(kMargin - 1, axis, braille ? "└" : "+");
  for (int column = kMargin; column < canvas_.columns(); ++column) {
    canvas_.text(column, axis, braille ? "─" : "-");
  }
  const auto length = static_cast<int>(count_characters(x_label));
  canvas_.text(canvas_.columns() - length, axis + 2, x_label);
}

void LogPlot::draw_y_ticks() {
  constexpr int kRoom = 2;
  for (const double value : ticks(y_, plot_rows(style_), kRoom)) {
    const int row = row_of(value);
    const std::string label = tick_label(value);
    canvas_.text(kMargin - 2 - static_cast<int>(label.size()), row, label);
    canvas_.text(kMargin - 1, row, style_.glyphs == Glyphs::braille ? "┤" : "+");
  }
}

void LogPlot::draw_x_ticks() {
  constexpr int kRoom = 6;
  const int axis = plot_rows(style_) + 1;
  for (const double value : ticks(x_, plot_columns(), kRoom)) {
    const int column = column_of(value);
    const std::string label = tick_label(value);
    const auto length = static_cast<int>(label.size());
    canvas_.text(column, axis, style_.glyphs == Glyphs::braille ? "┬" : "+");
    const int begin = std::min(column - length / 2, canvas_.columns() - length);
    canvas_.text(begin, axis + 1, label);
  }
}

void LogPlot::curve(const std::function<double(double)>& y, Ink ink, int gap) {
  const int first = kMargin * DotCanvas::kDotsAcross;
  const int width = plot_columns() * DotCanvas::kDotsAcross;
  const int top = DotCanvas::kDotsDown;
  const int bottom = top + plot_rows(style_) * DotCanvas::kDotsDown - 1;
  int before = -1;  // dot of the column before; -1: outside
  for (int i = 0; i < width; ++i) {
    const double x = x_.min * std::pow(x_.max / x_.min, static_cast<double>(i) / (width - 1));
    const double value = y(x);
    const double place = value > 0 ? std::round(dot_y(value)) : -1;
    const bool inside = place >= top && place <= bottom;
    const int at = inside ? static_cast<int>(place) : -1;
    if (inside && i % (gap + 1) == 0) {
      const bool joined = before >= 0 && gap == 0;
      canvas_.line(first + i - (joined ? 1 : 0), joined ? before : at, first + i, at, ink);
    }
    before = at;
  }
}

void LogPlot::point(double x, double y, char sign, Ink ink) {
  if (!(x > 0 && y > 0)) return;
  const int column = column_of(x), row = row_of(y);
  for (Mark& mark : marks_) {
    if (mark.column == column && mark.row == row && mark.sign == sign) {
      ++mark.count;
      return;
    }
  }
  marks_.push_back({column, row, 1, sign, ink});
}

std::string LogPlot::to_text() const {
  DotCanvas drawn = canvas_;
  for (const Mark& mark : marks_) {
    const bool counted = mark.count > 1 && mark.sign == kCounted;
    const char sign = !counted         ? mark.sign
                      : mark.count > 9 ? '#'
                                       : static_cast<char>('0' + mark.count);
    drawn.text(mark.column, mark.row, std::string_view(&sign, 1), mark.ink);
  }
  return drawn.to_text(style_.colour);
}

}  // namespace ridgeline::reports
