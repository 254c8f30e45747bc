#include "sim/cli/density_option.hpp"

#include <fmt/format.h>

#include <charconv>

#include "models/base/error.hpp"
#include "models/base/glob.hpp"
#include "models/base/text.hpp"

namespace ridgeline::cli {
namespace {

/// An option, and what its globs name.
struct Declared {
  const char* option;
  const char* kind;
};
constexpr Declared kActivations{"activation-density", "feature map"};
constexpr Declared kWeights{"weight-density", "layer"};
constexpr const char* kAllowed = "a number from 0 to 1, or NAME=NUMBER, several with commas";

[[noreturn]] void fail_item(const Declared& what, const std::string& item, const char* why) {
  fail(fmt::format("--{}", what.option), fmt::format("{} {}", in_quotes(item), why), kAllowed);
}

double density_of(const Declared& what, const std::string& text) {
  const auto value = parse_number<double>(text, std::chars_format::fixed);
  if (!value) fail_item(what, text, "is not such a number");
  if (!(*value >= 0 && *value <= 1)) fail_item(what, text, "is out of range");
  return *value;
}

std::vector<DeclaredDensity> read(const Arguments& arguments, const Declared& what) {
  std::vector<DeclaredDensity> densities;
  if (!arguments.has(what.option)) return densities;
  for (const std::string& item : comma_list(arguments.value(what.option))) {
    const std::size_t equals = item.rfind('=');
    if (equals == std::string::npos) {
      densities.push_back({.density = density_of(what, item)});
      continue;
    }
    if (equals == 0) fail_item(what, item, fmt::format("names no {}", what.kind).c_str());
    densities.push_back({item.substr(0, equals), density_of(what, item.substr(equals + 1))});
  }
  return densities;
}

/// Of every feature map, by TensorId: the layer's that makes it, as reports name it, or for the
/// input and concatenations its own.
std::vector<std::string> names_of(const LoweredNetwork& network) {
  std::vector<std::string> names;
  for (const LoweredTensor& tensor : network.tensors) names.push_back(tensor.name);
  for (const LoweredLayer& layer : network.layers) {
    names[static_cast<std::size_t>(layer.output)] = layer.name;
  }
  return names;
}

/// Gives each of `names` that a declaration matches its density; of several the last counts.
/// `by_default` says whether one without a glob is for name i too.
template <class ByDefault, class Give>
void declare(const Declared& what, const std::vector<DeclaredDensity>& densities,
             const std::string& network, const std::vector<std::string>& names,
             const ByDefault& by_default, const Give& give) {
  for (const DeclaredDensity& declared : densities) {
    bool matched = declared.glob.empty();
    for (std::size_t i = 0; i < names.size(); ++i) {
      const bool wanted =
          declared.glob.empty() ? by_default(i) : glob_matches(declared.glob, names[i]);
      if (wanted) give(i, 1 - declared.density);
      matched = matched || wanted;
    }
    if (matched) continue;
    fail(fmt::format("--{}", what.option),
         fmt::format("{} matches no {} of {}", in_quotes(declared.glob), what.kind, network),
         names.empty() ? ""
                       : fmt::format("a glob over its {} {}s, such as '{}'", names.size(),
                                     what.kind, names.back()),
         nearest_name(declared.glob, names));
  }
}

}  // namespace

std::vector<Option> density_options() {
  return {{kActivations.option, "LIST",
           "without data: the share of activations that are not zero, 0 to 1; with\n"
           "NAME=SHARE of the ofmaps of layers whose names match, like\n"
           "0.5,conv1=0.9,'fire2/*=0.4' (default 1; the network's input is dense\n"
           "unless it is named)"},
          {kWeights.option, "LIST",
           "without data: the share of weights that are not zero, in the same way;\n"
           "NAMEs are those of layers (default: the zeros of the network's weights)"}};
}

Densities read_densities(const Arguments& arguments) {
  return {.activations = read(arguments, kActivations), .weights = read(arguments, kWeights)};
}

void declare_densities(LoweredNetwork& network, const Densities& densities) {
  const std::string& name = network.network.name;
  declare(
      kActivations, densities.activations, name, names_of(network),
      [](std::size_t id) { return id > 0; },
      [&](std::size_t id, double zeros) { network.tensors[id].zero_fraction = zeros; });
  std::vector<LoweredLayer*> layers;
  std::vector<std::string> names;
  for (LoweredLayer& layer : network.layers) {
    if (!runs_on_array(layer.kind)) continue;
    layers.push_back(&layer);
    names.push_back(layer.name);
  }
  declare(
      kWeights, densities.weights, name, names, [](std::size_t) { return true; },
      [&](std::size_t i, double zeros) { layers[i]->zero_weight_fraction = zeros; });
}

}  // namespace ridgeline::cli
