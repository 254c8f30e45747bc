#include "reports/sweep/sweep_html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>

#include "reports/html.hpp"
#include "reports/run_text.hpp"
#include "reports/sweep/sweep_columns.hpp"
#include "reports/sweep/sweep_tables.hpp"

namespace ridgeline::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kShownReasons = 10;

/// The points as columns, "name":[...]; one that is the same everywhere is a number. Written by
/// hand, as a tree of a million numbers would take more room than all else.
class ColumnText {
 public:
  explicit ColumnText(const std::vector<SummaryRow>& rows) : rows_(rows) {}

  /// `value` gives what fmt can print with `format`.
  template <class Value>
  void put(fmt::string_view format, Value value) {
    if (text_.back() != '[' && text_.back() != '{' && text_.back() != ':') text_ += ',';
    const auto same = [&](const SummaryRow& row) { return value(row) == value(rows_.front()); };
    const auto out = std::back_inserter(text_);
    if (!rows_.empty() && std::ranges::all_of(rows_, same)) {
      fmt::format_to(out, fmt::runtime(format), value(rows_.front()));
      return;
    }
    text_ += '[';
    for (const SummaryRow& row : rows_) {
      fmt::format_to(out, fmt::runtime(format), value(row));
      text_ += ',';
    }
    close(']');
  }
  void open(std::string_view name, std::string_view bracket = "") {
    text_ += text_.back() == '{' ? "\"" : ",\"";
    text_ += name;
    text_ += "\":";
    text_ += bracket;
  }
  void close(char bracket) {
    if (text_.back() == ',') {
      text_.back() = bracket;
    } else {
      text_ += bracket;
    }
  }
  [[nodiscard]] std::string take() {
    close('}');
    return std::move(text_);
  }

 private:
  const std::vector<SummaryRow>& rows_;
  std::string text_ = "{";
};

std::string points_text(const SweepSummary& summary, const std::vector<SummaryRow>& rows) {
  ColumnText text(rows);
  text.open("point");
  text.put("{}", [](const SummaryRow& row) { return row.point; });
  text.open("levels", "[");
  for (std::size_t axis = 0; axis < summary.header().axes.size(); ++axis) {
    text.put("{}", [&](const SummaryRow& row) { return row.levels[axis]; });
  }
  text.close(']');
  text.open("metrics", "[");
  for (std::size_t i = 0; i < kMetrics.size(); ++i) {
    text.put("{:.6g}", [&](const SummaryRow& row) { return row.metrics[i]; });
  }
  text.close(']');
  text.open("utilization");
  text.put("{:.6g}", [](const SummaryRow& row) { return row.utilization; });
  return text.take();
}

Json axes_json(const SweepSummary& summary) {
  const SweepHeader& header = summary.header();
  const std::vector<std::size_t> sizes = summary.levels().sizes();
  Json axes = Json::array();
  for (std::size_t axis = 0; axis < header.axes.size(); ++axis) {
    Json keys = Json::array(), levels = Json::array();
    const std::vector<std::size_t>& columns = summary.levels().columns(axis);
    for (const std::size_t column : columns) {
      keys.push_back(header.columns[column].key);
    }
    for (std::size_t level = 0; level < sizes[axis]; ++level) {
      levels.push_back(level_text(summary, axis, level));
    }
    axes.push_back({{"name", header.axes[axis]},
                    {"keys", std::move(keys)},
                    {"numbers", columns.size() == 1 && header.columns[columns.front()].numbers},
                    {"levels", std::move(levels)}});
  }
  return axes;
}

Json sensitivity_json(const SweepSummary& summary) {
  Json metrics = Json::array();
  for (const Sensitivity& metric : summary.sensitivity()) {
    Json axes = Json::array();
    for (const AxisSensitivity& axis : metric.axes()) {
      Json means = Json::array();
      for (const AxisSensitivity::Level& level : axis.levels) means.push_back(level.geometric_mean);
      axes.push_back({{"share", axis.share}, {"spread", axis.spread}, {"means", std::move(means)}});
    }
    metrics.push_back(std::move(axes));
  }
  return metrics;
}

/// Figures of a point as the simulation has them, in the order of kMetrics; null if it has none.
Json simulated_json(const std::optional<PointResult>& result) {
  if (!result) return nullptr;
  Json figures = Json::array();
  for (const MetricName& metric : kMetrics) figures.push_back(metric_of(*result, metric.metric));
  return figures;
}

Json best_json(const SweepSummary& summary, const PointRecord& record) {
  const auto& confirmed = summary.confirmed();
  const auto found = std::ranges::find(confirmed, record.point, &ConfirmedPoint::point);
  if (found == confirmed.end()) return {{"point", record.point}, {"report", ""}};
  return {{"point", record.point},
          {"report", found->link},
          {"simulated", simulated_json(found->result)}};
}

Json lists_json(const SweepSummary& summary) {
  Json front = Json::array(), best = Json::array(), failures = Json::array();
  for (const FrontPoint& one : summary.front()) front.push_back(one.record.point);
  for (const PointRecord& record : summary.best()) {
    best.push_back(best_json(summary, record));
  }
  for (const Failure& failure : summary.failures()) {
    if (failures.size() == kShownReasons) break;
    failures.push_back({{"points", failure.points}, {"reason", failure.reason}});
  }
  return {{"front_rows", std::move(front)},
          {"best", std::move(best)},
          {"failures", std::move(failures)}};
}

Json sweep_json(const SweepSummary& summary, std::size_t rows) {
  const SweepHeader& header = summary.header();
  Json metrics = Json::array(), front = Json::array();
  for (const MetricName& metric : kMetrics) {
    metrics.push_back({{"name", metric.name}, {"label", metric_label(header, metric.metric)}});
  }
  for (const Metric metric : header.front) {
    front.push_back(std::ranges::find(kMetrics, metric, &MetricName::metric) - kMetrics.begin());
  }
  Json json{{"name", header.name},
            {"summary", header.summary},
            {"engine", header.engine},
            {"energy_unit", energy_unit_text(header.energy_unit)},
            {"points", header.points},
            {"rows", rows},
            {"done", summary.points()},
            {"failed", summary.failed()},
            {"front_points", summary.front_points()},
            {"axes", axes_json(summary)},
            {"metrics", std::move(metrics)},
            {"front", std::move(front)},
            {"sensitivity", sensitivity_json(summary)}};
  json.update(lists_json(summary));
  return json;
}

}  // namespace

std::string sweep_html(const SweepSummary& summary) {
  const std::vector<SummaryRow> rows = summary.rows();
  const Json sweep = sweep_json(summary, rows.size());
  const std::array<PageText, 2> texts{
      {packed_text({"sweep", sweep}), {"points", points_text(summary, rows)}}};
  return html_page(sweep_html_template(), summary.header().name, texts);
}

}  // namespace ridgeline::reports
