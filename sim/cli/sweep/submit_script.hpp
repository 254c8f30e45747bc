#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Scripts that run the shards of a sweep elsewhere or side by side, made for people to read and to
/// change. Pure: nothing is read or run here.
namespace ridgeline::cli {

enum class ShardEngine {
  slurm,     ///< an array job
  parallel,  ///< GNU parallel, here or over ssh
  local      ///< nothing but bash, here
};
[[nodiscard]] std::string_view to_string(ShardEngine engine);
/// "submit-slurm.sh".
[[nodiscard]] std::string script_name(ShardEngine engine);

/// What the scripts have to say. Paths are absolute and may hold any byte but NUL.
struct ShardScript {
  std::filesystem::path program{};
  std::filesystem::path folder{};          ///< of the sweep
  std::filesystem::path working_folder{};  ///< where relative names in the specification begin
  std::string job_name{};                  ///< letters, digits, '-', '_', '.'
  std::uint64_t shards = 1;
  unsigned jobs = 1;                                  ///< points at a time in each shard
  std::vector<std::string> slurm_options{};           ///< each one line, "--partition=short"
  std::optional<std::filesystem::path> ssh_logins{};  ///< for parallel's --sshloginfile
};

/// The text for a POSIX shell, as one word; quoted only if need be.
[[nodiscard]] std::string shell_quoted(std::string_view text);

/// "3,7-9", as sbatch's --array takes them. `shards` ascend.
[[nodiscard]] std::string array_list(std::span<const std::uint64_t> shards);

/// The script. Without arguments it runs every shard; Slurm's takes others by --array, those of
/// parallel and local as arguments.
[[nodiscard]] std::string script_text(ShardEngine engine, const ShardScript& script);

/// How many shards a sweep should be cut into, if nobody says: as many as take about `seconds`
/// each with `jobs` points at a time, at least one and `least`, at most 1,000 (Slurm's MaxArraySize
/// is 1001 where nobody set it) and one a point.
[[nodiscard]] std::uint64_t default_shards(std::uint64_t points, double seconds_a_point,
                                           unsigned jobs, double seconds, std::uint64_t least = 1);

}  // namespace ridgeline::cli
