#pragma once

#include <string>
#include <vector>

#include "models/input/network_input.hpp"
#include "models/numeric/classes.hpp"
#include "sim/cli/configs.hpp"
#include "sim/cli/options.hpp"

/// --input, --fit, --preprocessing and --labels: the network's input, and names of its classes.
namespace ridgeline::cli {

struct InputRequest {
  std::vector<NetworkInput> inputs{};  ///< one a network, or none: seeded pictures
  std::vector<std::string> labels{};   ///< by class, or none
};

[[nodiscard]] std::vector<Option> input_options();
/// What the file at `path` is as the input of each network.
/// @throws InputError for one that cannot be read or does not fit every network.
[[nodiscard]] std::vector<NetworkInput> read_input_of_each(
    const std::string& path, const Arguments& arguments,
    const std::vector<LoadedNetwork>& networks);
/// @throws InputError for files that cannot be read or do not fit every network, and for options
/// that mean nothing without others.
[[nodiscard]] InputRequest read_inputs(const Arguments& arguments,
                                       const std::vector<LoadedNetwork>& networks);

/// The five best classes of the network's output, if a report is to show them: a picture or labels
/// were given, and the output has one value a class.
[[nodiscard]] std::vector<ClassScore> classes_of(const InputRequest& request,
                                                 const Network& network, const AnyTensor& output,
                                                 const Quantization& quantization);

}  // namespace ridgeline::cli
