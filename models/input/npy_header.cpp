#include "models/input/npy_header.hpp"

#include <fmt/format.h>

#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "models/base/error.hpp"
#include "models/base/text.hpp"

namespace ridgeline {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::int64_t kMostElements = std::numeric_limits<int>::max();
constexpr std::size_t kMostDimensions = 32;  // NumPy's own limit

/// The header's dictionary, a Python literal: {'descr': '<f4', 'fortran_order': False, 'shape': (1,
/// 3), }, its keys in any order.
class Dictionary {
 public:
  Dictionary(const SourceText& source, std::string_view text) : source_(source), text_(text) {}

  NpyHeader read() {
    NpyHeader header;
    bool has_type = false, has_order = false, has_shape = false;
    expect('{');
    while (!take('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr" && !has_type) {
        has_type = true;
        read_type(header);
      } else if (key == "fortran_order" && !has_order) {
        has_order = true;
        header.fortran_order = boolean();
      } else if (key == "shape" && !has_shape) {
        has_shape = true;
        read_shape(header);
      } else {
        fail(fmt::format("key '{}' in the header is unknown or there twice", shortened(key)),
             "descr, fortran_order, shape");
      }
      if (take('}')) break;
      expect(',');
    }
    skip_blanks();
    if (at_ != text_.size()) fail_syntax("nothing more");
    if (!has_type || !has_order || !has_shape)
      fail("a key is missing in the header", "descr, fortran_order, shape");
    return header;
  }

 private:
  [[noreturn]] void fail(std::string what, std::string allowed) const {
    throw InputError(
        {.file = source_.path, .what = std::move(what), .allowed = std::move(allowed)});
  }
  [[noreturn]] void fail_syntax(std::string_view wanted) const {
    fail(fmt::format("the header cannot be read at its byte {}", at_), std::string(wanted));
  }
  void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
  bool take(char c) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail_syntax(fmt::format("'{}'", c));
  }
  std::string quoted() {
    skip_blanks();
    const char quote = at_ < text_.size() ? text_[at_] : ' ';
    if (quote != '\'' && quote != '"') fail_syntax("a string in quotes");
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) fail_syntax("a string in quotes");
    std::string text(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return text;
  }
  bool boolean() {
    skip_blanks();
    for (const bool value : {false, true}) {
      const std::string_view name = value ? "True" : "False";
      if (!text_.substr(at_).starts_with(name)) continue;
      at_ += name.size();
      return value;
    }
    fail_syntax("True or False");
  }
  void read_type(NpyHeader& header) {
    constexpr std::string_view kTypes =
        " b1 i1 u1 f2 i2 u2 f4 i4 u4 f8 i8 u8 ";  // blanks on both sides of each
    const std::string type = quoted();
    const bool known = type.size() == 3 && std::string_view("<>|=").find(type[0]) < 4 &&
                       kTypes.find(" " + type.substr(1) + " ") != std::string_view::npos;
    if (!known)
      fail(fmt::format("its elements have the type '{}'", shortened(type)),
           "b1, i1, u1, f2, i2, u2, f4, i4, u4, f8, i8, u8 after '<', '>', '=' or '|'");
    header.kind = type[1];
    header.word_bytes = static_cast<std::size_t>(type[2] - '0');
    header.big_endian = type[0] == '>';  // '=' is the writer's order: taken for little-endian
  }
  void read_shape(NpyHeader& header) {
    expect('(');
    while (!take(')')) {
      header.shape.push_back(extent());
      if (header.shape.size() > kMostDimensions) fail("has too many dimensions", "up to 32");
      const std::int64_t last = header.shape.back();
      if (last > 0 && header.elements > kMostElements / last)
        fail("has too many elements", fmt::format("up to {}", kMostElements));
      header.elements *= last;
      if (take(')')) break;
      expect(',');
    }
  }
  std::int64_t extent() {
    skip_blanks();
    const std::size_t begin = at_;
    std::int64_t value = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
      value = value * 10 + (text_[at_] - '0');
      if (value > kMostElements)
        fail("an extent is too large", fmt::format("up to {}", kMostElements));
    }
    if (at_ == begin) fail_syntax("an extent in digits");
    if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // as Python 2 wrote them
    return value;
  }

  const SourceText& source_;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

NpyHeader parse_npy_header(const SourceText& source) {
  const std::string& text = source.text;
  const auto fail = [&](std::string what, std::string allowed) {
    throw InputError({.file = source.path, .what = std::move(what), .allowed = std::move(allowed)});
  };
  if (!text.starts_with(kMagic)) fail("is not a NumPy file", "\\x93NUMPY as its first bytes");
  const auto byte = [&](std::size_t at) -> std::size_t {
    if (at >= text.size()) fail("ends within its header", "a whole NumPy file");
    return static_cast<unsigned char>(text[at]);
  };
  const std::size_t major = byte(6), minor = byte(7);
  if (major < 1 || major > 3 || minor != 0)
    fail(fmt::format("has format version {}.{}", major, minor), "1.0, 2.0, 3.0");
  std::size_t length = byte(8) | byte(9) << 8;
  std::size_t begin = 10;
  if (major > 1) {
    length |= byte(10) << 16 | byte(11) << 24;
    begin = 12;
  }
  if (length > text.size() - begin) fail("ends within its header", "a whole NumPy file");
  NpyHeader header = Dictionary(source, std::string_view(text).substr(begin, length)).read();
  header.data_at = begin + length;
  return header;
}

}  // namespace ridgeline
