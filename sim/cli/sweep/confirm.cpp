#include "sim/cli/sweep/confirm.hpp"

#include <fmt/format.h>

#include "models/base/error.hpp"
#include "reports/report.hpp"
#include "sim/cli/output.hpp"
#include "sim/cli/sweep/point_evaluator.hpp"

namespace ridgeline::cli {
namespace {

/// A report of each format for each network of the point.
std::vector<OutputFile> reports_of(const SweepFolder& folder, const std::string& stem,
                                   const std::vector<RunStats>& runs) {
  std::vector<OutputFile> files;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string name = runs.size() == 1 ? stem : fmt::format("{}-{}", stem, i + 1);
    files.push_back({folder.path() / (name + ".html"), reports::render_html(runs[i])});
    files.push_back({folder.path() / (name + ".json"), reports::render_json(runs[i])});
  }
  return files;
}

}  // namespace

std::vector<ConfirmedPoint> confirm_points(const SweepFolder& folder, const SweepSpec& spec,
                                           const std::vector<PointRecord>& best) {
  std::vector<ConfirmedPoint> confirmed;
  PointWalker walker(spec);
  PointEvaluator simulator(/*analytic=*/false, /*layers=*/false);
  if (!best.empty()) make_folder(folder.path() / "best");
  for (const PointRecord& record : best) {
    ConfirmedPoint point{.point = record.point};
    try {
      (void)walker.go_to(record.point);
      SweepPoint resolved = walker.point();
      // Machines of the same base would share a name in their reports.
      resolved.arch.name = fmt::format("{}-point-{}", resolved.arch.name, record.point);
      const std::vector<RunStats> runs = simulator.run(resolved, /*savings=*/true);
      const std::string stem = fmt::format("best/{}", confirmed.size() + 1);
      const std::vector<OutputFile> files = reports_of(folder, stem, runs);
      write_files(files);
      point.link = stem + (runs.size() == 1 ? ".html" : "-1.html");
      point.result = sum_of(runs);
    } catch (const InfeasibleError& error) {
      point.failed = error.what();
    } catch (const SimulationError& error) {
      point.failed = error.what();
    }
    confirmed.push_back(std::move(point));
  }
  return confirmed;
}

}  // namespace ridgeline::cli
