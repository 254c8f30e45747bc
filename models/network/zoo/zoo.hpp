#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/network/network.hpp"

/// The networks that Ridgeline ships, by name. One file a family; each family offers fixed names
/// ("squeezenext_1.0_23v5") and a parameterised builder ("squeezenext:blocks=2-4-14-1,conv1=5").
namespace ridgeline::zoo {

struct Entry {
  std::string name;
  std::string summary;  ///< one line: what it is and where it comes from
};

/// Every fixed name, sorted; what `ridgeline list networks` prints.
[[nodiscard]] std::vector<Entry> list();
/// Every parameterised family with its parameters and their defaults, one line each.
[[nodiscard]] std::vector<Entry> families();

/// The network called `name`: a fixed name, or "family:key=value,...".
/// @throws InputError for an unknown name, family, key or value, with the nearest valid one.
[[nodiscard]] Network make(std::string_view name);

}  // namespace ridgeline::zoo
