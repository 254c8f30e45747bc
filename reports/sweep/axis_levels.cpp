#include "reports/sweep/axis_levels.hpp"

#include <fmt/format.h>

#include "models/base/error.hpp"
#include "models/base/text.hpp"

namespace ridgeline::reports {

AxisLevels::AxisLevels(const SweepHeader& header) : axes_(header.axes.size()) {
  for (std::size_t i = 0; i < header.columns.size(); ++i) {
    axes_[header.columns[i].axis].columns.push_back(i);
  }
  for (Axis& axis : axes_) {
    const std::size_t size = header.columns[axis.columns.front()].values.size();
    for (std::size_t i = 0; i < size; ++i) {
      std::vector<std::string> values;
      for (const std::size_t column : axis.columns) {
        values.push_back(header.columns[column].values[i]);
      }
      const auto level = static_cast<std::uint32_t>(axis.values.size());
      if (axis.level.try_emplace(values, level).second) axis.values.push_back(std::move(values));
    }
  }
}

std::vector<std::size_t> AxisLevels::sizes() const {
  std::vector<std::size_t> sizes;
  for (const Axis& axis : axes_) sizes.push_back(axis.values.size());
  return sizes;
}

std::vector<std::uint32_t> AxisLevels::of(const PointRecord& record) const {
  std::vector<std::uint32_t> levels;
  std::vector<std::string> values;
  for (const Axis& axis : axes_) {
    values.clear();
    for (const std::size_t column : axis.columns) values.push_back(record.values[column]);
    const auto found = axis.level.find(values);
    if (found == axis.level.end()) {
      throw InputError({.place = fmt::format("point {}", record.point),
                        .what = fmt::format("the sweep does not have the value '{}'",
                                            ridgeline::shortened(values.front()))});
    }
    levels.push_back(found->second);
  }
  return levels;
}

}  // namespace ridgeline::reports
