#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/arch/architecture_fields.hpp"
#include "models/arch/architecture_json.hpp"
#include "models/arch/energy_entries.hpp"
#include "models/base/error.hpp"
#include "models/base/json_reader.hpp"
#include "models/base/text.hpp"
#include "models/mapping/dataflow.hpp"

/// Reading the fields of an architecture out of JSON, one by one: what the reader of whole files
/// and that of single values have in common.
namespace ridgeline::field_reading {

using namespace arch_fields;

struct KeyCollector {
  std::vector<std::string> keys;
  void operator()(const char* key, const auto&... /*member, allowed*/) { keys.emplace_back(key); }
};

template <class Part>
std::vector<std::string> keys_of(std::vector<std::string> others = {}) {
  KeyCollector collector{.keys = std::move(others)};
  const Part part;
  visit_fields(collector, part);
  return collector.keys;
}

inline std::vector<std::string> dataflow_names(const JsonField& field) {
  std::vector<std::string> known;
  for (const Dataflow& dataflow : all_dataflows()) known.push_back(dataflow.name);
  std::vector<std::string> names;
  for (const JsonField& item : field.items({.min = 1, .max = 64})) {
    std::string name = item.one_of(known, "dataflow");
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      item.fail(fmt::format("\"{}\" appears twice", name));
    }
    names.push_back(std::move(name));
  }
  return names;
}

template <class Enum, std::size_t size>
Enum value_of(const JsonField& field, const char* key,
              const std::array<Named<Enum>, size>& allowed) {
  std::vector<std::string> names;
  for (const Named<Enum>& known : allowed) names.emplace_back(known.name);
  const std::string name = field.one_of(names, key);
  return std::ranges::find(allowed, name, &Named<Enum>::name)->value;
}

inline SourceText look_up(const std::function<SourceText(const std::string&)>& lookup,
                          const JsonField& name) {
  const std::string wanted = name.text(kText);
  if (!lookup) name.fail(fmt::format("\"{}\" cannot be looked up here", shortened(wanted)));
  try {
    return lookup(wanted);
  } catch (const InputError& error) {
    InputProblem problem = error.problem();
    if (problem.file.empty()) {
      problem.file = name.file();
      problem.place = name.pointer();
    }
    throw InputError(std::move(problem));
  }
}

/// Reads each field of a part from the object's member of that key.
template <class Object>
struct FieldReader {
  const Object& object;
  const ArchitectureLookup& lookup;

  void operator()(const char* key, int& member, IntegerBounds bounds) const {
    member = static_cast<int>(object.at(key).integer(bounds));
  }
  template <class Unit>
  void operator()(const char* key, Quantity<Unit, std::int64_t>& member,
                  IntegerBounds bounds) const {
    member = Quantity<Unit, std::int64_t>(object.at(key).integer(bounds));
  }
  void operator()(const char* key, double& member, RealBounds bounds) const {
    member = object.at(key).number(bounds);
  }
  /// Whole hertz, so that megahertz written and read again are the same clock.
  void operator()(const char* key, Hertz& member, RealBounds mhz) const {
    member = Hertz(std::round(object.at(key).number(mhz) * 1e6));
  }
  void operator()(const char* key, bool& member) const { member = object.at(key).boolean(); }
  template <class Enum, std::size_t size>
  void operator()(const char* key, Enum& member,
                  const std::array<Named<Enum>, size>& allowed) const {
    member = value_of(object.at(key), key, allowed);
  }
  void operator()(const char* key, std::string& member, LengthBounds length) const {
    member = object.at(key).text(length);
  }
  void operator()(const char* key, std::string& member,
                  const std::array<std::string, 2>& units) const {
    member = object.at(key).one_of(units, "unit");
  }
  void operator()(const char* key, std::vector<std::string>& member, LengthBounds count) const {
    for (const JsonField& item : object.at(key).items(count)) member.push_back(item.text(kText));
  }
  void operator()(const char* key, std::vector<std::string>& member, DataflowNames) const {
    member = dataflow_names(object.at(key));
  }
  template <class Member, class... Allowed>
  void operator()(const char* key, Member& member, Optional, const Allowed&... allowed) const {
    if (object.find(key)) (*this)(key, member, allowed...);
  }
  void operator()(const char* key, std::optional<Technology>& member) const {
    member = read_technology(object.at(key));
  }
  void operator()(const char* key, std::vector<EnergyEntry>& member) const {
    member = read_energy_entries(object.at(key), object.at("unit").text(kName));
  }
  void operator()(const char* key, std::vector<ComponentArea>& member) const {
    member = read_areas(object.at(key));
  }
  void operator()(const char* key, double& member, PlainOf plain, RealBounds bounds) const;
  void operator()(const char* key, EnergyTable& member) const;
  template <class Part>
  void operator()(const char* key, Part& member) const {
    const ObjectReader part(object.at(key), keys_of<Part>());
    FieldReader<ObjectReader> reader{.object = part, .lookup = lookup};
    visit_fields(reader, member);
  }
};

/// Whether the table has an entry for just this action. Whether it is a good one is not the
/// question.
inline bool has_entry_for(const ObjectReader& table, std::string_view action) {
  const std::optional<JsonField> entries = table.find("entries");
  const auto* list = entries ? std::get_if<JsonValue::Array>(&entries->value().data) : nullptr;
  if (list == nullptr) return false;
  return std::ranges::any_of(*list, [&](const JsonValue& entry) {
    const auto* members = std::get_if<JsonValue::Object>(&entry.data);
    if (members == nullptr) return false;
    const auto named = std::ranges::find(*members, "action", &JsonMember::key);
    const auto* text =
        named == members->end() ? nullptr : std::get_if<std::string>(&named->value.data);
    return text != nullptr && *text == action;
  });
}

template <class Object>
void FieldReader<Object>::operator()(const char* key, double& member, PlainOf plain,
                                     RealBounds bounds) const {
  if (!has_entry_for(object, plain.action)) {
    member = object.at(key).number(bounds);
  } else if (const std::optional<JsonField> unused = object.find(key)) {
    unused->fail(fmt::format("the entry for \"{}\" says this already", plain.action));
  }
}

inline EnergyTable energy_table_of(const ObjectReader& object, std::string name) {
  EnergyTable table{.name = std::move(name)};
  const ArchitectureLookup none;
  FieldReader<ObjectReader> reader{.object = object, .lookup = none};
  visit_fields(reader, table);
  return table;
}

template <class Object>
void FieldReader<Object>::operator()(const char* key, EnergyTable& member) const {
  const JsonField field = object.at(key);
  if (field.is_text()) {
    member = parse_energy_table(look_up(lookup.energy_table, field), lookup);
  } else if (field.is_object()) {
    const ObjectReader table(field, keys_of<EnergyTable>({"name"}));
    member = energy_table_of(table, table.at("name").text(kName));
  } else {
    field.fail_type("the name of an energy table or an object");
  }
}

}  // namespace ridgeline::field_reading
