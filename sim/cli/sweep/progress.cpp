#include "sim/cli/sweep/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <string_view>

#include "models/base/grouped.hpp"
#include "sim/cli/descriptor.hpp"
#include "sim/cli/output.hpp"

namespace ridgeline::cli {
namespace {

using namespace std::chrono_literals;

bool can_redraw() {
  const char* const terminal = std::getenv("TERM");
  return watched() && terminal != nullptr && std::string_view(terminal) != "dumb";
}

}  // namespace

std::string count_text(std::uint64_t count) {
  return grouped(static_cast<std::int64_t>(count));
}

std::string duration_text(double seconds) {
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  if (whole < 48 * 3600) return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
  return fmt::format("{} d {} h", whole / 86400, whole % 86400 / 3600);
}

Progress::Progress(std::uint64_t points, std::uint64_t before)
    : points_(points),
      before_(before),
      next_tenth_(points == 0 ? 0 : before * 10 / points + 1),
      redraws_(can_redraw()) {}

Progress::~Progress() {
  clear_line();
}

void Progress::clear_line() const {
  constexpr std::string_view kClear = "\r\x1b[K";
  if (redraws_) (void)write_all(STDERR_FILENO, kClear);
}

std::string Progress::line(double seconds) const {
  const double rate = seconds > 0 ? static_cast<double>(added_) / seconds : 0;
  std::string text = fmt::format("{} of {} points", count_text(done()), count_text(points_));
  if (failed_ > 0) text += fmt::format(", {} failed", count_text(failed_));
  if (rate > 0 && done() < points_) {
    text += fmt::format(", {:.1f} points/s, {} left", rate,
                        duration_text(static_cast<double>(points_ - done()) / rate));
  }
  return text;
}

void Progress::add(bool failed) {
  ++added_;
  failed_ += failed ? 1 : 0;
  const Clock::time_point now = Clock::now();
  const double seconds = std::chrono::duration<double>(now - start_).count();
  if (redraws_) {
    if (now - drawn_ < 100ms) return;
    drawn_ = now;
    clear_line();
    (void)write_all(STDERR_FILENO, line(seconds));
    return;
  }
  const bool tenth = done() * 10 >= next_tenth_ * points_;
  // What takes no time needs no report on the way.
  if ((!tenth || now - drawn_ < 1s) && now - drawn_ < 60s) return;
  next_tenth_ = done() * 10 / points_ + 1;
  drawn_ = now;
  say(line(seconds));
}

}  // namespace ridgeline::cli
