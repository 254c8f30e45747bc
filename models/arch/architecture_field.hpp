#pragma once

#include <any>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/arch/architecture.hpp"
#include "models/arch/architecture_json.hpp"
#include "models/base/json_reader.hpp"

/// One field of an architecture by its path in the file, "pe_array.rows": what sweeps vary. Every
/// field that decides counts, cycles or energy has one; texts about the architecture do not, and
/// the energy table is one field as a whole.
namespace ridgeline {

/// Paths in the order of the file.
[[nodiscard]] const std::vector<std::string>& field_paths();

/// A checked value of one field.
struct FieldValue {
  std::any value{};  ///< of the member's type
};

/// The value of field `path`, one of field_paths(), as an architecture file would have it.
/// @throws InputError at `value` if it is not allowed there
[[nodiscard]] FieldValue read_field(std::string_view path, const JsonField& value,
                                    const ArchitectureLookup& lookup);
/// `value` was read for this path.
void set_field(Architecture& arch, std::string_view path, const FieldValue& value);
/// The field as a number, in the unit of its key, true being 1; none for names and lists.
[[nodiscard]] std::optional<double> field_number(const Architecture& arch, std::string_view path);

}  // namespace ridgeline
