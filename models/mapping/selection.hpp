#pragma once

#include <string>
#include <vector>

#include "models/arch/architecture.hpp"
#include "models/mapping/dataflow.hpp"

/// Which of an architecture's dataflows a user's name selects.
namespace ridgeline {

/// The dataflows to choose from: the one called `asked`, or with "auto" all that the architecture
/// offers. @throws InputError, at --dataflow, for one that it does not offer
[[nodiscard]] std::vector<const Dataflow*> offered_dataflows(const Architecture& arch,
                                                             const std::string& asked);

}  // namespace ridgeline
