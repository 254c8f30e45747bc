#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// How reports write numbers and names. Independent of the locale, so that equal values give equal
/// bytes everywhere.
namespace ridgeline::reports {

/// Three significant digits and k, M, G, T, P or E (powers of 1000): 1234567 -> "1.23M". Whole
/// numbers below 1000 are exact. Negative values keep their sign.
[[nodiscard]] std::string short_count(double value);
/// part / whole in percent with one decimal: "61.0"; "0.0" if the whole is nothing.
[[nodiscard]] std::string percent(double part, double whole);

/// A name from outside, made safe for a terminal: bytes that are not UTF-8, control characters and
/// those that reorder text become \x1b and the like.
[[nodiscard]] std::string printable(std::string_view text);
/// At most `width` characters (at least 4), the middle replaced by "..".
[[nodiscard]] std::string shortened(std::string_view printable_text, std::size_t width);

/// Breaks a text at blanks into lines of at most `width` characters (a longer word stands alone);
/// lines after the first begin with `indent`.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t width,
                                  std::string_view indent);

/// An item of a list in a text of 100 columns, from outside.
[[nodiscard]] std::string list_item(std::string_view text);

/// Between single quotes, those inside doubled, as YAML and gnuplot have it.
[[nodiscard]] std::string single_quoted(std::string_view text);
/// A CSV field, quoted where RFC 4180 asks for it.
[[nodiscard]] std::string csv_field(std::string_view text);
/// A line of CSV, ended by CRLF.
[[nodiscard]] std::string csv_record(std::span<const std::string> fields);

}  // namespace ridgeline::reports
