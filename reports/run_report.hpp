#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "models/base/source_text.hpp"

/// A run's JSON report, read again: what a comparison needs of it. Keys of schema ridgeline.run/1
/// are only ever added, so unknown ones are passed over; those that are needed must be there and
/// right.
namespace ridgeline::reports {

struct NamedCount {
  std::string name;
  std::int64_t count = 0;
};
struct NamedValue {
  std::string name;
  double value = 0;
};

/// What layers and the total have in common.
struct ReportSums {
  std::int64_t macs = 0;
  std::int64_t cycles = 0;
  std::vector<NamedCount> causes{};  ///< of cycles, as the report orders them
  double latency_us = 0;
  double utilization = 0;
  std::int64_t dram_bytes = 0;
  double energy = 0;
  std::vector<NamedValue> components{};  ///< of energy
  std::string bound{};
};

struct ReportLayer {
  std::string name{};
  std::string op{};
  std::string dataflow{};
  std::string shape{};      ///< every extent: two layers of equal op and shape compute the same
  std::string tile{};       ///< "N 1 G 1 M 64 C 3 P 14 Q 113"; empty in reports of older versions
  std::string order{};      ///< of the tile loops
  std::string precision{};  ///< of its words
  std::string on_chip{};    ///< which feature maps stay in the buffer: "ifmap, ofmap"
  ReportSums sums{};
};

struct RunReport {
  std::string file{};
  std::string network{}, arch{};
  std::string energy_unit{};
  /// Every setting of run, network and architecture, as (JSON pointer, value as JSON).
  std::vector<std::pair<std::string, std::string>> settings{};
  std::vector<ReportLayer> layers{};
  ReportSums total{};
};

/// @throws InputError for anything that is not a whole report of this schema, with its place
[[nodiscard]] RunReport parse_run_report(const SourceText& source);

}  // namespace ridgeline::reports
