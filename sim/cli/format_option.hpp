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

/// Those of `known` that --format names; without it all of them with --out, else the first.
template <class Format>
[[nodiscard]] std::vector<const Format*> chosen_formats(const Arguments& arguments,
                                                        const std::vector<Format>& known) {
  std::vector<std::string> names;
  std::vector<const Format*> all, named;
  for (const Format& format : known) {
    names.push_back(format.name);
    all.push_back(&format);
  }
  for (const std::size_t i : named_formats(arguments, names)) named.push_back(all[i]);
  if (!named.empty()) return named;
  return arguments.has("out") ? all : std::vector{all.front()};
}

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
