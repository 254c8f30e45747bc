#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

/// JSON that is written and read without a tree, where there is very much of it.
namespace ridgeline::reports {

/// The fewest digits that read back as the same value. Not NaN, nor infinite.
template <class Number>
void put_number(std::string& out, Number value) {
  char digits[32];
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, end.ptr);
}
/// 16 digits.
void put_hex(std::string& out, std::uint64_t value);
/// In quotes. A byte that is not part of UTF-8 is the escape \udcXX.
void put_string(std::string& out, std::string_view text);
/// `text` as it is if it is a JSON number, true or false and `plain`; else a string.
void put_scalar(std::string& out, std::string_view text, bool plain);

/// Reads, from left to right, what the functions above have written, with no blanks in between.
/// All throw InputError with the column as its place where something else stands.
class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text)
      : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

  [[nodiscard]] bool at_end() const { return at_ == end_; }
  /// Steps over `literal` if it stands here.
  bool accept(std::string_view literal) {
    if (!rest().starts_with(literal)) return false;
    at_ += literal.size();
    return true;
  }
  void expect(std::string_view literal) {
    if (!accept(literal)) fail(literal);
  }
  template <class Number>
  [[nodiscard]] Number number() {
    Number value{};
    const auto [stop, error] = std::from_chars(at_, end_, value);
    if (error != std::errc{}) fail("a number");
    at_ = stop;
    return value;
  }
  /// The number after `literal`.
  template <class Number>
  [[nodiscard]] Number next(std::string_view literal) {
    expect(literal);
    return number<Number>();
  }
  [[nodiscard]] std::uint64_t hex();
  /// Puts a string, with its quotes in the text, into `out`.
  void string(std::string& out);
  /// A string, number or boolean, as put_scalar has written it.
  [[nodiscard]] std::string scalar();

  [[noreturn]] void fail(std::string_view wanted) const;

 private:
  [[nodiscard]] std::string_view rest() const {
    return {at_, static_cast<std::size_t>(end_ - at_)};
  }
  void escape(std::string& out);

  const char* begin_;
  const char* at_;
  const char* end_;
};

}  // namespace ridgeline::reports
