#pragma once

#include <string>

#include "models/sweep/point_record.hpp"
#include "reports/sweep/sweep_columns.hpp"

/// Points and layers of a sweep as comma-separated values (RFC 4180), as reports/csv.cpp writes
/// them: numbers with the fewest digits that read back as the same value.
namespace ridgeline::reports {

/// Rows of points: number, key (16 hexadecimal digits), settings, figures, why it failed. The
/// figures of a failed point are empty.
class PointCsv {
 public:
  explicit PointCsv(const SweepHeader& header);
  [[nodiscard]] std::string header() const;
  void put_row(std::string& out, const PointRecord& record) const;

 private:
  std::vector<std::string> keys_;
  std::vector<PointColumn> columns_;
};

/// Rows of layers: number of the point, then each layer's figures.
class LayerCsv {
 public:
  explicit LayerCsv(const SweepHeader& header) : columns_(layer_columns(header)) {}
  [[nodiscard]] std::string header() const;
  void put_rows(std::string& out, const PointRecord& record) const;

 private:
  std::vector<LayerColumn> columns_;
};

}  // namespace ridgeline::reports
