#include "reports/reproduction.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "models/base/grouped.hpp"
#include "reports/format.hpp"

namespace ridgeline::reports {

Verdict verdict_of(const Figure& figure) {
  if (figure.recalled) return Verdict::recalled;
  if (!figure.tolerance) return Verdict::not_judged;
  const double allowed =
      figure.tolerance->absolute + figure.tolerance->relative * std::abs(figure.published);
  // Written so that a figure that is no number misses.
  return std::abs(figure.ours - figure.published) <= allowed ? Verdict::pass : Verdict::miss;
}

std::optional<double> relative_difference(const Figure& figure) {
  if (figure.published == 0) return std::nullopt;
  return (figure.ours - figure.published) / std::abs(figure.published);
}

ReproductionCounts counts_of(std::span<const Figure> figures) {
  ReproductionCounts counts;
  for (const Figure& figure : figures) {
    switch (verdict_of(figure)) {
      case Verdict::pass:
        ++counts.passed;
        break;
      case Verdict::miss:
        ++counts.missed;
        break;
      case Verdict::not_judged:
        ++counts.not_judged;
        break;
      case Verdict::recalled:
        ++counts.recalled;
        break;
    }
  }
  return counts;
}

std::string figure_text(double value) {
  constexpr double kExact = 9007199254740992;  // 2^53: whole numbers up to here are exact
  if (value == std::floor(value) && std::abs(value) < kExact) {
    return grouped(static_cast<std::int64_t>(value));
  }
  return fmt::format("{:.6g}", value);
}

std::string difference_text(const Figure& f) {
  if (f.ours == f.published) return "0";
  const std::optional<double> relative = relative_difference(f);
  if (!relative) return fmt::format("{:+.6g}", f.ours - f.published);
  const double percents = 100 * *relative;
  constexpr double kSmallest = 0.005;  // rounds to 0.01
  return std::abs(percents) < kSmallest ? fmt::format("{:+.1g} %", percents)
                                        : fmt::format("{:+.2f} %", percents);
}

std::string tolerance_text(const Figure& f) {
  if (!f.tolerance) return "";
  const Tolerance& t = *f.tolerance;
  if (t == Tolerance()) return "exact";
  const std::string relative = fmt::format("{:.6g} %", 100 * t.relative);
  const std::string absolute = fmt::format("{:.6g}", t.absolute);
  if (t.absolute == 0) return relative;
  return t.relative == 0 ? absolute : relative + " + " + absolute;
}

std::string verdict_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "ok";
    case Verdict::miss:
      return "MISSED";
    case Verdict::recalled:
      return "recalled";
    case Verdict::not_judged:
      break;
  }
  return "";
}

std::string name_text(const Figure& f) {
  return printable(fmt::format("{}", fmt::join(f.what, ", ")));
}

std::string cell_text(const Section::Cell& cell) {
  if (const auto* number = std::get_if<Section::Number>(&cell))
    return fmt::format("{:.{}f}", number->value, number->decimals);
  return printable(std::get<std::string>(cell));
}

std::vector<std::string> misses_of(const Reproduction& reproduction) {
  std::vector<std::string> misses;
  for (const Figure& f : reproduction.figures) {
    if (verdict_of(f) != Verdict::miss) continue;
    misses.push_back(fmt::format("{}: {}: {} published, {} ours ({}), tolerance {}",
                                 reproduction.name, name_text(f), figure_text(f.published),
                                 figure_text(f.ours), difference_text(f), tolerance_text(f)));
  }
  return misses;
}

const std::vector<ReproductionFormat>& reproduction_formats() {
  static const std::vector<ReproductionFormat> all{
      {"text", "txt", "aligned tables", &reproductions_text},
      {"md", "md", "Markdown tables", &reproductions_markdown},
      {"json", "json", "schema ridgeline.reproduction/1, every row", &reproductions_json},
      {"csv", "csv", "a row a figure, every row", &reproductions_csv}};
  return all;
}

}  // namespace ridgeline::reports
