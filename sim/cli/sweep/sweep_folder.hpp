#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "models/base/source_text.hpp"
#include "models/sweep/sweep_plan.hpp"
#include "sim/cli/descriptor.hpp"

/// The folder of a sweep:
///   sweep.json                      what is swept (schema ridgeline.sweep_folder/1)
///   results/shard-I-of-K.jsonl      the records of each shard (PointLog)
///   results/shard-I-of-K.done       made when the shard is complete; holds its number of points
///   points.csv, sweep.html, ...     what they add up to (results.hpp)
namespace ridgeline::cli {

/// Part `index`, from 1, of `count` of a sweep: the candidates c with c mod count = index - 1.
struct Shard {
  std::uint64_t index = 1, count = 1;

  [[nodiscard]] std::uint64_t first() const { return index - 1; }
};
inline constexpr std::uint64_t kMostShards = 100'000;

/// What sweep.json says.
struct SweepManifest {
  SourceText specification{};
  std::uint64_t digest = 0;
  SweepSize size{};
  std::uint64_t shards = 1;
};

class SweepFolder {
 public:
  explicit SweepFolder(std::filesystem::path path) : path_(std::move(path)) {}

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return path_ / name; }
  [[nodiscard]] std::filesystem::path log(const Shard& shard) const;
  [[nodiscard]] std::filesystem::path done_marker(const Shard& shard) const;

  /// Makes the folder and its manifest. If there is one already it must be the same; of several
  /// processes that try at once one makes it.
  /// @throws InputError for a folder of something else or of another sweep
  void begin(const SweepManifest& manifest) const;
  /// @throws InputError if this is no folder of a sweep
  [[nodiscard]] SweepManifest manifest() const;
  [[nodiscard]] bool has_manifest() const;

  /// Held while results are written. @throws InputError if another process holds it
  [[nodiscard]] Descriptor lock_results() const;

  void mark_done(const Shard& shard, std::uint64_t points) const;
  /// Points that a complete shard has; nothing if it is not complete.
  [[nodiscard]] std::optional<std::uint64_t> done_points(const Shard& shard) const;

 private:
  std::filesystem::path path_;
};

}  // namespace ridgeline::cli
