#pragma once

#include <string>
#include <vector>

#include "models/network/trained_network.hpp"

namespace ridgeline {

/// The weights of `trained`, for the nodes of `network`, which is the same network by another
/// author: convolutions and fully connected layers meet by name if all of `network`'s names are
/// there, else in order. A network whose file has its BatchNorms folded gets ones that pass values
/// through.
/// @throws InputError with `file`, naming the layer: for another number of layers or BatchNorms,
/// filters of another shape, a bias that `network` has no place for.
[[nodiscard]] std::vector<NodeWeights> weights_for(const Network& network,
                                                   const TrainedNetwork& trained,
                                                   const std::string& file);

}  // namespace ridgeline
