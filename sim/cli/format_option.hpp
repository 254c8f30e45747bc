#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "sim/cli/options.hpp"

/// --format and --out, which every command that writes reports takes: one format goes to standard
/// output, several go to files in a folder.
namespace ridgeline::cli {

/// Which of `names` --format names, in its order; empty if it is not given.
/// @throws InputError for an unknown name, one that comes twice, or several without --out.
[[nodiscard]] std::vector<std::size_t> named_formats(const Arguments& arguments,
                                                     const std::vector<std::string>& names);

/// Name and summary of each format, one a line, below `first_line`.
template <class Format>
[[nodiscard]] std::string format_help(std::string first_line, const std::vector<Format>& formats) {
  constexpr std::size_t kWidth = 7;
  for (const Format& format : formats) {
    const std::string gap(kWidth - std::min(kWidth, format.name.size()), ' ');
    first_line += '\n' + format.name + gap + format.summary;
  }
  return first_line;
}

}  // namespace ridgeline::cli
