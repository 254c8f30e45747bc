#include "models/sweep/sensitivity.hpp"

#include <algorithm>
#include <cmath>

namespace ridgeline {

void Sensitivity::Moments::add(double value) {
  ++count;
  const double before = value - mean;
  mean += before / static_cast<double>(count);
  squares += before * (value - mean);
}

Sensitivity::Sensitivity(std::span<const std::size_t> levels) {
  for (const std::size_t count : levels) axes_.emplace_back(count);
}

void Sensitivity::add(std::span<const std::uint32_t> levels, double metric) {
  if (!(metric > 0)) {
    ++left_out_;
    return;
  }
  const double value = std::log(metric);
  all_.add(value);
  for (std::size_t i = 0; i < axes_.size(); ++i) axes_[i][levels[i]].add(value);
}

std::vector<AxisSensitivity> Sensitivity::axes() const {
  // Below this, deviations are those of rounding: the metric is the same everywhere.
  const double rounding = 1e-24 * static_cast<double>(all_.count) * (1 + all_.mean * all_.mean);
  std::vector<AxisSensitivity> result;
  for (const std::vector<Moments>& axis : axes_) {
    AxisSensitivity one;
    double between = 0, least = INFINITY, most = -INFINITY;
    for (const Moments& level : axis) {
      const bool seen = level.count > 0;
      one.levels.push_back({level.count, seen ? std::exp(level.mean) : 0});
      if (!seen) continue;
      between += static_cast<double>(level.count) * std::pow(level.mean - all_.mean, 2);
      least = std::min(least, level.mean);
      most = std::max(most, level.mean);
    }
    if (all_.squares > rounding) {
      one.share = std::clamp(between / all_.squares, 0.0, 1.0);
      one.spread = std::exp(most - least);
    }
    result.push_back(std::move(one));
  }
  return result;
}

}  // namespace ridgeline
