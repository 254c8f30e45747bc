#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/sweep/point_record.hpp"

/// Which value of each axis a point has, found from the values of its settings. Values of an axis
/// that are the same in all its settings are one.
namespace ridgeline::reports {

class AxisLevels {
 public:
  explicit AxisLevels(const SweepHeader& header);

  /// How many values each axis has.
  [[nodiscard]] std::vector<std::size_t> sizes() const;
  /// One a setting of `axis`, as results print them.
  [[nodiscard]] const std::vector<std::string>& values(std::size_t axis, std::size_t level) const {
    return axes_[axis].values[level];
  }
  /// Which columns of the sweep `axis` sets.
  [[nodiscard]] const std::vector<std::size_t>& columns(std::size_t axis) const {
    return axes_[axis].columns;
  }
  /// @throws InputError for a value that the sweep does not have
  [[nodiscard]] std::vector<std::uint32_t> of(const PointRecord& record) const;

 private:
  struct Axis {
    std::vector<std::size_t> columns{};
    std::vector<std::vector<std::string>> values{};
    std::map<std::vector<std::string>, std::uint32_t> level{};
  };
  std::vector<Axis> axes_;
};

}  // namespace ridgeline::reports
