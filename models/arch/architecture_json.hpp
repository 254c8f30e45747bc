#pragma once

#include <functional>
#include <string>

#include "models/arch/architecture.hpp"

/// Reading an architecture, strictly: an unknown key, a wrong type, a missing key, a number out of
/// range, a duplicate key and trailing text are all InputErrors that name file, JSON pointer,
/// value, what is allowed and the nearest valid key.
///
/// A file may say `"base": "squeezelerator_16x16"`: it then is that architecture with the keys it
/// names replaced (objects merge key by key, everything else is replaced whole). `"energy"` names
/// an energy table. Both are looked up through `Lookup`, since models/ opens no file.
namespace ridgeline {

/// A text and the path to print in messages about it.
struct SourceText {
  std::string path;
  std::string text;
};

struct ArchitectureLookup {
  std::function<SourceText(const std::string& name)> architecture;  ///< for "base"
  std::function<SourceText(const std::string& name)> energy_table;  ///< for "energy"
};

[[nodiscard]] Architecture parse_architecture(const SourceText& source,
                                              const ArchitectureLookup& lookup);
[[nodiscard]] EnergyTable parse_energy_table(const SourceText& source);

/// The resolved architecture as JSON text, every key present; what reports embed and
/// `show arch --json` prints. Parsing it again gives the same value.
[[nodiscard]] std::string to_json_text(const Architecture& arch, int indent = 2);

}  // namespace ridgeline
