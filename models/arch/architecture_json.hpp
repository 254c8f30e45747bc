#pragma once

#include <functional>
#include <string>

#include "models/arch/architecture.hpp"
#include "models/base/source_text.hpp"

/// Reading an architecture, strictly: an unknown key, a wrong type, a missing key, a number out of
/// range, a duplicate key and trailing text are all InputErrors that name file, JSON pointer,
/// value, what is allowed and the nearest valid key. Nothing has a default. The keys, their units
/// and ranges: arch_configs/README.md.
///
/// A file may say `"base": "squeezelerator_16x16"`: it then is that architecture with the keys it
/// names replaced (objects merge key by key, everything else is replaced whole). `"energy"` names
/// an energy table, or is one. Both names are looked up through `ArchitectureLookup`, since models/
/// opens no file.
///
/// The name of an architecture, or of an energy table in a file of its own, is the stem of its
/// path. A file may repeat it as `"name"`, as resolved texts do, but may not say another: two
/// machines would share a name in the reports.
namespace ridgeline {

/// Where names lead. For a name that leads nowhere they throw an InputError, whose empty `file`
/// and `place` the reader fills in with those of the name. A function that is not set finds
/// nothing.
struct ArchitectureLookup {
  std::function<SourceText(const std::string& name)> architecture;  ///< for "base"
  /// For "energy", and for "base" of a table.
  std::function<SourceText(const std::string& name)> energy_table;
};

[[nodiscard]] Architecture parse_architecture(const SourceText& source,
                                              const ArchitectureLookup& lookup);
/// A table may name another one as its "base" and a "technology": it then is that one scaled there.
[[nodiscard]] EnergyTable parse_energy_table(const SourceText& source,
                                             const ArchitectureLookup& lookup = {});

/// The resolved architecture as JSON text, every key present; what reports embed and
/// `show arch --json` prints. Parsing it again gives the same value.
[[nodiscard]] std::string to_json_text(const Architecture& arch, int indent = 2);
/// The same of an energy table.
[[nodiscard]] std::string to_json_text(const EnergyTable& table, int indent = 2);

}  // namespace ridgeline
