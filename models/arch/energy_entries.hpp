#pragma once

#include <string>
#include <vector>

#include "models/arch/energy_table.hpp"
#include "models/base/json_reader.hpp"

/// Reading what the entries of an energy table hold; arch_configs/README.md lists their keys.
/// Everything here throws InputErrors that name the place.
namespace ridgeline {

/// "technology": { "nm", "volts" }; the volts may be left out.
[[nodiscard]] Technology read_technology(const JsonField& field);

/// "entries" of a table in `unit`: no action twice, each with one form that fits its action.
[[nodiscard]] std::vector<EnergyEntry> read_energy_entries(const JsonField& field,
                                                           const std::string& unit);

/// "areas" of a table: a list of { "component", "um2" }.
[[nodiscard]] std::vector<ComponentArea> read_areas(const JsonField& field);

}  // namespace ridgeline
