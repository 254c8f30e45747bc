#pragma once

#include <optional>
#include <string>

#include "models/base/source_text.hpp"
#include "models/network/layout.hpp"
#include "models/network/network.hpp"
#include "models/numeric/tensor.hpp"

namespace ridgeline {

/// What a run reads as its network's input.
struct NetworkInput {
  Tensor<float> tensor;  ///< of the shape of the network's input
  std::string note;      ///< what it is and what was done to it, for the report
};

/// The input that a file holds, by its first bytes: a PPM or PNG picture, which is preprocessed as
/// `preprocessing` says, or a NumPy array, taken as it is: it must be preprocessed already and have
/// the shape NCHW or CHW of the network's input. One picture is repeated for a batch of several; an
/// array of N pictures is for a batch of N.
/// @param preprocessing the network's own, or another; pictures without any are refused.
/// @param own the input as the network's file has it, over the elements of the network's input: an
/// array of those extents is taken as well, and before any other reading.
/// @throws InputError for bytes that are none of these, or that do not fit the network.
[[nodiscard]] NetworkInput read_network_input(const SourceText& source, const Network& network,
                                              const std::optional<Preprocessing>& preprocessing,
                                              const std::optional<Layout>& own = {});

}  // namespace ridgeline
