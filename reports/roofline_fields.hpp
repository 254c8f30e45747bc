#pragma once

#include "models/cost/roofline_analysis.hpp"

/// The figures of a layer under its roofs, each with its name, in the order of reports: what JSON
/// and CSV have in common.
namespace ridgeline::reports {

/// Calls put(name, value) for text, numbers and bound; not for levels, losses and energy.
template <class Put>
void each_figure(const RooflineLayer& layer, Put&& put) {
  put("op", layer.op);
  put("dataflow", layer.dataflow);
  put("macs", layer.macs);
  put("vector_operations", layer.vector_operations);
  put("cycles", layer.cycles.count());
  put("bound", roof_name(layer.bound));
  put("roof_cycles", layer.roof_cycles);
  put("headroom_cycles", layer.headroom_cycles);
  put("percent_of_roof", layer.percent_of_roof);
  put("roof_macs_per_cycle", layer.roof_macs_per_cycle);
  put("attained_macs_per_cycle", layer.attained_macs_per_cycle);
  put("pe_array_cycles", layer.pe_array_cycles);
  put("vector_unit_cycles", layer.vector_unit_cycles);
}

/// The same for a level; intensities are optional.
template <class Put>
void each_figure(const LevelPoint& level, Put&& put) {
  put("bytes", level.bytes);
  put("compulsory_bytes", level.compulsory_bytes);
  put("cycles", level.cycles);
  put("macs_per_byte", level.macs_per_byte);
  put("optimal_macs_per_byte", level.optimal_macs_per_byte);
  put("roof_macs_per_cycle", level.roof_macs_per_cycle);
}

}  // namespace ridgeline::reports
