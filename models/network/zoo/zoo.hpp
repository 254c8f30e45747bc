#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/network/network.hpp"

/// The networks that Ridgeline ships, by name. One file a family; each family offers fixed names
/// ("squeezenext_1.0_23v5") and may offer a parameterised builder
/// ("squeezenext:blocks=2-4-14-1,conv1=5"). Widths must give whole numbers of channels.
/// Networks end at their logits: softmax belongs to the host, and its output would leave int8 with
/// hardly any distinct values. Dropout, which does nothing at inference, is left out.
namespace ridgeline::zoo {

struct Entry {
  std::string name;
  std::string summary;  ///< one line: what it is and where it comes from
};

/// Every fixed name, sorted; what `ridgeline list networks` prints.
[[nodiscard]] std::vector<Entry> list();
/// Every parameterised family with its parameters and their defaults, one line each.
[[nodiscard]] std::vector<Entry> families();

/// The network called `name`: a fixed name, "family:key=value,..." or "family" for its defaults.
/// The network's own name is `name` as given.
/// @throws InputError for an unknown name, family, key or value, with the nearest valid one.
[[nodiscard]] Network make(std::string_view name);

}  // namespace ridgeline::zoo
