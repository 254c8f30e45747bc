#include <fmt/format.h>

#include <chrono>

#include "reports/format.hpp"
#include "sim/cli/output.hpp"
#include "sim/cli/sweep/point_log.hpp"
#include "sim/cli/sweep/progress.hpp"
#include "sim/cli/sweep/run_points.hpp"
#include "sim/cli/sweep/stop_flag.hpp"
#include "sim/cli/sweep/sweep_steps.hpp"

namespace ridgeline::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// Points of the shard, if they can be counted quickly: about as many as its share.
std::uint64_t share_of(const SweepSize& size, const Shard& shard) {
  return size.points / shard.count + (shard.index <= size.points % shard.count ? 1 : 0);
}

/// Appends records, and makes the disk keep up with them every few seconds.
class Recorder {
 public:
  Recorder(PointLog& log, std::uint64_t points) : log_(log), progress_(points, log.done().size()) {}

  void take(std::string_view line, bool failed) {
    log_.append(line);
    progress_.add(failed);
    constexpr auto kBetweenSyncs = std::chrono::seconds(5);
    if (const Clock::time_point now = Clock::now(); now - synced_ > kBetweenSyncs) {
      log_.sync();
      synced_ = now;
    }
  }
  [[nodiscard]] const Progress& progress() const { return progress_; }

 private:
  PointLog& log_;
  Progress progress_;
  Clock::time_point synced_ = Clock::now();
};

void refuse_to_repeat(const SweepFolder& folder) {
  fail(reports::printable(folder.path().string()), "holds results of this sweep already",
       "--resume to go on with them, or another --out");
}

std::string shard_text(const Shard& shard) {
  return shard.count == 1 ? "" : fmt::format("shard {} of {}: ", shard.index, shard.count);
}

}  // namespace

int run_sweep(const LoadedSweep& sweep, const SweepSize& size, const SweepRun& run) {
  run.folder.begin({.specification = sweep.source,
                    .digest = sweep.spec.digest,
                    .size = size,
                    .shards = run.shard.count});
  PointLog log(run.folder.log(run.shard));
  const bool complete = run.folder.done_points(run.shard) == log.done().size();
  if (!run.resume && (!log.done().empty() || complete)) refuse_to_repeat(run.folder);
  std::uint64_t done = log.done().size(), failed = log.failed_before();
  if (!complete) {
    const StopFlag flag;
    const SweepHeader header = header_of(sweep.spec, size.points);
    const PointRun points{.spec = sweep.spec,
                          .header = header,
                          .size = size,
                          .shard = run.shard,
                          .done = log.done(),
                          .jobs = run.jobs};
    Recorder recorder(log, share_of(size, run.shard));
    const RecordSink sink = [&](std::string_view line, bool is_failed) {
      recorder.take(line, is_failed);
    };
    sweep.spec.analytic ? run_in_threads(points, sink) : run_in_processes(points, sink);
    log.sync();
    done = recorder.progress().done();
    failed += recorder.progress().failed();
    if (StopFlag::raised()) {
      say(fmt::format("{}stopped after {} of {} points; the same command with --resume goes on",
                      shard_text(run.shard), count_text(done),
                      count_text(share_of(size, run.shard))));
      return kInterrupted;
    }
    run.folder.mark_done(run.shard, done);
  }
  if (run.shard.count == 1) return merge_sweep(run.folder, run.database);
  say(fmt::format("{}{} points, {} failed", shard_text(run.shard), count_text(done),
                  count_text(failed)));
  return 0;
}

}  // namespace ridgeline::cli
