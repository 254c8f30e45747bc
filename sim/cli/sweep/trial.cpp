#include "sim/cli/sweep/trial.hpp"

#include <algorithm>
#include <ctime>

#include "reports/sweep/record_json.hpp"
#include "sim/cli/sweep/point_evaluator.hpp"

namespace ridgeline::cli {

Trial try_points(const LoadedSweep& sweep, const SweepSize& size) {
  constexpr std::uint64_t kMostTried = 16;
  constexpr double kMostSeconds = 2;
  const SweepHeader header = header_of(sweep.spec, size.points);
  PointWalker walker(sweep.spec);
  PointEvaluator evaluator(sweep.spec.analytic, sweep.spec.layers);
  const std::uint64_t wanted = std::min(kMostTried, size.points);
  Trial trial;
  double seconds = 0;
  // The golden ratio spreads them without a pattern.
  constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15U;
  for (std::uint64_t i = 1; i <= 1000 * wanted && seconds < kMostSeconds; ++i) {
    __extension__ using Wide = unsigned __int128;
    const auto candidate = static_cast<std::uint64_t>(Wide{i * kStep} * size.candidates >> 64);
    if (!walker.go_to(candidate)) continue;
    // The first time a network is read and its weights are looked at, which is done once.
    if (trial.points == 0) (void)evaluator.evaluate(candidate, walker, sweep.spec);
    const std::clock_t start = std::clock();
    const PointRecord record = evaluator.evaluate(candidate, walker, sweep.spec);
    seconds += static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    trial.bytes_each += static_cast<double>(reports::to_json_line(header, record).size());
    if (!record.result) trial.failed = record.failed;
    if (++trial.points == static_cast<int>(wanted)) break;
  }
  if (trial.points > 0) {
    trial.seconds_each = seconds / trial.points;
    trial.bytes_each /= trial.points;
  }
  return trial;
}

}  // namespace ridgeline::cli
