#pragma once

#include <string>
#include <vector>

#include "models/network/lowering.hpp"
#include "sim/cli/options.hpp"

/// --activation-density and --weight-density: what runs without data take for the shares of
/// activations and weights that are not zero.
namespace ridgeline::cli {

/// Of what matches `glob`. Feature maps have the names of the layers that make them, the network's
/// input and concatenations their own; weights that of their layer. An empty one is for all, but
/// for the network's input.
struct DeclaredDensity {
  std::string glob{};
  double density = 1;
};

struct Densities {
  std::vector<DeclaredDensity> activations{}, weights{};  ///< in the order given
  [[nodiscard]] bool empty() const { return activations.empty() && weights.empty(); }
};

[[nodiscard]] std::vector<Option> density_options();
/// None without the options. @throws InputError
[[nodiscard]] Densities read_densities(const Arguments& arguments);
/// Declares them in the network's tensors and layers; of several that match, the last counts.
/// @throws InputError for a glob that matches nothing
void declare_densities(LoweredNetwork& network, const Densities& densities);

}  // namespace ridgeline::cli
