#pragma once

#include <nlohmann/json_fwd.hpp>

#include "models/cost/run_stats.hpp"

namespace ridgeline::reports {

/// Schema ridgeline.run/1 as a value: for reports that are made of it.
[[nodiscard]] nlohmann::ordered_json run_json(const RunStats& run);

}  // namespace ridgeline::reports
