#include "reports/sweep/sweep_summary.hpp"

#include <algorithm>

#include "models/numeric/random.hpp"

namespace ridgeline::reports {
namespace {

constexpr std::size_t kMostReasons = 1000;

PointRecord without_layers(const PointRecord& record) {
  return {
      .point = record.point, .key = record.key, .values = record.values, .result = record.result};
}

}  // namespace

SweepSummary::SweepSummary(SweepHeader header, SummaryLimits limits)
    : header_(std::move(header)),
      limits_(limits),
      levels_(header_),
      sensitivity_(header_.front.size(), Sensitivity(levels_.sizes())) {}

std::vector<double> SweepSummary::costs(const PointResult& result) const {
  std::vector<double> costs;
  for (const Metric metric : header_.front) costs.push_back(metric_of(result, metric));
  return costs;
}

void SweepSummary::add(const PointRecord& record) {
  ++points_;
  if (!record.result) {
    ++failed_;
    const auto found = reasons_.find(record.failed);
    if (found != reasons_.end()) {
      ++found->second;
    } else if (reasons_.size() < kMostReasons) {
      reasons_.emplace(record.failed, 1);
    }
    return;
  }
  std::vector<std::uint32_t> levels = levels_.of(record);
  for (std::size_t i = 0; i < sensitivity_.size(); ++i) {
    sensitivity_[i].add(levels, metric_of(*record.result, header_.front[i]));
  }
  add_to_front(record);
  add_to_best(record);
  add_to_sample(record, std::move(levels));
}

void SweepSummary::add_to_front(const PointRecord& record) {
  std::vector<double> costs = this->costs(*record.result);
  const std::vector<ParetoFront::Member>& members = front_.members();
  const auto equal = std::ranges::find(members, costs, &ParetoFront::Member::costs);
  if (equal != members.end()) {
    ++front_records_.at(equal->id).points;
    return;
  }
  front_.add(record.point, std::move(costs));
  if (members.empty() || members.back().id != record.point) return;
  front_records_.emplace(record.point, FrontPoint{without_layers(record)});
  // Those that have left go now and then, as looking for them takes time.
  constexpr std::size_t kSpare = 64;
  if (front_records_.size() <= 2 * members.size() + kSpare) return;
  std::set<std::uint64_t> stay;
  for (const ParetoFront::Member& member : members) stay.insert(member.id);
  std::erase_if(front_records_, [&](const auto& entry) { return !stay.contains(entry.first); });
}

void SweepSummary::add_to_best(const PointRecord& record) {
  const auto cost = [&](const PointRecord& one) {
    return metric_of(*one.result, header_.front.front());
  };
  const auto place = std::ranges::upper_bound(best_, cost(record), {}, cost);
  if (place == best_.end() && best_.size() == limits_.best) return;
  best_.insert(place, without_layers(record));
  if (best_.size() > limits_.best) best_.pop_back();
}

void SweepSummary::add_to_sample(const PointRecord& record, std::vector<std::uint32_t> levels) {
  const std::uint64_t order = SplitMix64(record.point)();
  if (sample_.size() == limits_.rows) {
    if (limits_.rows == 0 || sample_.front().order <= order) return;
    std::ranges::pop_heap(sample_, std::less<>());
    sample_.pop_back();
  }
  sample_.push_back({order, row_of(record, std::move(levels))});
  std::ranges::push_heap(sample_, std::less<>());
}

SummaryRow SweepSummary::row_of(const PointRecord& record,
                                std::vector<std::uint32_t> levels) const {
  SummaryRow row{.point = record.point,
                 .levels = std::move(levels),
                 .utilization = record.result->utilization};
  for (std::size_t i = 0; i < kMetrics.size(); ++i) {
    row.metrics[i] = metric_of(*record.result, kMetrics[i].metric);
  }
  return row;
}

std::vector<Failure> SweepSummary::failures() const {
  std::vector<Failure> failures;
  for (const auto& [reason, points] : reasons_) failures.push_back({reason, points});
  std::ranges::stable_sort(failures, std::greater<>(), &Failure::points);
  return failures;
}

std::vector<FrontPoint> SweepSummary::front() const {
  std::vector<ParetoFront::Member> members = front_.members();
  std::ranges::sort(members, {}, &ParetoFront::Member::costs);
  std::vector<FrontPoint> front;
  for (const ParetoFront::Member& member : members) front.push_back(front_records_.at(member.id));
  return front;
}

std::uint64_t SweepSummary::front_points() const {
  std::uint64_t points = 0;
  for (const ParetoFront::Member& member : front_.members()) {
    points += front_records_.at(member.id).points;
  }
  return points;
}

std::set<std::vector<double>> SweepSummary::front_costs() const {
  std::set<std::vector<double>> costs;
  for (const ParetoFront::Member& member : front_.members()) costs.insert(member.costs);
  return costs;
}

std::vector<SummaryRow> SweepSummary::rows() const {
  std::map<std::uint64_t, SummaryRow> rows;
  const auto put = [&](const PointRecord& record) {
    rows.try_emplace(record.point, row_of(record, levels_.of(record)));
  };
  for (const FrontPoint& one : front()) put(one.record);
  for (const PointRecord& record : best_) put(record);
  std::vector<const Sampled*> sample;
  for (const Sampled& one : sample_) sample.push_back(&one);
  std::ranges::sort(sample, {}, [](const Sampled* one) { return one->order; });
  for (const Sampled* one : sample) {
    if (rows.size() >= limits_.rows) break;
    rows.try_emplace(one->row.point, one->row);
  }
  std::vector<SummaryRow> list;
  for (auto& [point, row] : rows) list.push_back(std::move(row));
  return list;
}

}  // namespace ridgeline::reports
