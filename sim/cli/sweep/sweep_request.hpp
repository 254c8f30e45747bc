#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "models/base/source_text.hpp"
#include "models/sweep/sweep_plan.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/sweep/sweep_folder.hpp"

/// What `sweep` was asked to do, every option read and checked.
namespace ridgeline::cli {

/// Points beyond which a sweep must be confirmed by --yes.
inline constexpr std::uint64_t kManyPoints = 1'000'000;

struct LoadedSweep {
  SourceText source{};
  SweepSpec spec{};
};
/// Reads the specification and everything that it names. @throws InputError
[[nodiscard]] LoadedSweep load_sweep(const std::string& path);
[[nodiscard]] LoadedSweep load_sweep(SourceText source);

/// How many the process may use.
[[nodiscard]] unsigned processors();
/// --jobs, or one for each processor that the process may use.
[[nodiscard]] unsigned read_jobs(const Arguments& arguments);
/// --shard I/K, or slurm/K: I then is SLURM_ARRAY_TASK_ID.
[[nodiscard]] Shard read_shard(const Arguments& arguments);
/// Refuses too many points without --yes.
void check_size(const Arguments& arguments, const LoadedSweep& sweep, const SweepSize& size);

}  // namespace ridgeline::cli
