#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "reports/sweep/sweep_html.hpp"
#include "tests/support/synthetic_sweep.hpp"

/// The page of POINTS points from all over a synthetic sweep, whose three best are simulated; of a
/// hundred or fewer with a front of three metrics: ridgeline_sweep_page POINTS FILE.
int main(int count, char** words) {
  using namespace ridgeline;
  if (count != 3) return 2;
  SweepHeader header = synthetic_sweep(std::strtoull(words[1], nullptr, 10), false);
  const std::uint64_t step = 100'000 / header.points;
  if (header.points <= 100) header.front.push_back(Metric::area);
  reports::SweepSummary summary(header);
  for (std::uint64_t i = 0; i < header.points; ++i) summary.add(synthetic_point(header, i * step));
  std::vector<ConfirmedPoint> confirmed;
  for (std::size_t i = 0; i < 3 && i < summary.best().size(); ++i) {
    const PointRecord& best = summary.best()[i];
    PointResult simulated = *best.result;
    simulated.latency = Microseconds(simulated.latency.count() * 1.01);
    confirmed.push_back({best.point, fmt::format("best/{}.html", i + 1), simulated, ""});
  }
  summary.confirm(std::move(confirmed));
  std::ofstream file(words[2], std::ios::binary);
  file << reports::sweep_html(summary);
  file.close();
  return file ? 0 : 1;
}
