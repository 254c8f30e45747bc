#include "sim/cli/sweep/submit_sweep.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <sstream>
#include <system_error>

#include "models/base/digest.hpp"
#include "models/base/text.hpp"
#include "reports/format.hpp"
#include "sim/cli/child_program.hpp"
#include "sim/cli/output.hpp"
#include "sim/cli/sweep/progress.hpp"
#include "sim/cli/sweep/shard_list.hpp"
#include "sim/cli/sweep/trial.hpp"

namespace ridgeline::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array kEngines{ShardEngine::slurm, ShardEngine::parallel, ShardEngine::local};

/// A path in a command that people copy.
std::string command_word(const fs::path& path) {
  return reports::printable(shell_quoted(path.native()));
}

ShardEngine engine_of(const SweepSubmission& submission) {
  if (submission.engine) return *submission.engine;
  std::vector<ShardEngine> there;
  for (const ShardEngine engine : kEngines) {
    std::error_code error;
    if (fs::exists(submission.folder.file(script_name(engine)), error)) there.push_back(engine);
  }
  if (there.size() != 1) fail("--engine", "is missing", "slurm, parallel, local");
  return there.front();
}

/// Seconds that a shard should take. A cluster's queue hands out about a task a second and wants
/// them long; GNU parallel starts ten a second, and short ones keep all machines busy to the end.
double aim_of(ShardEngine engine) {
  return engine == ShardEngine::parallel ? 120 : 1200;
}

/// Prints how the sweep is cut and what it takes. @return the number of shards
std::uint64_t plan_shards(const LoadedSweep& sweep, const SweepSize& size, ShardEngine engine,
                          const SweepSubmission& submission) {
  const unsigned jobs = submission.jobs.value_or(1);
  const Trial trial = try_points(sweep, size);
  const std::uint64_t least = engine == ShardEngine::slurm ? 1 : processors() / jobs;
  const std::uint64_t shards = submission.shards.value_or(
      default_shards(size.points, trial.seconds_each, jobs, aim_of(engine), least));
  const double seconds = trial.seconds_each * static_cast<double>(size.points);
  print(fmt::format(
      "{} points, about {:.1f} ms each, {} in all: {} shards, {} each with {} at a time\n",
      count_text(size.points), trial.seconds_each * 1e3, duration_text(seconds), count_text(shards),
      duration_text(seconds / static_cast<double>(shards) / jobs), jobs));
  if (!trial.failed.empty()) print(fmt::format("some points fail: {}\n", trial.failed));
  return shards;
}

/// "sizes-1a2b3c4d": the sweep and its folder, by which squeue finds the tasks.
std::string job_name_of(const SweepSpec& spec, const fs::path& folder) {
  constexpr std::size_t kLongest = 40;
  std::string name = spec.name.substr(0, kLongest);
  for (char& c : name) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (!plain && c != '.' && c != '_') c = '-';
  }
  Digest digest;
  digest.add(folder.native());
  return fmt::format("{}-{:08x}", name, digest.value() & 0xFFFFFFFFU);
}

/// Refuses options that the engine has no use for.
void check_options(const SweepSubmission& submission, ShardEngine engine) {
  const std::string with = fmt::format("does not go with --engine {}", to_string(engine));
  if (!submission.slurm_options.empty() && engine != ShardEngine::slurm) {
    fail("--slurm-option", with, "slurm");
  }
  if (submission.ssh_logins && engine != ShardEngine::parallel) fail("--hosts", with, "parallel");
}

ShardScript script_of(const LoadedSweep& sweep, std::uint64_t shards,
                      const SweepSubmission& submission) {
  const fs::path folder = fs::absolute(submission.folder.path());
  return {.program = fs::read_symlink("/proc/self/exe"),
          .folder = folder,
          .working_folder = fs::current_path(),
          .job_name = job_name_of(sweep.spec, folder),
          .shards = shards,
          .jobs = submission.jobs.value_or(1),
          .slurm_options = submission.slurm_options,
          .ssh_logins = submission.ssh_logins};
}

/// The script of the sweep: as the options say, or as it is there.
fs::path ready_script(ShardEngine engine, const ShardScript& script,
                      const SweepSubmission& submission) {
  const fs::path path = submission.folder.file(script_name(engine));
  const bool asked = submission.jobs || !submission.slurm_options.empty() || submission.ssh_logins;
  std::error_code error;
  if (fs::exists(path, error) && !asked) {
    say(fmt::format("{} is used as it is", reports::printable(path.string())));
    return path;
  }
  write_files(std::vector<OutputFile>{{path, script_text(engine, script)}});
  using fs::perms;
  fs::permissions(path, perms::owner_exec | perms::group_exec | perms::others_exec,
                  fs::perm_options::add, error);  // else it is run as "bash FILE", as we do
  return path;
}

/// Tasks of the job that wait or run, ascending.
std::vector<std::uint64_t> queued_shards(const std::string& job_name) {
  const std::optional<ChildOutput> queue =
      output_of({"squeue", "--noheader", "--array", "--format=%K", "--name=" + job_name});
  std::vector<std::uint64_t> shards;
  if (!queue || queue->failed) return shards;  // then sbatch says why
  std::istringstream words(queue->text);
  for (std::string word; words >> word;) {
    if (const auto shard = parse_number<std::uint64_t>(word)) shards.push_back(*shard);
  }
  std::ranges::sort(shards);
  return shards;
}

int submit_to_slurm(const fs::path& script, const std::vector<std::uint64_t>& shards,
                    const fs::path& folder) {
  const std::string list = array_list(shards);
  const std::optional<ChildOutput> answer =
      output_of({"sbatch", "--parsable", "--array=" + list, fs::absolute(script).native()});
  const std::string shown = reports::printable(script.string());
  if (!answer) {
    fail("--engine",
         "slurm needs sbatch, which is not there (Debian: slurm-client); the script for it is "
         "written: " +
             shown);
  }
  if (answer->failed) {
    fail(shown, "sbatch does not take this job",
         "what your site allows, by --slurm-option; tasks numbered below Slurm's MaxArraySize");
  }
  // "JOB" or "JOB;CLUSTER".
  const std::string job = answer->text.substr(0, answer->text.find_first_of(";\n"));
  print(fmt::format("Slurm job {}: shards {}; each writes to {}\n", reports::printable(job), list,
                    reports::printable((folder / "logs").string())));
  print(fmt::format("when they have ended: ridgeline sweep merge {}\n", command_word(folder)));
  return 0;
}

bool has_gnu_parallel() {
  const std::optional<ChildOutput> version = output_of({"parallel", "--version"});
  return version && version->text.starts_with("GNU parallel");
}

/// Becomes the script.
int run_script(ShardEngine engine, const fs::path& script, const std::vector<std::uint64_t>& shards,
               std::uint64_t all, const fs::path& folder) {
  const std::string shown = reports::printable(script.string());
  if (engine == ShardEngine::parallel && !has_gnu_parallel()) {
    fail("--engine",
         "parallel needs GNU parallel, which is not there (Debian: parallel); the script for it is "
         "written: " +
             shown);
  }
  print(fmt::format("{} of {} shards run now; then: ridgeline sweep merge {}\n",
                    count_text(shards.size()), count_text(all), command_word(folder)));
  std::vector<std::string> words{"bash", fs::absolute(script).native()};
  if (shards.size() < all) {
    for (const std::uint64_t shard : shards) words.push_back(std::to_string(shard));
  }
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  fail(shown, "bash cannot be started: " + std::generic_category().message(errno));
}

void print_dry_run(ShardEngine engine, const fs::path& script, const fs::path& folder,
                   const std::vector<std::uint64_t>& shards) {
  const fs::path absolute = fs::absolute(script);
  const std::string command =
      engine == ShardEngine::slurm
          ? fmt::format("sbatch --array={} {}", array_list(shards), command_word(absolute))
          : fmt::format("bash {}", command_word(absolute));
  print(fmt::format("nothing is submitted; this does it: {}\nor this: ridgeline sweep submit {}\n",
                    command, command_word(folder)));
}

/// Of shards that are not complete, those that nobody runs.
std::vector<std::uint64_t> left_over(ShardEngine engine, std::vector<std::uint64_t> missing,
                                     const std::string& job_name) {
  if (engine != ShardEngine::slurm) return missing;
  std::vector<std::uint64_t> left;
  std::ranges::set_difference(missing, queued_shards(job_name), std::back_inserter(left));
  return left;
}

}  // namespace

SweepSubmission read_submission(const Arguments& arguments, SweepFolder folder) {
  SweepSubmission submission{.folder = std::move(folder),
                             .slurm_options = arguments.values("slurm-option"),
                             .dry_run = arguments.has("dry-run")};
  if (arguments.has("engine")) {
    static const std::vector<std::string> names{"slurm", "parallel", "local"};
    submission.engine = kEngines.at(choice("--engine", arguments.value("engine"), names));
  }
  if (arguments.has("shards")) {
    submission.shards = whole_number("--shards", arguments.value("shards"), 1, kMostShards);
  }
  if (arguments.has("jobs")) submission.jobs = read_jobs(arguments);
  if (arguments.has("hosts")) {
    submission.ssh_logins = fs::absolute(arguments.value("hosts"));
    std::error_code error;
    if (!fs::exists(*submission.ssh_logins, error))
      fail("--hosts", "is no file", "one host a line");
  }
  for (const std::string& option : submission.slurm_options) {
    if (!option.starts_with('-') || !is_plain_text(option)) {
      fail("--slurm-option", in_quotes(option) + " is no option of sbatch",
           "--slurm-option=--partition=NAME and the like");
    }
  }
  return submission;
}

int submit_sweep(const LoadedSweep& sweep, const SweepSize& size,
                 const SweepSubmission& submission) {
  const ShardEngine engine = engine_of(submission);
  check_options(submission, engine);
  const SweepFolder& folder = submission.folder;
  const bool is_new = !folder.has_manifest();
  const std::uint64_t shards = is_new ? plan_shards(sweep, size, engine, submission)
                                      : submission.shards.value_or(folder.manifest().shards);
  folder.begin(
      {.specification = sweep.source, .digest = sweep.spec.digest, .size = size, .shards = shards});
  const ShardScript script = script_of(sweep, shards, submission);
  make_folder(script.folder / "logs");
  const fs::path path = ready_script(engine, script, submission);
  const std::vector<std::uint64_t> missing = missing_shards(folder, RecordIndex(folder, shards));
  if (missing.empty()) {
    print(fmt::format("all {} shards are complete: ridgeline sweep merge {}\n", count_text(shards),
                      command_word(folder.path())));
    return 0;
  }
  const std::vector<std::uint64_t> left =
      is_new ? missing : left_over(engine, missing, script.job_name);
  if (left.empty()) {
    print(fmt::format("shards {} are in Slurm's queue already\n", array_list(missing)));
    return 0;
  }
  if (submission.dry_run) {
    print_dry_run(engine, path, folder.path(), left);
    return 0;
  }
  return engine == ShardEngine::slurm ? submit_to_slurm(path, left, folder.path())
                                      : run_script(engine, path, left, shards, folder.path());
}

}  // namespace ridgeline::cli
