#include "models/network/layer_precision.hpp"

#include <algorithm>
#include <cassert>
#include <map>

#include "models/network/layer_names.hpp"

namespace ridgeline {
namespace {

void name_layers(LoweredNetwork& network, std::span<const PrecisionRule> rules) {
  for (const PrecisionRule& rule : rules) {
    for (const std::size_t i : selected_layers(network, rule.glob, "--layer-precision"))
      network.layers[i].precision = rule.precision;
  }
}

void widen_tensors(LoweredNetwork& network, Precision run) {
  for (LoweredTensor& tensor : network.tensors) tensor.precision = Precision::int8;
  const auto widen = [&](TensorId id) {
    const auto storage = network.tensors[static_cast<std::size_t>(id)].storage;
    network.tensors[static_cast<std::size_t>(storage)].precision = Precision::int16;
  };
  for (const LoweredLayer& layer : network.layers) {
    if (layer.precision.value_or(run) != Precision::int16) continue;
    widen(layer.input);
    widen(layer.output);
    if (layer.residual) widen(*layer.residual);
  }
  for (std::size_t id = 0; id < network.tensors.size(); ++id) {
    const auto storage = static_cast<std::size_t>(network.tensors[id].storage);
    network.tensors[id].precision = network.tensors[storage].precision;
  }
}

/// The copy, with a tensor of its own for the narrow words.
LoweredLayer copy_to_int8(LoweredNetwork& network, TensorId from) {
  const LoweredTensor source = network.tensors[static_cast<std::size_t>(from)];
  const TensorShape& shape = source.shape;
  const auto to = static_cast<TensorId>(network.tensors.size());
  network.tensors.push_back({.name = source.name + "/to_int8",
                             .shape = shape,
                             .storage = to,
                             .node = source.node,
                             .precision = Precision::int8,
                             .zero_fraction = source.zero_fraction});
  return {.name = source.name + "/to_int8",
          .kind = LayerKind::copy,
          .node = source.node,
          .op = ClampOp{},
          .input = from,
          .output = to,
          .pre_add_node = source.node,
          .shape = {.N = shape.N, .M = shape.C, .C = shape.C, .H = shape.H, .W = shape.W},
          .output_shape = shape,
          .precision = Precision::int8,
          .converts = true};
}

void put_copies_in(LoweredNetwork& network, Precision run) {
  std::vector<LoweredLayer> layers;
  std::map<TensorId, TensorId> narrow;  ///< by the wide tensor
  for (LoweredLayer& layer : network.layers) {
    const bool wide = tensor_precision(network, layer.input, run) == Precision::int16;
    if (runs_on_array(layer.kind) && layer.precision.value_or(run) == Precision::int8 && wide) {
      const auto known = narrow.find(layer.input);
      if (known == narrow.end()) {
        layers.push_back(copy_to_int8(network, layer.input));
        narrow[layer.input] = layers.back().output;
      }
      layer.input = narrow[layer.input];
    }
    layers.push_back(std::move(layer));
  }
  network.layers = std::move(layers);
}

}  // namespace

LoweredNetwork assign_precisions(LoweredNetwork network, Precision precision,
                                 std::span<const PrecisionRule> rules) {
  if (rules.empty()) return network;
  assert(precision != Precision::fp32);
  name_layers(network, rules);
  widen_tensors(network, precision);
  put_copies_in(network, precision);
  return network;
}

Precision tensor_precision(const LoweredNetwork& network, TensorId id, Precision run) {
  if (run == Precision::fp32) return run;
  return network.tensors[static_cast<std::size_t>(id)].precision.value_or(run);
}

LayerPrecision layer_precision(const LoweredNetwork& network, const LoweredLayer& layer,
                               Precision run) {
  const Precision own = tensor_precision(network, layer.input, run);
  return {own, tensor_precision(network, layer.output, run),
          layer.residual ? tensor_precision(network, *layer.residual, run) : own};
}

bool has_words(const LoweredNetwork& network, Precision words, Precision run) {
  for (std::size_t id = 0; id < network.tensors.size(); ++id) {
    if (tensor_precision(network, static_cast<TensorId>(id), run) == words) return true;
  }
  return false;
}

std::size_t place_without_copies(const LoweredNetwork& network, std::size_t index) {
  const auto end = network.layers.begin() + static_cast<std::ptrdiff_t>(index);
  return index - static_cast<std::size_t>(std::count_if(network.layers.begin(), end,
                                                        [](const auto& l) { return l.converts; }));
}

}  // namespace ridgeline
