#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/cli/sweep/submit_script.hpp"
#include "sim/cli/sweep/sweep_request.hpp"

namespace ridgeline::cli {

/// What `sweep submit` was asked to do.
struct SweepSubmission {
  SweepFolder folder;
  std::optional<ShardEngine> engine{};    ///< else the one whose script is in the folder
  std::optional<std::uint64_t> shards{};  ///< else worked out from what a few points take
  std::optional<unsigned> jobs{};         ///< points at a time in each shard; else 1
  std::vector<std::string> slurm_options{};
  std::optional<std::filesystem::path> ssh_logins{};
  bool dry_run = false;
};

/// --engine, --shards, --jobs, --slurm-option, --hosts and --dry-run, checked.
[[nodiscard]] SweepSubmission read_submission(const Arguments& arguments, SweepFolder folder);

/// Makes the folder if it is not there, writes the engine's script, and runs by it every shard that
/// is not complete, nor in Slurm's queue. A script that is there is used as it is, unless an option
/// says something that scripts say. `size` is that of a sweep without a folder.
/// @return the exit code; for parallel and local, it is the script that ends.
/// @throws InputError for a folder of another sweep, for tools that are not there, and if Slurm
/// does not take the job; the script is there then
[[nodiscard]] int submit_sweep(const LoadedSweep& sweep, const SweepSize& size,
                               const SweepSubmission& submission);

}  // namespace ridgeline::cli
