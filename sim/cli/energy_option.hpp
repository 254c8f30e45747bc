#pragma once

#include <vector>

#include "models/arch/architecture.hpp"
#include "sim/cli/options.hpp"

/// --energy and what goes with it: another energy table than the architecture's own, out of a JSON
/// file or of Accelergy's, perhaps scaled to another technology.
namespace ridgeline::cli {

[[nodiscard]] std::vector<Option> energy_options();

/// The architecture that --arch names, with the table that --energy names, at the technology that
/// --technology names. @throws InputError
[[nodiscard]] Architecture read_architecture(const Arguments& arguments);

/// A table by name, JSON file or ERT, read as the other options say. @throws InputError
[[nodiscard]] EnergyTable read_energy_table(const std::string& name, const Arguments& arguments);

}  // namespace ridgeline::cli
