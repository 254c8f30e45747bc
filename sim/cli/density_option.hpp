#pragma once

#include <string>
#include <vector>

#include "models/network/lowering.hpp"
#include "sim/cli/options.hpp"

/// --activation-density: what runs without data take for the share of activations that are not
/// zero.
namespace ridgeline::cli {

/// Of the feature maps whose names match `glob`: those of the layers that make them, or for the
/// network's input and concatenations their own. An empty one is for all but the network's input.
struct DeclaredDensity {
  std::string glob{};
  double density = 1;
};

[[nodiscard]] Option density_option();
/// In the order given; none without the option. @throws InputError
[[nodiscard]] std::vector<DeclaredDensity> read_densities(const Arguments& arguments);
/// Declares them in the network's tensors; of several that match, the last counts.
/// @throws InputError for a glob that matches no feature map
void declare_densities(LoweredNetwork& network, const std::vector<DeclaredDensity>& densities);

}  // namespace ridgeline::cli
