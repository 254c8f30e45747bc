#include "reports/sweep/sweep_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/format.hpp"
#include "reports/markdown.hpp"
#include "reports/sweep/sweep_columns.hpp"

namespace ridgeline::reports {
namespace {

constexpr std::size_t kShownFront = 20, kShownBest = 5, kShownFailures = 5;

/// How a report looks: its headings, texts from outside and tables.
struct SummaryStyle {
  std::string (*text)(std::string_view);
  std::string (*table)(const Table&);
  std::string_view heading;  ///< before one
};
constexpr SummaryStyle kPlainStyle{printable, to_text, ""};
constexpr SummaryStyle kMarkdownStyle{markdown_text, to_markdown, "## "};

/// Each setting's key from that dot on from which no other is the same: "rows" for
/// "arch.pe_array.rows".
std::vector<std::string> short_keys(const SweepHeader& header) {
  const auto tail = [](std::string_view key, std::size_t from) {
    const std::size_t dot = from == 0 ? key.npos : key.rfind('.', from - 1);
    return dot == key.npos ? std::size_t{0} : dot + 1;
  };
  std::vector<std::string> keys;
  for (const SweepHeader::Column& column : header.columns) {
    const std::string_view key = column.key;
    std::size_t from = tail(key, key.size());
    const auto clashes = [&](const SweepHeader::Column& other) {
      const std::string ending = '.' + std::string(key.substr(from));
      return other.key != key && ('.' + other.key).ends_with(ending);
    };
    while (from > 0 && std::ranges::any_of(header.columns, clashes)) from = tail(key, from - 1);
    keys.emplace_back(key.substr(from));
  }
  return keys;
}

/// Columns of settings and of what every list of points says: the front's metrics first.
std::vector<Column> point_heads(const SweepHeader& header) {
  std::vector<Column> columns{{"point"}};
  const std::vector<std::string> keys = short_keys(header);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Align align = header.columns[i].numbers ? Align::right : Align::left;
    columns.push_back({printable(keys[i]), align});
  }
  for (const Metric metric : header.front) {
    columns.push_back({printable(metric_label(header, metric))});
  }
  columns.push_back({"utilization %"});
  return columns;
}

std::vector<std::string> point_cells(const SweepHeader& header, const PointRecord& record) {
  constexpr std::size_t kWidth = 40;
  std::vector<std::string> cells{fmt::format("{}", record.point)};
  for (const std::string& value : record.values) {
    cells.push_back(shortened(printable(value), kWidth));
  }
  for (const Metric metric : header.front) {
    cells.push_back(fmt::format("{:.6g}", metric_of(*record.result, metric)));
  }
  cells.push_back(percent(record.result->utilization, 1));
  return cells;
}

std::string counted(std::uint64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// Cells and headings as the style has texts from outside.
std::string styled(Table table, const SummaryStyle& style) {
  if (style.text == printable) return style.table(table);  // tables are printable as they are
  for (Column& column : table.columns) {
    const std::string group = column.group.empty() ? "" : column.group + ", ";
    column.header = style.text(group + column.header);
  }
  for (std::vector<std::string>& row : table.rows) {
    for (std::string& cell : row) cell = style.text(cell);
  }
  return style.table(table);
}

/// Whether engines may differ in it; the other metrics are counted.
bool is_timed(Metric metric) {
  return metric == Metric::latency || metric == Metric::energy || metric == Metric::edp;
}

void put_simulated_heads(Table& table, const SweepHeader& header) {
  for (const Metric metric : header.front) {
    if (!is_timed(metric)) continue;
    table.columns.push_back({printable(metric_label(header, metric)), Align::right, "simulated"});
    table.columns.push_back({"differs by %", Align::right, "simulated"});
  }
}

/// What the simulation measured of the point, or why it could not.
void put_simulated(std::vector<std::string>& cells, const ConfirmedPoint& confirmed,
                   const PointRecord& record, const SweepHeader& header) {
  if (!confirmed.result) return cells.push_back(printable(confirmed.failed));
  for (const Metric metric : header.front) {
    if (!is_timed(metric)) continue;
    const double figure = metric_of(*confirmed.result, metric);
    cells.push_back(fmt::format("{:.6g}", figure));
    cells.push_back(fmt::format("{:+.2f}", 100 * (figure / metric_of(*record.result, metric) - 1)));
  }
}

std::string front_section(const SweepSummary& summary, const SummaryStyle& style) {
  const std::uint64_t points = summary.front_points();
  std::string names;
  for (const Metric metric : summary.header().front) {
    names += names.empty() ? "" : ", ";
    names += style.text(metric_label(summary.header(), metric));
  }
  std::string text = fmt::format("\n{}Pareto front of {}\n\n", style.heading, names);
  text += styled(front_table(summary, kShownFront), style);
  const std::size_t costs = summary.front_costs().size();
  if (costs > kShownFront) text += fmt::format("\n{} more in front.csv\n", costs - kShownFront);
  if (points > costs) {
    text += fmt::format("\nThe front has {}, some of them of equal costs: the first is shown.\n",
                        counted(points, "point"));
  }
  return text;
}

std::string failure_section(const SweepSummary& summary, const SummaryStyle& style) {
  if (summary.failed() == 0) return "";
  std::string text = fmt::format("\n{}Why points failed\n\n", style.heading);
  Table table{.columns = {{"points"}, {"reason", Align::left}}};
  std::uint64_t rest = summary.failed();
  for (const Failure& failure : summary.failures()) {
    if (table.rows.size() == kShownFailures) break;
    table.rows.push_back({fmt::format("{}", failure.points), printable(failure.reason)});
    rest -= failure.points;
  }
  if (rest > 0) table.rows.push_back({fmt::format("{}", rest), "other reasons, in points.csv"});
  return text + styled(std::move(table), style);
}

std::string render_summary(const SweepSummary& summary, const SummaryStyle& style) {
  const SweepHeader& header = summary.header();
  std::string text = style.heading.empty() ? "" : "# ";
  text += style.text(header.name) + "\n\n";
  if (!header.summary.empty()) text += style.text(header.summary) + "\n\n";
  text +=
      fmt::format("{} of {}, {} axes, engine {}; {} failed\n", counted(summary.points(), "point"),
                  header.points, header.axes.size(), style.text(header.engine), summary.failed());
  text += failure_section(summary, style);
  if (summary.points() == summary.failed()) return text;
  text += front_section(summary, style);
  text += fmt::format("\n{}Best by {}\n\n", style.heading,
                      style.text(metric_label(header, header.front.front())));
  text += styled(best_table(summary, kShownBest), style);
  text += fmt::format("\n{}Sensitivity\n\n", style.heading);
  text += styled(sensitivity_table(summary), style);
  text +=
      "\nShare: of the variance of the metric's logarithm, what the axis alone explains. Spread: "
      "largest\nover smallest geometric mean of the metric, over the axis's values.\n";
  return text;
}

}  // namespace

std::string level_text(const SweepSummary& summary, std::size_t axis, std::size_t level) {
  std::string text;
  for (const std::string& value : summary.levels().values(axis, level)) {
    if (!text.empty()) text += "; ";
    text += value;
  }
  return text;
}

Table front_table(const SweepSummary& summary, std::size_t most) {
  Table table{.columns = point_heads(summary.header())};
  for (const FrontPoint& point : summary.front()) {
    if (table.rows.size() == most) break;
    table.rows.push_back(point_cells(summary.header(), point.record));
  }
  return table;
}

Table best_table(const SweepSummary& summary, std::size_t most) {
  const std::vector<ConfirmedPoint>& confirmed = summary.confirmed();
  Table table{.columns = point_heads(summary.header())};
  if (!confirmed.empty()) put_simulated_heads(table, summary.header());
  for (const PointRecord& record : summary.best()) {
    if (table.rows.size() == most) break;
    table.rows.push_back(point_cells(summary.header(), record));
    const auto found = std::ranges::find(confirmed, record.point, &ConfirmedPoint::point);
    if (found != confirmed.end())
      put_simulated(table.rows.back(), *found, record, summary.header());
    table.rows.back().resize(table.columns.size());
  }
  return table;
}

Table sensitivity_table(const SweepSummary& summary) {
  const SweepHeader& header = summary.header();
  Table table{.columns = {{"axis", Align::left}, {"values"}}};
  for (const Metric metric : header.front) {
    const std::string group = printable(metric_label(header, metric));
    table.columns.push_back({"share %", Align::right, group});
    table.columns.push_back({"spread", Align::right, group});
  }
  const std::vector<std::size_t> sizes = summary.levels().sizes();
  for (std::size_t axis = 0; axis < header.axes.size(); ++axis) {
    table.rows.push_back({printable(header.axes[axis]), fmt::format("{}", sizes[axis])});
  }
  for (const Sensitivity& metric : summary.sensitivity()) {
    const std::vector<AxisSensitivity> axes = metric.axes();
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
      table.rows[axis].push_back(percent(axes[axis].share, 1));
      table.rows[axis].push_back(fmt::format("{:.3g}x", axes[axis].spread));
    }
  }
  return table;
}

std::string summary_text(const SweepSummary& summary) {
  return render_summary(summary, kPlainStyle);
}

std::string summary_markdown(const SweepSummary& summary) {
  return render_summary(summary, kMarkdownStyle);
}

std::string sensitivity_csv(const SweepSummary& summary) {
  const SweepHeader& header = summary.header();
  const std::vector<std::string> names{"metric", "axis",   "share_of_variance", "spread",
                                       "value",  "points", "geometric_mean"};
  std::string text = csv_record(names);
  for (std::size_t i = 0; i < header.front.size(); ++i) {
    const std::vector<AxisSensitivity> axes = summary.sensitivity()[i].axes();
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
      for (std::size_t level = 0; level < axes[axis].levels.size(); ++level) {
        const AxisSensitivity::Level& one = axes[axis].levels[level];
        const std::vector<std::string> record{
            metric_column(header, header.front[i]),
            header.axes[axis],
            fmt::format("{}", axes[axis].share),
            fmt::format("{}", axes[axis].spread),
            level_text(summary, axis, level),
            fmt::format("{}", one.points),
            one.points == 0 ? "" : fmt::format("{}", one.geometric_mean)};
        text += csv_record(record);
      }
    }
  }
  return text;
}

}  // namespace ridgeline::reports
