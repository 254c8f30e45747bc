#include <fmt/format.h>

#include <algorithm>

#include "reports/format.hpp"
#include "reports/sweep/sweep_tables.hpp"
#include "sim/cli/output.hpp"
#include "sim/cli/staged_files.hpp"
#include "sim/cli/sweep/confirm.hpp"
#include "sim/cli/sweep/record_index.hpp"
#include "sim/cli/sweep/results.hpp"
#include "sim/cli/sweep/shard_list.hpp"
#include "sim/cli/sweep/submit_script.hpp"
#include "sim/cli/sweep/sweep_steps.hpp"

namespace ridgeline::cli {
int merge_sweep(const SweepFolder& folder, const std::optional<std::filesystem::path>& database) {
  const SweepManifest manifest = folder.manifest();
  const LoadedSweep sweep = load_sweep(manifest.specification);
  const std::string shown = reports::printable(folder.path().string());
  if (sweep.spec.digest != manifest.digest) {
    fail(shown,
         "what the sweep names (architectures, networks, energy tables) has changed since it began",
         "the files as they were, or a new sweep");
  }
  const RecordIndex index(folder, manifest.shards);
  const std::vector<std::uint64_t> missing = missing_shards(folder, index);
  if (!missing.empty()) {
    say(fmt::format("{}: {} of {} shards are not complete; `ridgeline sweep submit {}` runs them",
                    shown, missing.size(), manifest.shards,
                    reports::printable(shell_quoted(folder.path().native()))));
    print(fmt::format("--array={}\n", array_list(missing)));
    return 1;
  }
  const Descriptor lock = folder.lock_results();
  remove_leftovers(folder.path());
  remove_leftovers(folder.file("best"));
  const SweepHeader header = header_of(sweep.spec, index.size());
  const auto confirmed = static_cast<std::size_t>(sweep.spec.confirm);
  const auto confirm = [&](std::vector<PointRecord> best) {
    best.resize(std::min(best.size(), confirmed));
    return confirm_points(folder, sweep.spec, best);
  };
  const reports::SweepSummary summary = write_results(
      folder.path(), header,
      [&](const std::function<void(const PointRecord&)>& visit) { index.visit(header, visit); },
      {.database = database,
       .confirm = confirm,
       .best = std::max(confirmed, reports::SummaryLimits{}.best)});
  print(reports::summary_text(summary));
  say(fmt::format("wrote {}", reports::printable(folder.file("sweep.html").string())));
  return 0;
}

}  // namespace ridgeline::cli
