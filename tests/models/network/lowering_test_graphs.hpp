#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "models/network/lowering.hpp"

/// Small graphs for tests of lowering, and look-ups by name in what they are lowered to.
namespace ridgeline::lowering_tests {

inline NetworkBuilder small_net(TensorShape input = {.C = 4, .H = 5, .W = 6}) {
  return {"net", "a test", input};
}

inline const LoweredLayer& layer_named(const LoweredNetwork& lowered, const std::string& name) {
  for (const LoweredLayer& layer : lowered.layers)
    if (layer.name == name) return layer;
  FAIL("no layer " << name);
  return lowered.layers.front();
}

inline const LoweredTensor& tensor(const LoweredNetwork& lowered, TensorId id) {
  return lowered.tensors.at(static_cast<std::size_t>(id));
}

/// The tensor that holds the value of node `name`.
inline const LoweredTensor& tensor_named(const LoweredNetwork& lowered, const std::string& name) {
  for (const LoweredTensor& one : lowered.tensors)
    if (one.name == name) return one;
  FAIL("no tensor " << name);
  return lowered.tensors.front();
}

inline const std::string& input_of(const LoweredNetwork& lowered, const LoweredLayer& layer) {
  return tensor(lowered, layer.input).name;
}
inline const std::string& output_of(const LoweredNetwork& lowered, const LoweredLayer& layer) {
  return tensor(lowered, layer.output).name;
}
inline std::string residual_of(const LoweredNetwork& lowered, const LoweredLayer& layer) {
  return layer.residual ? tensor(lowered, *layer.residual).name : "none";
}

/// "conv1 pool1 ...": the layers in order of execution.
inline std::string layer_names(const LoweredNetwork& lowered) {
  std::string names;
  for (const LoweredLayer& layer : lowered.layers) names += (names.empty() ? "" : " ") + layer.name;
  return names;
}

using Strings = std::vector<std::string>;

}  // namespace ridgeline::lowering_tests
