#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace ridgeline::cli {

/// How far a sweep is, on standard error: on a terminal a line that is drawn again, at most ten
/// times a second; else, for logs, a line when another tenth is done, or after a minute.
class Progress {
 public:
  /// `points` in all, of which `before` were done by earlier runs; those count in no rate.
  Progress(std::uint64_t points, std::uint64_t before);
  ~Progress();

  /// Another point is done.
  void add(bool failed);
  [[nodiscard]] std::uint64_t done() const { return before_ + added_; }
  [[nodiscard]] std::uint64_t failed() const { return failed_; }

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] std::string line(double seconds) const;
  void clear_line() const;

  std::uint64_t points_, before_, added_ = 0, failed_ = 0;
  std::uint64_t next_tenth_;
  bool redraws_;
  Clock::time_point start_ = Clock::now(), drawn_ = start_;
};

/// "1,234,567".
[[nodiscard]] std::string count_text(std::uint64_t count);
/// "4.2 s", "1 min 40 s", "3 h 20 min", "2 d 5 h".
[[nodiscard]] std::string duration_text(double seconds);

}  // namespace ridgeline::cli
