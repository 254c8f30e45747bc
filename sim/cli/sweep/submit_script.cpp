#include "sim/cli/sweep/submit_script.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace ridgeline::cli {
namespace {

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-./:,+@").find(c) != std::string_view::npos;
}

/// Whether sbatch can write to such a path: with a backslash in it, it cannot, whatever the quotes
/// (22.05), and a line of #SBATCH holds no line break.
bool can_stand_in_sbatch_line(std::string_view path) {
  return std::ranges::none_of(
      path, [](char c) { return c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

/// A path as #SBATCH lines take it: in quotes, and its % are no patterns.
std::string sbatch_quoted(std::string_view path) {
  std::string text = "\"";
  for (const char c : path) {
    if (c == '"') text += '\\';
    if (c == '%') text += '%';
    text += c;
  }
  return text;
}

std::string settings_text(const ShardScript& script) {
  return fmt::format(
      "set -euo pipefail\n"
      "program={}\n"
      "folder={}\n"
      "from={}  # where relative names in the specification begin\n"
      "shards={}\n",
      shell_quoted(script.program.native()), shell_quoted(script.folder.native()),
      shell_quoted(script.working_folder.native()), script.shards);
}

std::string slurm_text(const ShardScript& script) {
  const std::string logs = (script.folder / "logs").native();
  const bool sayable = can_stand_in_sbatch_line(logs);
  std::string text = fmt::format(
      "#!/bin/bash\n"
      "# A Slurm array job, a task for each shard of a sweep. Edit it as the site needs; "
      "Ridgeline\n"
      "# keeps the edits. sbatch with --array=3,7-9 runs those shards only.\n"
      "#SBATCH --job-name={}\n"
      "#SBATCH --array=1-{}\n"
      "#SBATCH --ntasks=1\n"
      "#SBATCH --cpus-per-task={}\n"
      "#SBATCH --requeue\n"
      "#SBATCH --open-mode=append\n"
      "#SBATCH --signal=B:TERM@60\n",
      script.job_name, script.shards, script.jobs);
  text += sayable ? fmt::format("#SBATCH --output={}/slurm-%A_%a.out\"\n", sbatch_quoted(logs))
                  : "#SBATCH --output=/dev/null\n";
  for (const std::string& option : script.slurm_options) text += "#SBATCH " + option + "\n";
  text += settings_text(script);
  if (!sayable) {
    text +=
        "# sbatch cannot write to such a path.\n"
        "exec >>\"$folder/logs/slurm-${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID.out\" 2>&1\n";
  }
  // The batch step has no other process to signal.
  text +=
      "cd -- \"$from\"\n"
      "# By exec, signals of Slurm reach the program itself: it writes down the points that it "
      "has\n"
      "# and ends with 75.\n"
      "exec \"$program\" sweep \"$folder\" --resume --shard slurm/\"$shards\" \\\n"
      "  --jobs \"${SLURM_CPUS_PER_TASK:-1}\"\n";
  return text;
}

/// The shards that the script was given, or all.
constexpr std::string_view kShardsToRun = R"(
if (($# > 0)); then list=("$@"); else mapfile -t list < <(seq "$shards"); fi
mkdir -p -- "$folder/logs"
)";

// A joblog numbers the shards of its list, so that another list has another log. Paths travel as
// variables: parallel looks for {} and the like in its command.
constexpr std::string_view kParallelOptions = R"(
export program folder from shards jobs
options=(--env program --env folder --env from --env shards --env jobs)
if (($# > 0)); then
  options+=(--joblog "$folder/logs/parallel-some.joblog")
else
  options+=(--joblog "$folder/logs/parallel.joblog" --resume-failed)
fi
)";

constexpr std::string_view kParallelRun = R"(
run='cd -- "$from" && exec "$program" sweep "$folder" --resume --shard {}/"$shards" --jobs "$jobs"'
if ! parallel "${options[@]}" "$run" ::: "${list[@]}"; then
  printf 'some shards are not complete\n' >&2
  exit 1
fi
)";

constexpr std::string_view kLocalRun = R"(
cd -- "$from"
at_once=$(($(nproc) / jobs))
running=() names=() status=0
# A signal goes to all: they write down the points that they have and end with 75.
trap 'status=75; kill -TERM "${running[@]}" 2>/dev/null || true' INT TERM

wait_for_first() {
  local code=0
  wait "${running[0]}" || code=$?
  while ((code > 128)) && kill -0 "${running[0]}" 2>/dev/null; do  # only the waiting has ended
    code=0
    wait "${running[0]}" || code=$?
  done
  tail -n 1 -- "$folder/logs/local-${names[0]}.out" >&2
  if ((code > 0 && status == 0)); then status=1; fi
  running=("${running[@]:1}") names=("${names[@]:1}")
}

for shard in "${list[@]}"; do
  if ((${#running[@]} > 0 && ${#running[@]} >= at_once)); then wait_for_first; fi
  if ((status == 75)); then break; fi
  "$program" sweep "$folder" --resume --shard "$shard/$shards" --jobs "$jobs" \
    >>"$folder/logs/local-$shard.out" 2>&1 </dev/null &
  running+=("$!") names+=("$shard")
done
while ((${#running[@]} > 0)); do wait_for_first; done
exit "$status"
)";

/// How the scripts that run by themselves begin.
std::string beginning(const ShardScript& script, std::string_view how) {
  std::string text = fmt::format(
      "#!/usr/bin/env bash\n"
      "# Runs the shards of a sweep {}: all, or those that are its arguments. Edit it\n"
      "# as the machines need; Ridgeline keeps the edits.\n",
      how);
  text += settings_text(script);
  text += fmt::format("jobs={}  # points at a time in each shard\n", script.jobs);
  text += kShardsToRun;
  return text;
}

std::string parallel_text(const ShardScript& script) {
  std::string text = beginning(script, "by GNU parallel");
  text += kParallelOptions;
  text += fmt::format("options+=(--jobs {}%)  # of the processors of each machine\n",
                      std::max(1U, 100 / script.jobs));
  if (script.ssh_logins) {
    text +=
        fmt::format("options+=(--sshloginfile {})\n", shell_quoted(script.ssh_logins->native()));
  }
  text += kParallelRun;
  return text;
}

std::string local_text(const ShardScript& script) {
  std::string text = beginning(script, "on this machine");
  text += kLocalRun;
  return text;
}

}  // namespace

std::string_view to_string(ShardEngine engine) {
  switch (engine) {
    case ShardEngine::slurm:
      return "slurm";
    case ShardEngine::parallel:
      return "parallel";
    case ShardEngine::local:
      break;
  }
  return "local";
}

std::string script_name(ShardEngine engine) {
  return fmt::format("submit-{}.sh", to_string(engine));
}

std::string shell_quoted(std::string_view text) {
  if (!text.empty() && std::ranges::all_of(text, is_bare)) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += R"('\'')";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string array_list(std::span<const std::uint64_t> shards) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < shards.size();) {
    std::size_t end = i + 1;
    while (end < shards.size() && shards[end] == shards[end - 1] + 1) ++end;
    parts.push_back(end - i < 3 ? std::to_string(shards[i])
                                : fmt::format("{}-{}", shards[i], shards[end - 1]));
    i = end - i < 3 ? i + 1 : end;
  }
  return fmt::format("{}", fmt::join(parts, ","));
}

std::string script_text(ShardEngine engine, const ShardScript& script) {
  switch (engine) {
    case ShardEngine::slurm:
      return slurm_text(script);
    case ShardEngine::parallel:
      return parallel_text(script);
    case ShardEngine::local:
      break;
  }
  return local_text(script);
}

std::uint64_t default_shards(std::uint64_t points, double seconds_a_point, unsigned jobs,
                             double seconds, std::uint64_t least) {
  constexpr double kMost = 1000;
  const double wanted = std::ceil(static_cast<double>(points) * seconds_a_point / (jobs * seconds));
  const double shards =
      std::clamp(wanted, std::clamp(static_cast<double>(least), 1.0, kMost), kMost);
  return std::max<std::uint64_t>(1, std::min(static_cast<std::uint64_t>(shards), points));
}

}  // namespace ridgeline::cli
