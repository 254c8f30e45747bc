#include "sim/cli/density_option.hpp"

#include <fmt/format.h>

#include <charconv>

#include "models/base/error.hpp"
#include "models/base/glob.hpp"
#include "models/base/text.hpp"

namespace ridgeline::cli {
namespace {

constexpr const char* kOption = "--activation-density";
constexpr const char* kAllowed = "a number from 0 to 1, or NAME=NUMBER, several with commas";

double density_of(const std::string& text) {
  const auto value = parse_number<double>(text, std::chars_format::fixed);
  if (!value) fail(kOption, in_quotes(text) + " is not such a number", kAllowed);
  if (!(*value >= 0 && *value <= 1)) fail(kOption, in_quotes(text) + " is out of range", kAllowed);
  return *value;
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

}  // namespace

Option density_option() {
  return {"activation-density", "LIST",
          "without data: the share of activations that are not zero, 0 to 1; with\n"
          "NAME=SHARE of the ofmaps of layers whose names match, like\n"
          "0.5,conv1=0.9,'fire2/*=0.4' (default 1; the network's input is dense\n"
          "unless it is named)"};
}

std::vector<DeclaredDensity> read_densities(const Arguments& arguments) {
  std::vector<DeclaredDensity> densities;
  if (!arguments.has("activation-density")) return densities;
  for (const std::string& item : comma_list(arguments.value("activation-density"))) {
    const std::size_t equals = item.rfind('=');
    if (equals == std::string::npos) {
      densities.push_back({.density = density_of(item)});
      continue;
    }
    if (equals == 0) fail(kOption, in_quotes(item) + " names no feature map", kAllowed);
    densities.push_back({item.substr(0, equals), density_of(item.substr(equals + 1))});
  }
  return densities;
}

void declare_densities(LoweredNetwork& network, const std::vector<DeclaredDensity>& densities) {
  const std::vector<std::string> names = names_of(network);
  for (const DeclaredDensity& declared : densities) {
    bool matched = false;
    for (std::size_t id = 0; id < network.tensors.size(); ++id) {
      const bool wanted = declared.glob.empty() ? id > 0 : glob_matches(declared.glob, names[id]);
      if (wanted) network.tensors[id].zero_fraction = 1 - declared.density;
      matched = matched || wanted;
    }
    if (matched || declared.glob.empty()) continue;
    fail(kOption,
         fmt::format("{} matches no feature map of {}", in_quotes(declared.glob),
                     network.network.name),
         fmt::format("a glob over its {} feature maps, such as '{}'", names.size(), names.back()),
         nearest_name(declared.glob, names));
  }
}

}  // namespace ridgeline::cli
