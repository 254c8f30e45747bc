#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// A drawing made of characters, for terminals. Each cell has 2 x 4 dots, drawn as a braille
/// pattern (U+2800 to U+28FF), or as . ' : where only ASCII can be shown. Dots and cells count from
/// the upper left corner; what lies outside is not drawn.
namespace ridgeline::reports {

enum class Glyphs { ascii, braille };
/// ANSI colours, of terminals that show them.
enum class Ink : std::uint8_t {
  plain = 0,
  green = 32,
  yellow = 33,
  blue = 34,
  magenta = 35,
  cyan = 36
};

class DotCanvas {
 public:
  static constexpr int kDotsAcross = 2, kDotsDown = 4;  ///< of a cell

  DotCanvas(int columns, int rows, Glyphs glyphs);

  [[nodiscard]] int columns() const { return columns_; }
  [[nodiscard]] int rows() const { return rows_; }
  [[nodiscard]] Glyphs glyphs() const { return glyphs_; }

  void dot(int x, int y, Ink ink = Ink::plain);
  /// A straight line (Bresenham, IBM Systems Journal 4(1), 1965), both ends included.
  void line(int x0, int y0, int x1, int y1, Ink ink = Ink::plain);
  /// Writes over the dots of the cells from (column, row) on: one character a cell. UTF-8 on a
  /// braille canvas only.
  void text(int column, int row, std::string_view characters, Ink ink = Ink::plain);

  /// Rows from top to bottom, none ending in blanks.
  [[nodiscard]] std::string to_text(bool colour) const;

 private:
  struct Cell {
    std::uint8_t dots = 0;  // bit i as in U+2800 + i
    std::string sign{};     // written over them
    Ink ink = Ink::plain;
  };
  [[nodiscard]] bool is_inside(int column, int row) const;
  [[nodiscard]] Cell& cell(int column, int row);
  [[nodiscard]] std::string glyph(const Cell& cell) const;

  int columns_, rows_;
  Glyphs glyphs_;
  std::vector<Cell> cells_;  // row by row
};

}  // namespace ridgeline::reports
