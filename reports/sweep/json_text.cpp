#include "reports/sweep/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/error.hpp"
#include "models/base/text.hpp"

namespace ridgeline::reports {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::size_t kKeyDigits = 16;

/// Characters that a string holds as they are: ASCII without controls, quote and backslash.
bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\';
}

void put_escape(std::string& out, std::string_view high, char c) {
  const auto byte = static_cast<unsigned char>(c);
  out += "\\u";
  out += high;
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  return end - at;
}

/// RFC 8259, section 6.
bool is_json_number(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = digits_at(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) return false;
  at += whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t digits = digits_at(text, at + 1);
    if (digits == 0) return false;
    at += 1 + digits;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t digits = digits_at(text, at);
    if (digits == 0) return false;
    at += digits;
  }
  return at == text.size();
}

bool is_bare(std::string_view text) {
  return text == "true" || text == "false" || is_json_number(text);
}

}  // namespace

void put_hex(std::string& out, std::uint64_t value) {
  for (int shift = 60; shift >= 0; shift -= 4) out += kHex[(value >> shift) & 15];
}

void put_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const char* const from = text.data() + at;
    const char* const stop = std::find_if_not(from, text.data() + text.size(), is_plain);
    out.append(from, stop);
    at += static_cast<std::size_t>(stop - from);
    if (at == text.size()) break;
    const std::size_t length = utf8_length(text, at);
    if (text[at] == '"' || text[at] == '\\') {
      out += '\\';
      out += text[at];
    } else if (length == 1) {
      put_escape(out, "00", text[at]);
    } else if (length == 0) {
      put_escape(out, "dc", text[at]);
    } else {
      out += text.substr(at, length);
    }
    at += std::max<std::size_t>(1, length);
  }
  out += '"';
}

void put_scalar(std::string& out, std::string_view text, bool plain) {
  if (plain && is_bare(text)) {
    out += text;
  } else {
    put_string(out, text);
  }
}

std::uint64_t JsonScanner::hex() {
  const std::string_view digits = rest().substr(0, kKeyDigits);
  std::uint64_t value = 0;
  if (digits.size() < kKeyDigits || digits.find_first_not_of(kHex) != std::string_view::npos) {
    fail("16 hexadecimal digits");
  }
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  at_ += kKeyDigits;
  return value;
}

void JsonScanner::escape(std::string& out) {
  for (const char c : {'"', '\\'}) {
    if (accept({&c, 1})) {
      out += c;
      return;
    }
  }
  if (!accept("u00") && !accept("udc")) fail("an escape");
  const std::string_view digits = rest().substr(0, 2);
  unsigned value = 0;
  const auto [stop, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc{} || stop != digits.data() + 2) fail("two hexadecimal digits");
  out += static_cast<char>(value);
  at_ += 2;
}

void JsonScanner::string(std::string& out) {
  out.clear();
  expect("\"");
  while (!accept("\"")) {
    const char* const stop =
        std::find_if(at_, end_, [](char c) { return c == '"' || c == '\\' || c == '\n'; });
    out.append(at_, stop);
    at_ = stop;
    if (accept("\\")) {
      escape(out);
    } else if (at_end() || *at_ == '\n') {
      fail("the end of a string");
    }
  }
}

std::string JsonScanner::scalar() {
  std::string text;
  if (rest().starts_with('"')) {
    string(text);
    return text;
  }
  const char* const stop = std::find_if(at_, end_, [](char c) { return c == ',' || c == '}'; });
  text.assign(at_, stop);
  if (!is_bare(text)) fail("a value");
  at_ = stop;
  return text;
}

void JsonScanner::fail(std::string_view wanted) const {
  throw InputError({.place = fmt::format("column {}", at_ - begin_ + 1),
                    .what = fmt::format("this is no record of the sweep: {} should stand here",
                                        ridgeline::shortened(wanted))});
}

}  // namespace ridgeline::reports
