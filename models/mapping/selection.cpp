#include "models/mapping/selection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "models/base/error.hpp"

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

}  // namespace ridgeline
