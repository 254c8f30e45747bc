#include "sim/cli/sweep/results.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <string>

#include "reports/sweep/sweep_csv.hpp"
#include "reports/sweep/sweep_tables.hpp"
#include "sim/cli/staged_files.hpp"
#include "sim/cli/sweep/database.hpp"

namespace ridgeline::cli {
namespace {

/// The files that have a row for each point or layer.
class ResultRows {
 public:
  ResultRows(StagedFiles& files, const std::filesystem::path& folder, const SweepHeader& header,
             const std::optional<std::filesystem::path>& database)
      : point_csv_(header),
        layer_csv_(header),
        points_(files.add(folder / "points.csv")),
        front_(files.add(folder / "front.csv")) {
    points_.write(point_csv_.header());
    front_.write(point_csv_.header());
    if (header.layers) {
      layers_ = &files.add(folder / "layers.csv");
      layers_->write(layer_csv_.header());
    }
    if (database) {
      database_ = std::make_unique<SweepDatabase>(files.add(*database), *database, header);
    }
  }

  void add(const PointRecord& record) {
    row_.clear();
    point_csv_.put_row(row_, record);
    points_.write(row_);
    if (layers_ != nullptr) {
      row_.clear();
      layer_csv_.put_rows(row_, record);
      layers_->write(row_);
    }
    if (database_) database_->add(record);
  }
  void add_to_front(const PointRecord& record) {
    row_.clear();
    point_csv_.put_row(row_, record);
    front_.write(row_);
    if (database_) database_->add_to_front(record.point);
  }
  void finish(const reports::SweepSummary& summary) {
    if (database_) database_->finish(summary);
  }

 private:
  reports::PointCsv point_csv_;
  reports::LayerCsv layer_csv_;
  StagedFile& points_;
  StagedFile& front_;
  StagedFile* layers_ = nullptr;
  std::unique_ptr<SweepDatabase> database_{};
  std::string row_{};
};

/// The summary keeps one point of each costs; where several have the same, records are read again.
void add_front(ResultRows& rows, const reports::SweepSummary& summary,
               const RecordVisitor& for_each_record) {
  std::map<std::uint64_t, const PointRecord*> firsts;  // in the order of points.csv
  const std::vector<reports::FrontPoint> front = summary.front();
  for (const reports::FrontPoint& one : front) firsts.emplace(one.record.point, &one.record);
  if (summary.front_points() == front.size()) {
    for (const auto& [point, record] : firsts) rows.add_to_front(*record);
    return;
  }
  const std::set<std::vector<double>> costs = summary.front_costs();
  for_each_record([&](const PointRecord& record) {
    if (record.result && costs.contains(summary.costs(*record.result))) rows.add_to_front(record);
  });
}

/// The best points with what the simulation measured in place of their figures.
std::string confirmed_csv(const reports::SweepSummary& summary) {
  const reports::PointCsv csv(summary.header());
  std::string text = csv.header();
  for (const ConfirmedPoint& confirmed : summary.confirmed()) {
    PointRecord record = *std::ranges::find(summary.best(), confirmed.point, &PointRecord::point);
    record.result = confirmed.result;
    record.failed = confirmed.failed;
    csv.put_row(text, record);
  }
  return text;
}

}  // namespace

reports::SweepSummary write_results(const std::filesystem::path& folder, const SweepHeader& header,
                                    const RecordVisitor& for_each_record,
                                    const ResultOptions& options) {
  StagedFiles files;
  reports::SweepSummary summary(header, {.best = options.best});
  ResultRows rows(files, folder, header, options.database);
  for_each_record([&](const PointRecord& record) {
    summary.add(record);
    rows.add(record);
  });
  add_front(rows, summary, for_each_record);
  rows.finish(summary);
  if (options.confirm) summary.confirm(options.confirm(summary.best()));
  if (!summary.confirmed().empty()) {
    files.add(folder / "confirmed.csv").write(confirmed_csv(summary));
  }
  files.add(folder / "sensitivity.csv").write(reports::sensitivity_csv(summary));
  files.add(folder / "summary.txt").write(reports::summary_text(summary));
  files.add(folder / "summary.md").write(reports::summary_markdown(summary));
  files.add(folder / "sweep.html").write(reports::sweep_html(summary));
  files.commit();
  return summary;
}

}  // namespace ridgeline::cli
