#pragma once

#include <vector>

#include "models/arch/precision.hpp"
#include "models/input/network_input.hpp"
#include "models/numeric/calibration_options.hpp"
#include "sim/cli/configs.hpp"
#include "sim/cli/options.hpp"

/// --calibration, --percentile, --activations, --weight-scales and --calibrate: how an integer run
/// chooses its scales and zero points, and from which inputs.
namespace ridgeline::cli {

struct CalibrationRequest {
  CalibrationOptions options{};
  /// [network][input]; none: the run's own input.
  std::vector<std::vector<NetworkInput>> inputs{};
};

[[nodiscard]] std::vector<Option> calibration_options();
/// @throws InputError for values that cannot be, for files that do not fit every network, and for
/// options that would do nothing: in fp32, or without data.
[[nodiscard]] CalibrationRequest read_calibration(const Arguments& arguments,
                                                  const std::vector<LoadedNetwork>& networks,
                                                  Precision precision, bool data);

}  // namespace ridgeline::cli
