#include "sim/cli/sweep/sweep_request.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <cstdlib>

#include "models/arch/architecture_json.hpp"
#include "models/base/digest.hpp"
#include "models/base/text.hpp"
#include "reports/format.hpp"
#include "sim/cli/configs.hpp"
#include "sim/cli/sweep/progress.hpp"

namespace ridgeline::cli {
namespace {

constexpr std::size_t kLargestSpecification = std::size_t{16} << 20;
constexpr std::size_t kLargestNetwork = std::size_t{2047} << 20;
constexpr std::uint64_t kMostJobs = 1024;

std::uint64_t network_digest(const std::string& name) {
  (void)load_network(name);
  if (!name.ends_with(".json") && !name.ends_with(".onnx")) return 0;
  Digest digest;
  digest.add(read_input_file(name, kLargestNetwork).text);
  return digest.value();
}

SweepLookup program_lookup() {
  return {.architecture = &load_architecture,
          .network = &network_digest,
          .fields = {.architecture = {}, .energy_table = &energy_table_source}};
}

}  // namespace

LoadedSweep load_sweep(SourceText source) {
  SweepSpec spec = parse_sweep_spec(source, program_lookup());
  return {std::move(source), std::move(spec)};
}

LoadedSweep load_sweep(const std::string& path) {
  SourceText source = read_input_file(path, kLargestSpecification);
  source.path = reports::printable(source.path);
  return load_sweep(std::move(source));
}

unsigned processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
}

unsigned read_jobs(const Arguments& arguments) {
  if (!arguments.has("jobs")) return processors();
  return static_cast<unsigned>(whole_number("--jobs", arguments.value("jobs"), 1, kMostJobs));
}

Shard read_shard(const Arguments& arguments) {
  if (!arguments.has("shard")) return {};
  const std::string text = arguments.value("shard");
  const std::size_t slash = text.find('/');
  const std::string index = text.substr(0, slash);
  const std::string count = slash == std::string::npos ? "" : text.substr(slash + 1);
  Shard shard;
  const auto total = parse_number<std::uint64_t>(count);
  if (!total || *total < 1 || *total > kMostShards) {
    fail("--shard", in_quotes(text) + " names no shard",
         fmt::format("I/K, shard I of K, with K from 1 to {} and I from 1 to K; slurm/K takes I "
                     "from SLURM_ARRAY_TASK_ID",
                     kMostShards));
  }
  shard.count = *total;
  const char* const task = std::getenv("SLURM_ARRAY_TASK_ID");
  if (index == "slurm" && task == nullptr) {
    fail("--shard", "SLURM_ARRAY_TASK_ID is not set: this is no task of an array job", "I/K");
  }
  const std::string number = index == "slurm" ? task : index;
  const auto i = parse_number<std::uint64_t>(number);
  if (!i || *i < 1 || *i > shard.count) {
    fail(index == "slurm" ? "SLURM_ARRAY_TASK_ID" : "--shard",
         in_quotes(number) + " is no shard of " + count, fmt::format("1 to {}", shard.count));
  }
  shard.index = *i;
  return shard;
}

void check_size(const Arguments& arguments, const LoadedSweep& sweep, const SweepSize& size) {
  if (size.points <= kManyPoints || arguments.has("yes")) return;
  fail(sweep.source.path,
       fmt::format("has {}{} points", size.exact ? "" : "about ", count_text(size.points)),
       fmt::format("up to {} without --yes; \"sample\" takes a part of them",
                   count_text(kManyPoints)));
}

}  // namespace ridgeline::cli
