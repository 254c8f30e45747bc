#pragma once

#include <string>

#include "reports/mapping_report.hpp"

namespace ridgeline::reports {

/// The chosen mapping of one layer: its loops, its levels, its totals.
[[nodiscard]] std::string loop_nest_text(const MappedLayer& layer, const MappingReport& report);

}  // namespace ridgeline::reports
