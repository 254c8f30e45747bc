#include "models/network/layer_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "models/base/error.hpp"
#include "models/base/glob.hpp"

namespace ridgeline {

std::size_t layer_index(const LoweredNetwork& network, std::string_view name) {
  const auto found = std::ranges::find(network.layers, name, &LoweredLayer::name);
  assert(found != network.layers.end());
  return static_cast<std::size_t>(found - network.layers.begin());
}

std::vector<std::size_t> selected_layers(const LoweredNetwork& network, const std::string& glob,
                                         std::string_view option) {
  std::vector<std::size_t> selected;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    names.push_back(network.layers[i].name);
    if (glob.empty() || glob_matches(glob, names.back())) selected.push_back(i);
  }
  if (selected.empty()) {
    throw InputError(
        {.file = std::string(option),
         .what = fmt::format("'{}' matches no layer of {}", glob, network.network.name),
         .allowed =
             fmt::format("a glob over its {} layers, such as '{}'", names.size(), names.front()),
         .nearest = nearest_name(glob, names)});
  }
  return selected;
}

}  // namespace ridgeline
