#pragma once

#include <csignal>

namespace ridgeline::cli {

/// While one exists, SIGINT and SIGTERM ask for an end instead of making one; a second one kills,
/// as by default. One at a time.
class StopFlag {
 public:
  StopFlag();
  StopFlag(const StopFlag&) = delete;
  StopFlag& operator=(const StopFlag&) = delete;
  ~StopFlag();

  [[nodiscard]] static bool raised();

 private:
  struct sigaction before_int_ {};
  struct sigaction before_term_ {};
};

}  // namespace ridgeline::cli
