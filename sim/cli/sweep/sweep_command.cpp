#include <fmt/format.h>

#include "sim/cli/commands.hpp"
#include "sim/cli/sweep/submit_sweep.hpp"
#include "sim/cli/sweep/sweep_steps.hpp"

namespace ridgeline::cli {
namespace {

/// Options of one form of the command do not go with another.
void refuse(const Arguments& arguments, std::string_view form,
            std::initializer_list<const char*> options) {
  for (const char* option : options) {
    if (arguments.has(option)) {
      fail(fmt::format("--{}", option), fmt::format("does not go with {}", form));
    }
  }
}

void refuse_submit_options(const Arguments& arguments) {
  for (const char* option : {"engine", "shards", "slurm-option", "hosts", "dry-run"}) {
    if (arguments.has(option)) fail(fmt::format("--{}", option), "goes with sweep submit only");
  }
}

std::optional<std::filesystem::path> read_database(const Arguments& arguments) {
  if (!arguments.has("db")) return std::nullopt;
  return arguments.value("db");
}

int run_merge(const Arguments& arguments, const std::vector<std::string>& words) {
  refuse(arguments, "merge", {"out", "jobs", "shard", "resume", "explain", "yes"});
  refuse_submit_options(arguments);
  if (words.size() < 2) fail("sweep merge", "DIR is missing", "the folder of a sweep");
  return merge_sweep(SweepFolder(words[1]), read_database(arguments));
}

/// A sweep by its specification, or by the folder of one that has begun.
struct NamedSweep {
  LoadedSweep sweep;
  SweepFolder folder;
  SweepSize size{};  ///< whoever was in the folder first has counted the points
};

NamedSweep read_sweep(const Arguments& arguments, const std::string& name) {
  std::error_code error;
  if (std::filesystem::is_directory(name, error)) {
    refuse(arguments, "a folder in place of SPEC.json", {"out"});
    SweepFolder folder(name);
    SweepManifest manifest = folder.manifest();
    return {load_sweep(std::move(manifest.specification)), std::move(folder), manifest.size};
  }
  LoadedSweep sweep = load_sweep(name);
  SweepFolder folder(arguments.required("out", "a folder for the results, new or empty"));
  const SweepSize size =
      folder.has_manifest() ? folder.manifest().size : size_of(sweep.spec, sweep.source.path);
  check_size(arguments, sweep, size);
  return {std::move(sweep), std::move(folder), size};
}

int run_submit(const Arguments& arguments, const std::vector<std::string>& words) {
  refuse(arguments, "submit", {"shard", "resume", "explain", "db"});
  if (words.size() < 2) {
    fail("sweep submit", "SPEC.json is missing", "a sweep, or the folder of one that has begun");
  }
  NamedSweep named = read_sweep(arguments, words[1]);
  return submit_sweep(named.sweep, named.size, read_submission(arguments, std::move(named.folder)));
}

int run_specification(const Arguments& arguments, const std::vector<std::string>& words) {
  if (words.size() > 1) fail("sweep", "takes one SPEC.json, got " + in_quotes(words[1]) + " too");
  refuse_submit_options(arguments);
  const unsigned jobs = read_jobs(arguments);
  const Shard shard = read_shard(arguments);
  if (arguments.has("explain")) {
    refuse(arguments, "--explain", {"out", "shard", "resume", "db"});
    const LoadedSweep sweep = load_sweep(words.front());
    return explain_sweep(sweep, size_of(sweep.spec, sweep.source.path), jobs);
  }
  NamedSweep named = read_sweep(arguments, words.front());
  const SweepRun run{.folder = std::move(named.folder),
                     .shard = shard,
                     .jobs = jobs,
                     .resume = arguments.has("resume"),
                     .database = read_database(arguments)};
  if (shard.count > 1) refuse(arguments, "--shard; merge takes it", {"db"});
  return run_sweep(named.sweep, named.size, run);
}

int run_sweep_command(const Arguments& arguments) {
  const std::vector<std::string> names{"SPEC.json|DIR|merge|submit", "SPEC.json|DIR"};
  const std::vector<std::string> words = arguments.words(names, 1);
  if (words.front() == "merge") return run_merge(arguments, words);
  if (words.front() == "submit") return run_submit(arguments, words);
  return run_specification(arguments, words);
}

}  // namespace

Command sweep_command() {
  return {
      .name = "sweep",
      .summary = "run every point of a design space, compare them, find the best",
      .usage = {"SPEC.json --out DIR [OPTIONS]", "DIR [OPTIONS]", "SPEC.json --explain",
                "merge DIR [--db FILE]", "submit SPEC.json --out DIR --engine ENGINE [OPTIONS]",
                "submit DIR [OPTIONS]"},
      .description =
          "Varies fields of an architecture, networks and their parameters, dataflows and "
          "precisions as\n"
          "SPEC.json says (schema ridgeline.sweep/1), runs every point, and writes tables of all "
          "points\n"
          "and layers, the Pareto front, how much each axis matters, and a page to explore them. "
          "Each\n"
          "point is kept as soon as it is done: what is interrupted goes on with --resume. Shards\n"
          "run anywhere, side by side; merge puts them together, or prints which are missing; "
          "submit\n"
          "runs those that are, on a cluster (docs/cluster.md). The folder of a sweep that has\n"
          "begun may stand in place of its SPEC.json.",
      .options =
          {{"out", "DIR", "folder for the results, new or empty, or with --resume the one so far"},
           {"jobs", "J", "points at a time (default: one for each processor; submit: 1)"},
           {"explain", "", "print the axes, the number of points and an estimate; run nothing"},
           {"resume", "", "go on with what DIR holds; begin if it holds nothing"},
           {"shard", "I/K",
            "run part I of K only, every K-th point; slurm/K takes I from\n"
            "SLURM_ARRAY_TASK_ID"},
           {"engine", "ENGINE",
            "submit: slurm, an array job; parallel, GNU parallel, here or over\n"
            "ssh; local, processes side by side (default: as before)"},
           {"shards", "K",
            "submit: cut the sweep into K parts (default: by what a few points take)"},
           {"slurm-option", "OPTION",
            "submit: an option for sbatch, --slurm-option=--partition=short; repeatable", true},
           {"hosts", "FILE", "submit: machines for parallel, one a line (--sshloginfile)"},
           {"dry-run", "", "submit: write the script, run nothing"},
           {"db", "FILE", "write an SQLite database of points and layers, too"},
           {"yes", "", fmt::format("run more than {} points", "1,000,000")}},
      .examples =
          {"sweep sizes.json --explain", "sweep sizes.json --out sizes",
           "sweep sizes.json --out sizes --resume --db sizes.db",
           "sweep sizes.json --out sizes --shard 3/8", "sweep merge sizes",
           "sweep submit sizes.json --out sizes --engine slurm --slurm-option=--time=2:00:00",
           "sweep submit sizes"},
      .run = &run_sweep_command};
}

}  // namespace ridgeline::cli
