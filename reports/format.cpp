#include "reports/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "models/base/text.hpp"

namespace ridgeline::reports {
namespace {

/// Bytes of the character that begins at text[at]; a stray byte counts as one.
std::size_t step(std::string_view text, std::size_t at) {
  return std::max<std::size_t>(1, utf8_length(text, at));
}

/// Whether a line or paragraph separator or a bidirectional control begins at text[at]
/// (U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069): they reorder what a reader sees.
bool is_layout_control(std::string_view text, std::size_t at) {
  const std::string_view c = text.substr(at, 3);
  if (c.size() < 3 || c[0] != '\xE2') return false;
  const int last = static_cast<unsigned char>(c[2]);
  if (c[1] == '\x80') return last == 0x8E || last == 0x8F || (last >= 0xA8 && last <= 0xAE);
  return c[1] == '\x81' && last >= 0xA6 && last <= 0xA9;
}

/// Byte offset of character number `index`.
std::size_t offset_of(std::string_view text, std::size_t index) {
  std::size_t offset = 0;
  while (index-- > 0) offset += step(text, offset);
  return offset;
}

}  // namespace

std::string short_count(double value) {
  const double magnitude = std::abs(value);
  if (magnitude < 1000 && magnitude == std::floor(magnitude)) return fmt::format("{:.0f}", value);
  constexpr std::array<const char*, 7> kUnits{"", "k", "M", "G", "T", "P", "E"};
  std::size_t unit = 0;
  double scale = 1;
  while (magnitude / scale >= 999.5 && unit + 1 < kUnits.size()) {
    scale *= 1000;
    ++unit;
  }
  const double scaled = magnitude / scale;
  const int decimals = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f}{}", value / scale, decimals, kUnits[unit]);
}

std::string percent(double part, double whole) {
  return fmt::format("{:.1f}", whole > 0 ? 100 * part / whole : 0.0);
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = step(text, at);
    const std::string_view character = text.substr(at, length);
    const bool plain =
        utf8_length(text, at) > 0 && !is_control(text, at) && !is_layout_control(text, at);
    if (plain) {
      out += character;
    } else {
      for (const char c : character) {
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
      }
    }
    at += length;
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t width) {
  assert(width >= 4);
  const std::size_t characters = count_characters(text);
  if (characters <= width) return std::string(text);
  const std::size_t tail = (width - 2 + 1) / 2;  // ends differ more often than beginnings
  const std::size_t head = width - 2 - tail;
  std::string out(text.substr(0, offset_of(text, head)));
  out += "..";
  out += text.substr(offset_of(text, characters - tail));
  return out;
}

std::string wrapped(std::string_view text, std::size_t width, std::string_view indent) {
  std::string out;
  std::size_t column = 0;
  while (true) {
    const std::string_view word = text.substr(0, text.find(' '));
    const std::size_t length = count_characters(word);
    if (column > 0 && column + 1 + length > width) {
      out += '\n';
      out += indent;
      column = count_characters(indent);
    } else if (column > 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += length;
    if (word.size() == text.size()) return out;
    text.remove_prefix(word.size() + 1);
  }
}

std::string list_item(std::string_view text) {
  constexpr std::size_t kWidth = 100;
  return "  - " + wrapped(printable(text), kWidth, "    ") + '\n';
}

std::string single_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? "''" : std::string(1, c);
  return result + "'";
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string csv_record(std::span<const std::string> fields) {
  std::string text;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) text += ',';
    text += csv_field(fields[i]);
  }
  return text + "\r\n";
}

}  // namespace ridgeline::reports
