#pragma once

#include <vector>

#include "models/cost/roofline_analysis.hpp"

/// Roofs as the simulated machine attains them: micro-benchmark layers, each meant to keep one part
/// of the machine busy, are mapped and simulated like any other layer, without data. What a part
/// carried, over the cycles of the whole layer, first load and last results included, is what was
/// measured; the best layer counts. A port that is wider than any dataflow of the architecture asks
/// for stays below its theoretical roof whatever the layer.
namespace ridgeline::cli {

/// One for each Roof, in its order. Layers that have no mapping on the machine are left out; a roof
/// that no layer touches is measured as 0. Deterministic.
[[nodiscard]] std::vector<MeasuredRoof> measure_roofs(const Architecture& arch,
                                                      Precision precision);

}  // namespace ridgeline::cli
