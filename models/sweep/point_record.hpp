#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/cost/area.hpp"
#include "models/cost/run_stats.hpp"
#include "models/sweep/metric.hpp"
#include "models/sweep/sweep_spec.hpp"

/// What is kept of each point of a sweep, and what readers of the records know beside them.
namespace ridgeline {

/// One layer of one network of the point.
struct LayerRecord {
  std::string network{};
  std::string name{};
  std::string op{};
  std::string dataflow{};
  Bound bound = Bound::compute;
  Macs macs{};  ///< of the layer, skipped ones included
  Cycles cycles{};
  Energy energy{};
  Bytes dram{}, glb{};  ///< read and written
  double utilization = 0;

  bool operator==(const LayerRecord&) const = default;
};

/// A point's figures: sums over its networks, each run once; the utilisation is of them all.
struct PointResult {
  Macs macs{};
  std::int64_t parameters = 0;
  CycleBreakdown cycles{};
  Microseconds latency{};
  EnergyBreakdown energy{};
  TrafficBytes bytes{};
  double utilization = 0;
  double area_mm2 = 0;
  int pes = 0;
  Bytes buffer{};

  bool operator==(const PointResult&) const = default;
};
[[nodiscard]] double metric_of(const PointResult& result, Metric metric);

struct PointRecord {
  std::uint64_t point = 0;            ///< its number in the sweep, from 0; numbers may be missing
  std::uint64_t key = 0;              ///< hash of the resolved point
  std::vector<std::string> values{};  ///< one for each setting of each axis, in order
  std::optional<PointResult> result{};
  std::string failed{};               ///< why there is no result
  std::vector<LayerRecord> layers{};  ///< if they are kept

  bool operator==(const PointRecord&) const = default;
};

/// A point that was simulated, whatever the sweep's engine is.
struct ConfirmedPoint {
  std::uint64_t point = 0;
  std::string link{};  ///< its report, from the folder of the sweep; or empty
  std::optional<PointResult> result{};
  std::string failed{};  ///< why there is none
};

/// Runs of `arch` that add up to one result.
[[nodiscard]] PointResult sum_of(const std::vector<RunStats>& runs);
/// The layers of a run.
void append_layers(std::vector<LayerRecord>& layers, const RunStats& run);

/// The sweep that records belong to.
struct SweepHeader {
  /// One setting of an axis: a column of results.
  struct Column {
    std::string key{};     ///< "arch.pe_array.rows"
    std::size_t axis = 0;  ///< which axis sets it
    bool numbers = false;  ///< every value is one
    std::vector<std::string> values{};
  };
  std::string name{}, summary{};
  std::string engine{};             ///< "analytic" or "simulate"
  std::string energy_unit{};        ///< "pJ", "MAC"; "mixed" where architectures differ in it
  std::vector<std::string> axes{};  ///< names
  std::vector<Column> columns{};
  std::vector<Metric> front{};
  bool layers = true;
  std::uint64_t points = 0;  ///< that there should be
};

[[nodiscard]] SweepHeader header_of(const SweepSpec& spec, std::uint64_t points);

}  // namespace ridgeline
