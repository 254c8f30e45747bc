#include "models/mapping/selection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "models/base/error.hpp"
#include "models/base/glob.hpp"

namespace ridgeline {

std::vector<const Dataflow*> offered_dataflows(const Architecture& arch, const std::string& asked) {
  if (asked != "auto" && std::ranges::find(arch.dataflows, asked) == arch.dataflows.end()) {
    std::vector<std::string> allowed{"auto"};
    allowed.insert(allowed.end(), arch.dataflows.begin(), arch.dataflows.end());
    throw InputError({.file = "--dataflow",
                      .what = fmt::format("'{}' is not a dataflow of {}", asked, arch.name),
                      .allowed = fmt::format("{}", fmt::join(allowed, ", ")),
                      .nearest = nearest_name(asked, allowed)});
  }
  std::vector<const Dataflow*> chosen;
  for (const Dataflow& known : all_dataflows()) {
    const bool offered = std::ranges::find(arch.dataflows, known.name) != arch.dataflows.end();
    if (offered && (asked == "auto" || asked == known.name)) chosen.push_back(&known);
  }
  return chosen;
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
