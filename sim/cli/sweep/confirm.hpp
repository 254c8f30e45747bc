#pragma once

#include <vector>

#include "models/sweep/point_record.hpp"
#include "sim/cli/sweep/sweep_folder.hpp"

namespace ridgeline::cli {

/// Simulates points, the best first, and writes their run reports: best/1.html and best/1.json, or
/// best/1-1.html, best/1-2.html and so on where a point runs several networks.
/// @throws InputError if a report cannot be written
[[nodiscard]] std::vector<ConfirmedPoint> confirm_points(const SweepFolder& folder,
                                                         const SweepSpec& spec,
                                                         const std::vector<PointRecord>& best);

}  // namespace ridgeline::cli
