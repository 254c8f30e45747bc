#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "models/sweep/point_record.hpp"

/// The figures of points and of their layers as columns of tables, for files and databases alike.
/// Names end in the unit.
namespace ridgeline::reports {

/// Texts belong to the record.
using Cell = std::variant<std::int64_t, double, std::string_view>;

struct PointColumn {
  std::string name{};
  std::function<Cell(const PointResult&)> of{};
};
struct LayerColumn {
  std::string name{};
  std::function<Cell(const LayerRecord&)> of{};
};
[[nodiscard]] std::vector<PointColumn> point_columns(const SweepHeader& header);
[[nodiscard]] std::vector<LayerColumn> layer_columns(const SweepHeader& header);

/// "energy (MAC equivalents)", for people.
[[nodiscard]] std::string metric_label(const SweepHeader& header, Metric metric);
/// "total_energy_mac_equivalents", its column.
[[nodiscard]] std::string metric_column(const SweepHeader& header, Metric metric);

}  // namespace ridgeline::reports
