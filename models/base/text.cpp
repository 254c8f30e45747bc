#include "models/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ridgeline {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const unsigned first = byte_at(text, at);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, at + i) & 0xC0U) != 0x80U) return 0;
  }
  const unsigned second = byte_at(text, at + 1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool beyond_unicode = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || beyond_unicode ? 0 : length;
}

bool is_control(std::string_view text, std::size_t at) {
  const unsigned first = byte_at(text, at);
  if (first == 0xC2) return byte_at(text, at + 1) >= 0x80 && byte_at(text, at + 1) < 0xA0;
  return first < 0x20 || first == 0x7F;
}

bool is_plain_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    if (length == 0 || is_control(text, at)) return false;
    at += length;
  }
  return true;
}

std::string without_controls(std::string text) {
  for (std::size_t at = 0; at < text.size(); ++at)
    if (is_control(text, at)) text[at] = '_';
  return text;
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    at += std::max<std::size_t>(1, utf8_length(text, at));
  }
  return count;
}

std::string shortened(std::string_view text, std::size_t most) {
  std::string shown;
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    if (count == most) return shown + "...";
    const std::size_t length = utf8_length(text, at);
    if (length == 0) {
      shown += fmt::format("\\x{:02x}", byte_at(text, at));
    } else if (is_control(text, at)) {
      shown += fmt::format("\\u{:04x}", byte_at(text, at + length - 1));
    } else {
      shown += text.substr(at, length);
    }
    at += std::max<std::size_t>(1, length);
  }
  return shown;
}

std::string line_and_column(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, std::min(at, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t break_at = before.rfind('\n');
  const std::size_t line_begin = break_at == std::string_view::npos ? 0 : break_at + 1;
  return fmt::format("line {}, column {}", line, count_characters(before.substr(line_begin)) + 1);
}

}  // namespace ridgeline
