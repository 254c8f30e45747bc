#include <fmt/format.h>

#include "models/base/error.hpp"
#include "models/input/pixels.hpp"

namespace ridgeline {
namespace {

constexpr int kLargestValue = 65535;

/// The header and its place in the text.
class Header {
 public:
  explicit Header(const SourceText& source) : source_(source) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[noreturn]] void fail(std::string what, std::string allowed = "") const {
    throw InputError(
        {.file = source_.path, .what = std::move(what), .allowed = std::move(allowed)});
  }
  /// A number in digits, after white space and comments.
  std::int64_t number(const char* name, std::int64_t most) {
    skip_blanks();
    const std::size_t begin = at_;
    std::int64_t value = 0;
    for (; at_ < text().size() && text()[at_] >= '0' && text()[at_] <= '9'; ++at_) {
      value = value * 10 + (text()[at_] - '0');
      if (value > most) fail(fmt::format("the {} is over {}", name, most));
    }
    if (at_ == begin) fail(fmt::format("has no {} at byte {}", name, begin), "a number in digits");
    return value;
  }
  /// The one blank between header and values.
  void end() {
    if (at_ >= text().size() || !is_blank(text()[at_])) fail("has no blank after its header");
    ++at_;
  }

 private:
  static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
  [[nodiscard]] const std::string& text() const { return source_.text; }
  void skip_blanks() {
    for (; at_ < text().size(); ++at_) {
      if (text()[at_] == '#') {
        at_ = std::min(text().find_first_of("\r\n", at_), text().size());
        if (at_ == text().size()) return;
      } else if (!is_blank(text()[at_])) {
        return;
      }
    }
  }

  const SourceText& source_;
  std::size_t at_ = 2;  ///< after the magic number
};

}  // namespace

void check_picture_size(const SourceText& source, std::int64_t width, std::int64_t height) {
  constexpr std::int64_t kMostPixels = std::int64_t{1} << 26;
  if (width >= 1 && height >= 1 && width <= kMostPixels / height) return;
  throw InputError({.file = source.path,
                    .what = fmt::format("is a picture of {}x{}", width, height),
                    .allowed = fmt::format("1 to {} pixels", kMostPixels)});
}

Pixels decode_ppm(const SourceText& source) {
  Header header(source);
  if (!source.text.starts_with("P6") && !source.text.starts_with("P5"))
    header.fail("is not a binary PPM", "P6 or P5 as its first two bytes");
  constexpr std::int64_t kMost = 1'000'000'000;
  const std::int64_t width = header.number("width", kMost);
  const std::int64_t height = header.number("height", kMost);
  const auto largest = static_cast<int>(header.number("largest value", kLargestValue));
  header.end();
  if (largest == 0) header.fail("the largest value is 0", fmt::format("1 to {}", kLargestValue));
  check_picture_size(source, width, height);
  Pixels pixels{.width = static_cast<int>(width),
                .height = static_cast<int>(height),
                .channels = source.text[1] == '6' ? 3 : 1,
                .largest = largest};
  const std::size_t bytes = largest > 255 ? 2 : 1;
  const auto count = static_cast<std::size_t>(width * height * pixels.channels);
  if (source.text.size() - header.at() != count * bytes)
    header.fail(fmt::format("has {} bytes after its header", source.text.size() - header.at()),
                fmt::format("{} for one picture of {}x{}", count * bytes, width, height));
  pixels.values.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto byte = [&](std::size_t k) {
      return static_cast<unsigned char>(source.text[header.at() + i * bytes + k]);
    };
    const int value = bytes == 1 ? byte(0) : byte(0) << 8 | byte(1);
    if (value > largest)
      header.fail(fmt::format("value {} is {}", i, value), fmt::format("0 to {}", largest));
    pixels.values[i] = static_cast<std::uint16_t>(value);
  }
  return pixels;
}

}  // namespace ridgeline
