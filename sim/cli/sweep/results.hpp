#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "models/sweep/point_record.hpp"
#include "reports/sweep/sweep_html.hpp"
#include "reports/sweep/sweep_summary.hpp"

/// What a sweep's records add up to, as files in its folder:
///   points.csv        a row a point, failed ones too
///   layers.csv        a row a layer, if the sweep keeps them
///   front.csv         rows of points.csv that are on the Pareto front
///   sensitivity.csv   what each axis matters to each metric of the front
///   confirmed.csv     the best points as simulated, in the columns of points.csv, if any were
///   summary.txt, summary.md, sweep.html
namespace ridgeline::cli {

/// Calls its argument for each record in ascending order of points; it can be asked again.
using RecordVisitor = std::function<void(const std::function<void(const PointRecord&)>&)>;

struct ResultOptions {
  std::optional<std::filesystem::path> database{};  ///< an SQLite database, too (database.hpp)
  /// Called when all records have been seen and before any file has its name: simulates the best
  /// points, or some of them.
  std::function<std::vector<ConfirmedPoint>(const std::vector<PointRecord>& best)> confirm{};
  std::size_t best = reports::SummaryLimits{}.best;  ///< points that are among the best
};

/// Writes all files, or none, in memory that does not grow with the number of records.
/// @return the summary, for whoever prints it
/// @throws InputError if a file cannot be written
reports::SweepSummary write_results(const std::filesystem::path& folder, const SweepHeader& header,
                                    const RecordVisitor& for_each_record,
                                    const ResultOptions& options = {});

}  // namespace ridgeline::cli
