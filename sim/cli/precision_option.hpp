#pragma once

#include <vector>

#include "models/network/layer_precision.hpp"
#include "sim/cli/options.hpp"

/// --layer-precision: words of some layers that are not the run's.
namespace ridgeline::cli {

[[nodiscard]] Option layer_precision_option();
/// @throws InputError for anything but GLOB=int8 or GLOB=int16, and in fp32.
[[nodiscard]] std::vector<PrecisionRule> read_layer_precisions(const Arguments& arguments,
                                                               Precision precision);

}  // namespace ridgeline::cli
