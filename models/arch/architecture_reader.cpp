#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "models/arch/field_reader.hpp"

namespace ridgeline {
namespace {

using namespace arch_fields;
using namespace field_reading;

EnergyTable energy_table_in(const SourceText& source, const ArchitectureLookup& lookup, int depth);

/// The name that a file's path gives to what is in it.
std::string name_of(const SourceText& source) {
  std::string name = std::filesystem::path(source.path).stem().string();
  const std::size_t length = count_characters(name);
  if (!is_plain_text(name) || length < kName.min || length > kName.max) {
    throw InputError({.file = shortened(source.path, 200),
                      .place = "",
                      .what = "the file's name cannot serve as a name in reports",
                      .allowed = fmt::format("{} to {} characters of UTF-8, no control characters",
                                             kName.min, kName.max),
                      .nearest = ""});
  }
  return name;
}

void check_name(const std::optional<JsonField>& field, const std::string& name) {
  if (field && field->text(kName) != name) {
    field->fail("must be the name of the file without its ending, got " + field->shown(),
                fmt::format("\"{}\", or no such key", name));
  }
}

const std::vector<std::string>& architecture_keys() {
  static const std::vector<std::string> keys = keys_of<Architecture>({"name", "base"});
  return keys;
}

/// The file's value with its bases under it. Its name and base mean nothing any more. The files
/// that led here are in `chain`, the first the one that was asked for.
JsonValue with_bases(const SourceText& source, const ArchitectureLookup& lookup,
                     std::vector<std::string> chain) {
  constexpr std::size_t kLongestChain = 8;
  JsonValue value = parse_json(source);
  const ObjectReader object(JsonField(value), architecture_keys());
  check_name(object.find("name"), name_of(source));
  chain.push_back(source.path);
  std::optional<JsonValue> base;
  if (const std::optional<JsonField> field = object.find("base")) {
    if (chain.size() == kLongestChain) {
      field->fail(
          fmt::format("too many architectures stand on one another: {}", fmt::join(chain, " -> ")),
          fmt::format("up to {}", kLongestChain));
    }
    const SourceText under = look_up(lookup.architecture, *field);
    if (std::find(chain.begin(), chain.end(), under.path) != chain.end()) {
      field->fail(fmt::format("an architecture cannot be its own base: {} -> {}",
                              fmt::join(chain, " -> "), under.path));
    }
    base = with_bases(under, lookup, std::move(chain));
  }
  return base ? merged(std::move(*base), std::move(value)) : value;
}

/// A table that is another one at another technology: { "base", "technology" }.
EnergyTable scaled_table_of(const ObjectReader& object, const std::string& name,
                            const ArchitectureLookup& lookup, int depth) {
  constexpr int kLongestChain = 8;
  const JsonField base = object.at("base");
  if (depth == kLongestChain) {
    base.fail("too many energy tables stand on one another, or one is its own base",
              fmt::format("up to {}", kLongestChain));
  }
  const JsonField technology = object.at("technology");
  const EnergyTable table = energy_table_in(look_up(lookup.energy_table, base), lookup, depth + 1);
  try {
    EnergyTable scaled = scaled_to(table, read_technology(technology));
    scaled.name = name;
    return scaled;
  } catch (const std::invalid_argument& error) {
    technology.fail(
        fmt::format("{} cannot be scaled there: {}", shortened(table.name), error.what()));
  }
}

EnergyTable energy_table_in(const SourceText& source, const ArchitectureLookup& lookup, int depth) {
  const JsonValue value = parse_json(source);
  const JsonField field(value);
  const std::string name = name_of(source);
  const auto* members = std::get_if<JsonValue::Object>(&value.data);
  const bool scaled =
      members != nullptr && std::ranges::find(*members, "base", &JsonMember::key) != members->end();
  const ObjectReader object(field, scaled ? std::vector<std::string>{"name", "base", "technology"}
                                          : keys_of<EnergyTable>({"name"}));
  check_name(object.find("name"), name);
  return scaled ? scaled_table_of(object, name, lookup, depth) : energy_table_of(object, name);
}

}  // namespace

Architecture parse_architecture(const SourceText& source, const ArchitectureLookup& lookup) {
  const JsonValue value = with_bases(source, lookup, {});
  const ObjectReader object(JsonField(value), architecture_keys());
  Architecture arch{.name = name_of(source)};
  FieldReader<ObjectReader> reader{.object = object, .lookup = lookup};
  visit_fields(reader, arch);
  return arch;
}

EnergyTable parse_energy_table(const SourceText& source, const ArchitectureLookup& lookup) {
  return energy_table_in(source, lookup, 0);
}

}  // namespace ridgeline
