#pragma once

#include <span>
#include <string>

#include "models/network/network.hpp"

/// Shape inference of one operation, with every check that it needs. Used by NetworkBuilder.
namespace ridgeline {

/// The shape of `op` applied to `inputs`. Fills in the window of a global pool.
/// @param place names network and node, for messages.
/// @throws InputError if the operation does not fit its inputs; network.hpp lists how.
[[nodiscard]] TensorShape infer_shape(Op& op, std::span<const TensorShape> inputs,
                                      const std::string& place);

/// @throws InputError unless every extent is at least 1 and the elements fit 2^31 - 1.
void check_feature_map(const TensorShape& shape, const std::string& place);

}  // namespace ridgeline
