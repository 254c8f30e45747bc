#pragma once

#include <cstdint>
#include <string>

#include "models/network/zoo/zoo.hpp"
#include "sim/run.hpp"

/// What the studies of SqueezeNext (Gholami et al., 2018) and of the Squeezelerator (Kwon et al.,
/// 2018) have in common, as far as it is recalled.
namespace ridgeline::papers {

/// Of every layer's weights, for all networks alike.
inline constexpr double kZeroWeights = 0.4;

/// A network of the zoo as the studies run it, with that part of its weights declared zero.
[[nodiscard]] LoweredNetwork study_network(Network network, double zeros = kZeroWeights);
[[nodiscard]] inline LoweredNetwork study_network(const std::string& name,
                                                  double zeros = kZeroWeights) {
  return study_network(zoo::make(name), zeros);
}

/// The run without the layers of the vector unit: the papers count convolutions and fully connected
/// layers, and neither describes a unit for the others, as far as it is recalled.
[[nodiscard]] RunStats on_the_array(RunStats run);

}  // namespace ridgeline::papers
