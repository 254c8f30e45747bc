#pragma once

#include <span>
#include <string>

#include "models/network/lowering.hpp"

/// A precision for each layer, so that the few layers that quantisation hurts can have wider words
/// than the others.
///
/// - A layer is int8 or int16 by the last rule that names it, else as the run is.
/// - A tensor's words are int16 if a layer that writes or reads it is; parts of a concatenation
///   share theirs. So an int16 layer has wide inputs and a wide output, and the layers before it
///   requantise to wide words in the vector unit.
/// - The vector unit reads words of either width. The array's PEs multiply words of the layer's own
///   width: where an int8 layer of the array would read an int16 tensor, a copy to int8 is put in
///   before the first one that does, a layer of the vector unit with the cycles, traffic and energy
///   of one. It is named "TENSOR/to_int8" and serves all of them.
namespace ridgeline {

struct PrecisionRule {
  std::string glob;  ///< of layers' names; empty: all
  Precision precision = Precision::int16;
};

/// The network with the rules applied, for a run of `precision`, int8 or int16. Without rules it is
/// as it was.
/// @throws InputError for a glob that matches no layer.
[[nodiscard]] LoweredNetwork assign_precisions(LoweredNetwork network, Precision precision,
                                               std::span<const PrecisionRule> rules);

/// Of the words of a tensor, and those that a layer meets, in a run of `run`.
[[nodiscard]] Precision tensor_precision(const LoweredNetwork& network, TensorId id, Precision run);
[[nodiscard]] LayerPrecision layer_precision(const LoweredNetwork& network,
                                             const LoweredLayer& layer, Precision run);
/// Whether any tensor of such a run has words of `words`.
[[nodiscard]] bool has_words(const LoweredNetwork& network, Precision words, Precision run);
/// The place of layer `index` among those that were there before copies were put in: what random
/// weights depend on.
[[nodiscard]] std::size_t place_without_copies(const LoweredNetwork& network, std::size_t index);

}  // namespace ridgeline
