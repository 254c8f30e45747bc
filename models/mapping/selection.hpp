#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "models/arch/architecture.hpp"
#include "models/mapping/dataflow.hpp"
#include "models/network/lowering.hpp"

/// What a user's names select: dataflows of an architecture, layers of a network.
namespace ridgeline {

/// The dataflows to choose from: the one called `asked`, or with "auto" all that the architecture
/// offers. @throws InputError, at --dataflow, for one that it does not offer
[[nodiscard]] std::vector<const Dataflow*> offered_dataflows(const Architecture& arch,
                                                             const std::string& asked);

/// Indices of the layers whose names match `glob`; all for an empty one. `option` is where the glob
/// comes from ("--layers"). @throws InputError for a glob that matches nothing
[[nodiscard]] std::vector<std::size_t> selected_layers(const LoweredNetwork& network,
                                                       const std::string& glob,
                                                       std::string_view option);

}  // namespace ridgeline
