#pragma once

#include <array>
#include <string_view>

/// What designs are compared by; for each, less is better.
namespace ridgeline {

enum class Metric {
  latency,  ///< microseconds
  energy,   ///< in the energy table's unit
  edp,      ///< energy x latency
  area,     ///< mm^2, a proxy (models/cost/area.hpp)
  pes,
  buffer_bytes,
  parameters  ///< weights and biases of the networks
};

struct MetricName {
  Metric metric;
  std::string_view name;   ///< in specifications
  std::string_view label;  ///< on axes and in tables; energy's unit follows in brackets
};
inline constexpr std::array<MetricName, 7> kMetrics{
    {{Metric::latency, "latency", "latency (us)"},
     {Metric::energy, "energy", "energy"},
     {Metric::edp, "edp", "energy x latency"},
     {Metric::area, "area", "area proxy (mm2)"},
     {Metric::pes, "pes", "PEs"},
     {Metric::buffer_bytes, "buffer_bytes", "buffer (bytes)"},
     {Metric::parameters, "parameters", "parameters"}}};

}  // namespace ridgeline
