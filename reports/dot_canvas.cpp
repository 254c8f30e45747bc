#include "reports/dot_canvas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "models/base/text.hpp"

namespace ridgeline::reports {
namespace {

/// Bits of the dots of a braille pattern, by row and column (Unicode, Braille Patterns).
constexpr std::uint8_t kBits[DotCanvas::kDotsDown][DotCanvas::kDotsAcross] = {
    {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
constexpr std::uint8_t kUpperHalf = 0x01 | 0x08 | 0x02 | 0x10;

/// U+2800 + dots in UTF-8: three bytes.
std::string braille(std::uint8_t dots) {
  const auto low = static_cast<unsigned>(dots);
  return {static_cast<char>(0xE2), static_cast<char>(0xA0 | (low >> 6)),
          static_cast<char>(0x80 | (low & 0x3F))};
}

std::string halves(std::uint8_t dots) {
  const bool upper = (dots & kUpperHalf) != 0;
  const bool lower = (dots & ~kUpperHalf) != 0;
  return upper && lower ? ":" : upper ? "'" : ".";
}

}  // namespace

DotCanvas::DotCanvas(int columns, int rows, Glyphs glyphs)
    : columns_(columns),
      rows_(rows),
      glyphs_(glyphs),
      cells_(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows)) {}

bool DotCanvas::is_inside(int column, int row) const {
  return column >= 0 && column < columns_ && row >= 0 && row < rows_;
}

DotCanvas::Cell& DotCanvas::cell(int column, int row) {
  return cells_[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) +
                static_cast<std::size_t>(column)];
}

void DotCanvas::dot(int x, int y, Ink ink) {
  if (x < 0 || y < 0 || !is_inside(x / kDotsAcross, y / kDotsDown)) return;
  Cell& at = cell(x / kDotsAcross, y / kDotsDown);
  at.dots |= kBits[y % kDotsDown][x % kDotsAcross];
  if (at.sign.empty()) at.ink = ink;
}

void DotCanvas::line(int x0, int y0, int x1, int y1, Ink ink) {
  const int dx = std::abs(x1 - x0), dy = -std::abs(y1 - y0);
  const int step_x = x0 < x1 ? 1 : -1, step_y = y0 < y1 ? 1 : -1;
  int error = dx + dy;
  while (true) {
    dot(x0, y0, ink);
    if (x0 == x1 && y0 == y1) return;
    const int twice = 2 * error;
    if (twice >= dy) {
      error += dy;
      x0 += step_x;
    }
    if (twice <= dx) {
      error += dx;
      y0 += step_y;
    }
  }
}

void DotCanvas::text(int column, int row, std::string_view characters, Ink ink) {
  while (!characters.empty()) {
    const std::size_t bytes = std::max(utf8_length(characters, 0), std::size_t{1});
    if (is_inside(column, row)) {
      Cell& at = cell(column, row);
      at.sign = characters.substr(0, bytes);
      at.ink = ink;
    }
    characters.remove_prefix(bytes);
    ++column;
  }
}

std::string DotCanvas::glyph(const Cell& cell) const {
  if (!cell.sign.empty()) return cell.sign;
  if (cell.dots == 0) return " ";
  return glyphs_ == Glyphs::braille ? braille(cell.dots) : halves(cell.dots);
}

std::string DotCanvas::to_text(bool colour) const {
  std::string text;
  for (auto row = cells_.begin(); row != cells_.end(); row += columns_) {
    std::string line;
    std::size_t end = 0;  // of what is not blank
    Ink ink = Ink::plain;
    for (auto at = row; at != row + columns_; ++at) {
      const std::string sign = glyph(*at);
      if (sign == " ") {
        line += ' ';
        continue;
      }
      if (colour && at->ink != ink) {
        line += fmt::format("\x1b[{}m", static_cast<int>(at->ink));
        ink = at->ink;
      }
      line += sign;
      end = line.size();
    }
    line.resize(end);
    if (ink != Ink::plain) line += "\x1b[0m";
    text += line + '\n';
  }
  return text;
}

}  // namespace ridgeline::reports
