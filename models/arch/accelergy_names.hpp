#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/arch/accelergy.hpp"
#include "models/base/yaml_reader.hpp"

/// The names that Accelergy's files use, and what they are in an energy table.
namespace ridgeline {

/// A component, in small letters, and the path of an energy table that it stands for.
struct AccelergyAlias {
  std::string_view component, path;
};
[[nodiscard]] std::span<const AccelergyAlias> accelergy_aliases();

/// "a.PE[0..167].mac[1..2]" as its last part and how many there are.
struct AccelergyComponentName {
  std::string name{};
  double instances = 1;
};

/// Of the text that names it. @throws InputError
[[nodiscard]] AccelergyComponentName component_of(const YamlValue& name);

/// Actions that a component which stands for this path may have.
[[nodiscard]] std::span<const std::string_view> accelergy_actions(std::string_view path);

/// Paths that an action of such a component says the energy of.
[[nodiscard]] std::vector<std::string> accelergy_paths(const std::string& path,
                                                       const std::string& action);

}  // namespace ridgeline
