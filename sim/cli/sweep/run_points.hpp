#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "models/sweep/point_record.hpp"
#include "models/sweep/sweep_plan.hpp"
#include "sim/cli/sweep/sweep_folder.hpp"

/// Runs the points of a shard side by side and hands over their records as they come.
namespace ridgeline::cli {

struct PointRun {
  const SweepSpec& spec;
  const SweepHeader& header;
  SweepSize size{};
  Shard shard{};
  std::span<const std::uint64_t> done{};  ///< candidates that are not to be run, ascending
  unsigned jobs = 1;
};

/// Takes one record at a time, as a line of JSON, in no particular order, on any thread.
using RecordSink = std::function<void(std::string_view line, bool failed)>;

/// On threads, which share nothing but the next candidate: for the analytic engine. Ends early,
/// with what is under way finished, when StopFlag is raised.
/// @throws what the sink throws
void run_in_threads(const PointRun& run, const RecordSink& sink);

/// In processes, as each has one simulated machine. One that dies fails its point and is replaced.
/// No other thread may run. @throws InputError if no process can be made, and what the sink throws
void run_in_processes(const PointRun& run, const RecordSink& sink);

}  // namespace ridgeline::cli
