#pragma once

#include <functional>
#include <string>

#include "reports/log_plot.hpp"

/// What the terminal that reads standard output can show.
namespace ridgeline::cli {

/// The value of an environment variable, empty if it is not set.
using Environment = std::function<std::string(const char*)>;

/// Whether text is UTF-8: of LC_ALL, LC_CTYPE and LANG the first that is not empty says so (POSIX,
/// section 8.2); none of them: plain ASCII.
[[nodiscard]] bool shows_utf8(const Environment& environment);
/// Colour is for terminals only, and not where NO_COLOR is set (no-color.org) or TERM is "dumb".
[[nodiscard]] bool shows_colour(const Environment& environment, bool is_terminal);

/// Of standard output: as wide as its terminal, or 80 columns; glyphs and colour by the
/// environment.
[[nodiscard]] reports::TextStyle output_style();

}  // namespace ridgeline::cli
