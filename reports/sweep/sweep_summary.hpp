#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/sweep/metric.hpp"
#include "models/sweep/pareto.hpp"
#include "models/sweep/point_record.hpp"
#include "models/sweep/sensitivity.hpp"
#include "reports/sweep/axis_levels.hpp"

/// What is said of a whole sweep, gathered record by record in memory that does not grow with their
/// number.
namespace ridgeline::reports {

struct SummaryLimits {
  std::size_t rows = 100'000;  ///< points that the page shows
  std::size_t best = 10;
};

/// A point as the page has it.
struct SummaryRow {
  std::uint64_t point = 0;
  std::vector<std::uint32_t> levels{};            ///< of each axis (AxisLevels)
  std::array<double, kMetrics.size()> metrics{};  ///< in the order of kMetrics
  double utilization = 0;
};

/// A point of the Pareto front, and how many have the same costs; it is the first of them.
struct FrontPoint {
  PointRecord record{};  ///< without layers
  std::uint64_t points = 1;
};

/// Why points failed.
struct Failure {
  std::string reason{};
  std::uint64_t points = 0;
};

class SweepSummary {
 public:
  explicit SweepSummary(SweepHeader header, SummaryLimits limits = {});

  /// Points come in ascending order; then what follows depends on nothing but their set.
  /// @throws InputError for values that the sweep does not have
  void add(const PointRecord& record);

  [[nodiscard]] const SweepHeader& header() const { return header_; }
  [[nodiscard]] const AxisLevels& levels() const { return levels_; }
  [[nodiscard]] std::uint64_t points() const { return points_; }  ///< failed ones included
  [[nodiscard]] std::uint64_t failed() const { return failed_; }
  /// The most frequent first. Of more than a thousand different reasons, those that came first.
  [[nodiscard]] std::vector<Failure> failures() const;

  /// Ascending by the first of the front's metrics, then by the others.
  [[nodiscard]] std::vector<FrontPoint> front() const;
  /// Points on it, those of equal costs included.
  [[nodiscard]] std::uint64_t front_points() const;
  [[nodiscard]] std::set<std::vector<double>> front_costs() const;
  /// What the front weighs, in its order.
  [[nodiscard]] std::vector<double> costs(const PointResult& result) const;

  /// The best by the front's first metric; of equals those that came first. Without layers.
  [[nodiscard]] const std::vector<PointRecord>& best() const { return best_; }
  /// Some of them, in the same order, that were simulated.
  [[nodiscard]] const std::vector<ConfirmedPoint>& confirmed() const { return confirmed_; }
  void confirm(std::vector<ConfirmedPoint> points) { confirmed_ = std::move(points); }
  /// One for each metric of the front.
  [[nodiscard]] const std::vector<Sensitivity>& sensitivity() const { return sensitivity_; }

  /// Ascending: the first of each costs on the front, the best, and of all others as many as fit, a
  /// sample that depends on nothing but their numbers.
  [[nodiscard]] std::vector<SummaryRow> rows() const;

 private:
  void add_to_front(const PointRecord& record);
  void add_to_best(const PointRecord& record);
  void add_to_sample(const PointRecord& record, std::vector<std::uint32_t> levels);
  [[nodiscard]] SummaryRow row_of(const PointRecord& record,
                                  std::vector<std::uint32_t> levels) const;

  struct Sampled {
    std::uint64_t order = 0;  ///< hash of the number; the lowest stay
    SummaryRow row{};
    bool operator<(const Sampled& other) const {
      return std::pair(order, row.point) < std::pair(other.order, other.row.point);
    }
  };

  SweepHeader header_;
  SummaryLimits limits_;
  AxisLevels levels_;
  std::uint64_t points_ = 0, failed_ = 0;
  std::map<std::string, std::uint64_t> reasons_;
  ParetoFront front_;
  std::map<std::uint64_t, FrontPoint> front_records_;  ///< by point; some have left the front
  std::vector<PointRecord> best_;
  std::vector<ConfirmedPoint> confirmed_;
  std::vector<Sensitivity> sensitivity_;
  std::vector<Sampled> sample_;  ///< a heap
};

}  // namespace ridgeline::reports
