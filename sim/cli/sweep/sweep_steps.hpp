#pragma once

#include <filesystem>
#include <optional>

#include "sim/cli/sweep/sweep_request.hpp"

/// What the forms of `sweep` do. Each returns the exit code.
namespace ridgeline::cli {

inline constexpr int kInterrupted = 75;  ///< EX_TEMPFAIL of sysexits.h: go on with --resume

/// Prints how many points there are and about how long they take.
[[nodiscard]] int explain_sweep(const LoadedSweep& sweep, const SweepSize& size, unsigned jobs);

struct SweepRun {
  SweepFolder folder;
  Shard shard{};
  unsigned jobs = 1;
  bool resume = false;
  std::optional<std::filesystem::path> database{};
};
/// Runs a shard; a sweep of one shard is merged, too.
[[nodiscard]] int run_sweep(const LoadedSweep& sweep, const SweepSize& size, const SweepRun& run);

/// Puts complete shards together; says which are missing, and returns 1, if any is.
[[nodiscard]] int merge_sweep(const SweepFolder& folder,
                              const std::optional<std::filesystem::path>& database);

}  // namespace ridgeline::cli
