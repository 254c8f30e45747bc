#include "sim/cli/sweep/sweep_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <system_error>

#include "models/base/json_reader.hpp"
#include "models/base/text.hpp"
#include "reports/format.hpp"
#include "sim/cli/configs.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/output.hpp"
#include "sim/cli/staged_files.hpp"

namespace ridgeline::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "sweep.json";
constexpr const char* kSchema = "ridgeline.sweep_folder/1";
constexpr std::size_t kLargestManifest = std::size_t{64} << 20;

std::string shard_stem(const Shard& shard) {
  return fmt::format("shard-{}-of-{}", shard.index, shard.count);
}

std::string manifest_text(const SweepManifest& manifest) {
  const nlohmann::ordered_json json{
      {"schema", kSchema},
      {"digest", fmt::format("{:016x}", manifest.digest)},
      {"combinations", manifest.size.combinations},
      {"candidates", manifest.size.candidates},
      {"points", manifest.size.points},
      {"points_counted", manifest.size.exact},
      {"shards", manifest.shards},
      {"specification",
       {{"path", manifest.specification.path}, {"text", manifest.specification.text}}}};
  return json.dump(1) + "\n";
}

bool is_empty_or_missing(const fs::path& folder) {
  std::error_code error;
  return !fs::exists(folder, error) || fs::is_empty(folder, error);
}

/// Whether there is nothing yet, or only what another shard has made that is just beginning: an
/// empty folder of results and a manifest that has no name yet.
bool is_untouched(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    const bool ours =
        is_temporary_name(name) || (name == "results" && is_empty_or_missing(it->path()));
    if (!ours) return false;
  }
  return true;
}

}  // namespace

fs::path SweepFolder::log(const Shard& shard) const {
  return path_ / "results" / (shard_stem(shard) + ".jsonl");
}

fs::path SweepFolder::done_marker(const Shard& shard) const {
  return path_ / "results" / (shard_stem(shard) + ".done");
}

bool SweepFolder::has_manifest() const {
  std::error_code error;
  return fs::exists(file(kManifest), error);
}

void SweepFolder::begin(const SweepManifest& manifest) const {
  const std::string shown = reports::printable(path_.string());
  if (!has_manifest()) {
    // Once more, as another shard may have given it its name in between.
    if (!is_untouched(path_) && !has_manifest()) {
      fail(shown, "holds files that are of no sweep", "a new or an empty folder");
    }
    make_folder(path_ / "results");
    // Where another process is faster, its manifest is looked at below.
    (void)write_new_file(file(kManifest), manifest_text(manifest));
  }
  const SweepManifest there = this->manifest();
  if (there.digest != manifest.digest) {
    fail(shown,
         fmt::format("holds another sweep, of {}, or what it names has changed since",
                     in_quotes(there.specification.path)),
         "another --out");
  }
  if (there.shards != manifest.shards) {
    fail(shown, fmt::format("holds this sweep in {} shards, not {}", there.shards, manifest.shards),
         fmt::format("I/{}, or another --out", there.shards));
  }
  make_folder(path_ / "results");
}

SweepManifest SweepFolder::manifest() const {
  if (!has_manifest()) {
    fail(reports::printable(path_.string()), "is no folder of a sweep: it has no sweep.json");
  }
  const JsonValue value = parse_json(read_input_file(file(kManifest).string(), kLargestManifest));
  const ObjectReader object(JsonField(value),
                            {"schema", "digest", "combinations", "candidates", "points",
                             "points_counted", "shards", "specification"});
  static const std::vector<std::string> schemas{kSchema};
  (void)object.at("schema").one_of(schemas, "schema");
  constexpr IntegerBounds kCount{.min = 0, .max = INT64_MAX};
  constexpr IntegerBounds kShards{.min = 1, .max = kMostShards};
  const auto count = [&](const char* key, IntegerBounds bounds) {
    return static_cast<std::uint64_t>(object.at(key).integer(bounds));
  };
  const JsonField digest = object.at("digest");
  const std::string digits = digest.text({.min = 16, .max = 16});
  SweepManifest manifest{.size = {.combinations = count("combinations", kCount),
                                  .candidates = count("candidates", kCount),
                                  .points = count("points", kCount),
                                  .exact = object.at("points_counted").boolean()},
                         .shards = count("shards", kShards)};
  const char* const end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, manifest.digest, 16).ptr != end) {
    digest.fail("must be 16 hexadecimal digits, got " + digest.shown());
  }
  const ObjectReader specification(object.at("specification"), {"path", "text"});
  const auto text_at = [&](const char* key) {
    const JsonField field = specification.at(key);
    const auto* text = std::get_if<std::string>(&field.value().data);
    if (text == nullptr) field.fail_type("a string");
    return *text;
  };
  manifest.specification = {text_at("path"), text_at("text")};
  return manifest;
}

Descriptor SweepFolder::lock_results() const {
  Descriptor held(::open(file(kManifest).c_str(), O_RDONLY | O_CLOEXEC));
  // File systems that know no locks leave it to the user.
  if (::flock(held.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    fail(reports::printable(path_.string()), "another process is writing its results");
  }
  return held;
}

void SweepFolder::mark_done(const Shard& shard, std::uint64_t points) const {
  write_files(std::vector<OutputFile>{{done_marker(shard), fmt::format("{}\n", points)}});
}

std::optional<std::uint64_t> SweepFolder::done_points(const Shard& shard) const {
  std::error_code error;
  if (!fs::exists(done_marker(shard), error)) return std::nullopt;
  std::string text = read_input_file(done_marker(shard).string(), 64).text;
  if (text.ends_with('\n')) text.pop_back();
  return parse_number<std::uint64_t>(text);
}

}  // namespace ridgeline::cli
