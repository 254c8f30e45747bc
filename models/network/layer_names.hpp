#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "models/network/lowering.hpp"

/// Layers of a network by their names.
namespace ridgeline {

/// Index of the layer that is called so; asserts that one is.
[[nodiscard]] std::size_t layer_index(const LoweredNetwork& network, std::string_view name);

/// Indices of the layers whose names match `glob`; all for an empty one. `option` is where the glob
/// comes from ("--layers"). @throws InputError for a glob that matches nothing
[[nodiscard]] std::vector<std::size_t> selected_layers(const LoweredNetwork& network,
                                                       const std::string& glob,
                                                       std::string_view option);

}  // namespace ridgeline
