#include "reports/format.hpp"

#include <fmt/format.h>

#include <array>
#include <cassert>
#include <cmath>

namespace ridgeline::reports {
namespace {

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 1;
  bool valid = false;
};

/// Decodes one code point of UTF-8 (RFC 3629: no overlong forms, no surrogates).
CodePoint decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return {first, 1, true};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return {first, 1, false};
  char32_t value = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {first, 1, false};
    value = (value << 6) | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kSmallest[length] || value > 0x10FFFF || surrogate) return {first, 1, false};
  return {value, length, true};
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/// Byte offset of code point number `index`.
std::size_t offset_of(std::string_view text, std::size_t index) {
  std::size_t offset = 0;
  while (index-- > 0) offset += decode(text.substr(offset)).length;
  return offset;
}

}  // namespace

std::string thousands(std::int64_t value) {
  std::string digits = fmt::format("{}", value);
  const std::size_t sign = value < 0 ? 1 : 0;
  for (std::size_t i = digits.size(); i > sign + 3;) {
    i -= 3;
    digits.insert(i, ",");
  }
  return digits;
}

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
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = decode(text.substr(i));
    if (c.valid && !is_control(c.value)) {
      out += text.substr(i, c.length);
    } else if (c.value == U'\n') {
      out += "\\n";
    } else if (c.value == U'\t') {
      out += "\\t";
    } else if (c.valid && c.value > 0x7F) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c.value));
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(c.value));
    }
    i += c.length;
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++width) i += decode(text.substr(i)).length;
  return width;
}

std::string shortened(std::string_view text, std::size_t width) {
  assert(width >= 4);
  const std::size_t characters = display_width(text);
  if (characters <= width) return std::string(text);
  const std::size_t tail = (width - 2 + 1) / 2;  // ends differ more often than beginnings
  const std::size_t head = width - 2 - tail;
  std::string out(text.substr(0, offset_of(text, head)));
  out += "..";
  out += text.substr(offset_of(text, characters - tail));
  return out;
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

}  // namespace ridgeline::reports
