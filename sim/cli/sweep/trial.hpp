#pragma once

#include <string>

#include "sim/cli/sweep/sweep_request.hpp"

namespace ridgeline::cli {

/// What a few points spread over a sweep take.
struct Trial {
  int points = 0;  ///< how many were run
  /// Of CPU time: what else the machine does, which may be one that others log in to, counts
  /// little.
  double seconds_each = 0;
  double bytes_each = 0;
  std::string failed{};  ///< the last reason, if any failed
};

/// Runs up to 16 points one after another, for about two seconds of CPU time at most; 0 points if
/// none was met.
[[nodiscard]] Trial try_points(const LoadedSweep& sweep, const SweepSize& size);

}  // namespace ridgeline::cli
