#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

/// Text that comes from outside: is it UTF-8, and how is it shown in a message without upsetting
/// the terminal. A character is one Unicode code point. Nothing here throws InputError.
namespace ridgeline {

/// Bytes of the UTF-8 character that begins at text[at] (RFC 3629: no overlong forms, no
/// surrogates); 0 if none does.
[[nodiscard]] std::size_t utf8_length(std::string_view text, std::size_t at);

/// Whether a control character (C0, DEL or C1) begins at text[at].
[[nodiscard]] bool is_control(std::string_view text, std::size_t at);

/// Whether `text` is UTF-8 without control characters.
[[nodiscard]] bool is_plain_text(std::string_view text);

/// `text` with '_' in place of control characters: fit for a name.
[[nodiscard]] std::string without_controls(std::string text);

/// Number of characters; a byte that belongs to none counts as one.
[[nodiscard]] std::size_t count_characters(std::string_view text);

/// `text` fit for a message: control characters and stray bytes escaped, and "..." in place of
/// what follows the first `most` characters.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most = 40);

/// "line 3, column 5" of text[at], both counted from 1, columns in characters.
[[nodiscard]] std::string line_and_column(std::string_view text, std::size_t at);

/// The whole of `text` as a number; none if it is not one, or beyond what Number holds. `how` is
/// std::chars_format, for numbers that are not whole.
template <class Number, class... Format>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text, Format... how) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, how...);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace ridgeline
