#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "reports/sweep/record_json.hpp"
#include "sim/cli/sweep/point_evaluator.hpp"
#include "sim/cli/sweep/run_points.hpp"
#include "sim/cli/sweep/stop_flag.hpp"

namespace ridgeline::cli {
namespace {

/// What the threads share.
struct Work {
  const PointRun& run;
  const RecordSink& sink;
  const PointWalker start;              ///< each thread copies it: making one may take long
  std::atomic<std::uint64_t> next = 0;  ///< of the shard's candidates
  std::atomic<bool> stopped = false;
  std::mutex sink_lock{};
  std::exception_ptr problem{};  ///< of the sink; guarded by its lock
};

/// Neighbours at a time: they differ in the last axes only, so that going to them is cheap.
constexpr std::uint64_t kTaken = 8;

void deliver(Work& work, const PointRecord& record) {
  const std::string line = reports::to_json_line(work.run.header, record);
  const std::scoped_lock lock(work.sink_lock);
  if (work.problem) return;
  try {
    work.sink(line, !record.result);
  } catch (...) {
    work.problem = std::current_exception();
    work.stopped = true;
  }
}

void run_candidates(Work& work) {
  const PointRun& run = work.run;
  PointWalker walker = work.start;
  PointEvaluator evaluator(run.spec.analytic, run.spec.layers);
  for (;;) {
    const std::uint64_t begin = work.next.fetch_add(kTaken);
    for (std::uint64_t i = begin; i < begin + kTaken; ++i) {
      const std::uint64_t candidate = run.shard.first() + i * run.shard.count;
      if (candidate >= run.size.candidates) return;
      if (work.stopped || StopFlag::raised()) return;
      if (std::ranges::binary_search(run.done, candidate)) continue;
      if (walker.go_to(candidate)) {
        deliver(work, evaluator.evaluate(candidate, walker, run.spec));
      }
    }
  }
}

}  // namespace

void run_in_threads(const PointRun& run, const RecordSink& sink) {
  Work work{.run = run, .sink = sink, .start = PointWalker(run.spec)};
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < run.jobs; ++i) {
      threads.emplace_back([&] {
        try {
          run_candidates(work);
        } catch (...) {
          const std::scoped_lock lock(work.sink_lock);
          work.problem = std::current_exception();
          work.stopped = true;
        }
      });
    }
  }
  if (work.problem) std::rethrow_exception(work.problem);
}

}  // namespace ridgeline::cli
