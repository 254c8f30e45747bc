#include "sim/cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace ridgeline::cli {
namespace {

constexpr int kUsualWidth = 80;

std::string of_process(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

int terminal_width() {
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kUsualWidth;
}

}  // namespace

bool shows_utf8(const Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string locale = environment(name);
    if (locale.empty()) continue;
    std::erase(locale, '-');
    std::ranges::transform(locale, locale.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return locale.find("utf8") != std::string::npos;
  }
  return false;
}

bool shows_colour(const Environment& environment, bool is_terminal) {
  return is_terminal && environment("NO_COLOR").empty() && environment("TERM") != "dumb";
}

reports::TextStyle output_style() {
  const bool is_terminal = ::isatty(STDOUT_FILENO) == 1;
  return {.width = is_terminal ? terminal_width() : kUsualWidth,
          .glyphs = shows_utf8(&of_process) ? reports::Glyphs::braille : reports::Glyphs::ascii,
          .colour = shows_colour(&of_process, is_terminal)};
}

}  // namespace ridgeline::cli
