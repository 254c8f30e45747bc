#pragma once

#include "sim/cli/options.hpp"

/// The subcommands; a new one is one file and one line in program.cpp. Their functions return the
/// exit code and throw InputError, InfeasibleError or SimulationError.
namespace ridgeline::cli {

[[nodiscard]] Command list_command();
[[nodiscard]] Command show_command();
[[nodiscard]] Command run_command();
[[nodiscard]] Command validate_command();
[[nodiscard]] Command roofline_command();
[[nodiscard]] Command map_command();
[[nodiscard]] Command reproduce_command();
[[nodiscard]] Command compare_command();
[[nodiscard]] Command sweep_command();

}  // namespace ridgeline::cli
