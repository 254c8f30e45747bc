#pragma once

#include <functional>
#include <string>
#include <vector>

#include "reports/dot_canvas.hpp"

/// A log-log plot made of characters: a frame with ticks, curves, and points. Ticks are at decades,
/// and between them where there is room for labels.
namespace ridgeline::reports {

/// How text is drawn. Whoever prints knows the terminal; files have the defaults.
struct TextStyle {
  int width = 100;  ///< columns
  Glyphs glyphs = Glyphs::braille;
  bool colour = false;
};

/// Both above 0, min below max.
struct LogRange {
  double min = 1, max = 10;
};
/// The range that holds all `values` above 0 with some room; {1, 10} if there are none.
[[nodiscard]] LogRange range_of(const std::vector<double>& values);

class LogPlot {
 public:
  /// @param y_label above the axis, @param x_label below it
  LogPlot(const TextStyle& style, LogRange x, LogRange y, const std::string& x_label,
          const std::string& y_label);

  /// y(x) across the plot; where it is above or below, nothing is drawn. `gap` dots between dots.
  void curve(const std::function<double(double)>& y, Ink ink, int gap = 0);
  /// The sign whose number stands in a cell that several fall on: 2 to 9, or #.
  static constexpr char kCounted = 'o';
  /// A sign at a place; later ones lie over earlier ones.
  void point(double x, double y, char sign, Ink ink);

  [[nodiscard]] std::string to_text() const;

 private:
  struct Mark {
    int column, row, count;
    char sign;
    Ink ink;
  };
  [[nodiscard]] double dot_y(double y) const;  // of the canvas, from the top
  [[nodiscard]] int column_of(double x) const;
  [[nodiscard]] int row_of(double y) const;
  [[nodiscard]] int plot_columns() const;
  void draw_frame(const std::string& x_label, const std::string& y_label);
  void draw_y_ticks();
  void draw_x_ticks();

  TextStyle style_;
  LogRange x_, y_;
  DotCanvas canvas_;
  std::vector<Mark> marks_{};
};

}  // namespace ridgeline::reports
