#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/table.hpp"
#include "sim/cli/output.hpp"
#include "sim/cli/sweep/progress.hpp"
#include "sim/cli/sweep/sweep_steps.hpp"
#include "sim/cli/sweep/trial.hpp"

namespace ridgeline::cli {
namespace {

/// "8, 16, 32", or the first and the last of many.
std::string values_text(const Setting& setting) {
  constexpr std::size_t kShown = 8;
  std::vector<std::string> texts;
  for (const SettingValue& value : setting.values) texts.push_back(value.text);
  if (texts.size() <= kShown) return fmt::format("{}", fmt::join(texts, ", "));
  return fmt::format("{}, {}, {} … {}", texts[0], texts[1], texts[2], texts.back());
}

std::string axes_text(const SweepSpec& spec) {
  using reports::Align;
  reports::Table table{.columns = {{"axis", Align::left},
                                   {"values", Align::right},
                                   {"sets", Align::left},
                                   {"to", Align::left}}};
  for (const SweepAxis& axis : spec.axes) {
    for (const Setting& setting : axis.settings) {
      const bool first = &setting == &axis.settings.front();
      table.rows.push_back({first ? axis.name : "", first ? std::to_string(axis.size()) : "",
                            setting.key, values_text(setting)});
    }
  }
  return to_text(table);
}

std::string points_text(const SweepSpec& spec, const SweepSize& size) {
  std::string text = fmt::format("{} combinations", count_text(size.combinations));
  if (spec.sampling == Sampling::random) {
    text += fmt::format(", {} of them drawn at random", count_text(size.candidates));
  } else if (spec.sampling == Sampling::latin_hypercube) {
    text += fmt::format(", {} samples of a Latin hypercube", count_text(size.candidates));
  }
  text += fmt::format(": {}{} points", size.exact ? "" : "about ", count_text(size.points));
  return text + (spec.constraints.empty() ? "\n" : " that meet the constraints\n");
}

std::string size_text(double bytes) {
  if (bytes < 1e6) return fmt::format("{:.0f} kB", bytes / 1e3);
  if (bytes < 1e9) return fmt::format("{:.1f} MB", bytes / 1e6);
  return fmt::format("{:.1f} GB", bytes / 1e9);
}

}  // namespace

int explain_sweep(const LoadedSweep& sweep, const SweepSize& size, unsigned jobs) {
  std::string text = axes_text(sweep.spec) + "\n" + points_text(sweep.spec, size);
  const Trial trial = try_points(sweep, size);
  if (trial.points > 0) {
    const auto points = static_cast<double>(size.points);
    text += fmt::format("about {:.1f} ms a point ({} tried), with {} at a time: about {}\n",
                        trial.seconds_each * 1e3, trial.points, jobs,
                        duration_text(trial.seconds_each * points / jobs));
    text += fmt::format("about {} of records\n", size_text(trial.bytes_each * points));
  }
  if (!trial.failed.empty()) text += fmt::format("some points fail: {}\n", trial.failed);
  print(text);
  return 0;
}

}  // namespace ridgeline::cli
