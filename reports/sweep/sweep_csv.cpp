#include "reports/sweep/sweep_csv.hpp"

#include "reports/format.hpp"
#include "reports/sweep/json_text.hpp"

namespace ridgeline::reports {
namespace {

void put_csv_cell(std::string& out, const Cell& cell) {
  if (const auto* count = std::get_if<std::int64_t>(&cell)) {
    put_number(out, *count);
  } else if (const auto* value = std::get_if<double>(&cell)) {
    put_number(out, *value);
  } else {
    out += csv_field(std::get<std::string_view>(cell));
  }
}

}  // namespace

PointCsv::PointCsv(const SweepHeader& header) : columns_(point_columns(header)) {
  for (const SweepHeader::Column& column : header.columns) keys_.push_back(column.key);
}

std::string PointCsv::header() const {
  std::vector<std::string> names{"point", "key"};
  names.insert(names.end(), keys_.begin(), keys_.end());
  for (const PointColumn& column : columns_) names.push_back(column.name);
  names.emplace_back("failed");
  return csv_record(names);
}

void PointCsv::put_row(std::string& out, const PointRecord& record) const {
  put_number(out, record.point);
  out += ',';
  put_hex(out, record.key);
  for (const std::string& value : record.values) {
    out += ',';
    out += csv_field(value);
  }
  for (const PointColumn& column : columns_) {
    out += ',';
    if (record.result) put_csv_cell(out, column.of(*record.result));
  }
  out += ',';
  out += csv_field(record.failed);
  out += "\r\n";
}

std::string LayerCsv::header() const {
  std::vector<std::string> names{"point"};
  for (const LayerColumn& column : columns_) names.push_back(column.name);
  return csv_record(names);
}

void LayerCsv::put_rows(std::string& out, const PointRecord& record) const {
  for (const LayerRecord& layer : record.layers) {
    put_number(out, record.point);
    for (const LayerColumn& column : columns_) {
      out += ',';
      put_csv_cell(out, column.of(layer));
    }
    out += "\r\n";
  }
}

}  // namespace ridgeline::reports
