#include "models/arch/architecture_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "models/arch/architecture_fields.hpp"

namespace ridgeline {
namespace {

using namespace arch_fields;
using Json = nlohmann::ordered_json;

Json json_of(const Technology& technology) {
  Json json{{"nm", technology.nm}};
  if (technology.volts) json["volts"] = *technology.volts;
  return json;
}

/// Puts what a form says into the entry's object.
struct FormWriter {
  Json& entry;

  void operator()(const PerAction& form) const { entry["value"] = form.energy; }
  void operator()(const PerBit& form) const { entry["per_bit"] = form.energy; }
  void operator()(const PerBitAndMillimetre& form) const {
    entry["per_bit_mm"] = form.energy;
    entry["mm"] = form.mm;
  }
  void operator()(const ByPrecision& form) const {
    entry["by_precision"] = {{"int8", form.int8}, {"int16", form.int16}, {"fp32", form.fp32}};
  }
  void operator()(const SizeCurve& form) const {
    auto points = Json::array();
    for (const auto& [size, energy] : form.points) {
      points.push_back(Json::array({size.count(), energy}));
    }
    entry["curve"] = {{"points", points},
                      {"bits", form.bits},
                      {"between", form.between == Between::power ? "power" : "linear"}};
  }
  void operator()(const Milliwatts& form) const { entry["milliwatts"] = form.power; }
};

Json json_of(const EnergyEntry& entry) {
  Json json{{"action", entry.action}};
  std::visit(FormWriter{json}, entry.form);
  if (!entry.source.empty()) json["source"] = entry.source;
  if (entry.technology) json["technology"] = json_of(*entry.technology);
  return json;
}

/// Writes each field of a part as the object's member of that key.
struct FieldWriter {
  Json& object;
  const std::vector<EnergyEntry>* table_entries = nullptr;  ///< of an energy table

  void operator()(const char* key, int member, IntegerBounds) const { object[key] = member; }
  template <class Unit>
  void operator()(const char* key, Quantity<Unit, std::int64_t> member, IntegerBounds) const {
    object[key] = member.count();
  }
  void operator()(const char* key, double member, RealBounds) const { object[key] = member; }
  /// Left out where an entry stands in its place.
  void operator()(const char* key, double member, PlainOf plain, RealBounds) const {
    const std::vector<EnergyEntry>& entries = *table_entries;
    if (std::ranges::find(entries, plain.action, &EnergyEntry::action) == entries.end()) {
      object[key] = member;
    }
  }
  void operator()(const char* key, const std::optional<Technology>& member) const {
    if (member) object[key] = json_of(*member);
  }
  void operator()(const char* key, const std::vector<EnergyEntry>& member) const {
    for (const EnergyEntry& entry : member) object[key].push_back(json_of(entry));
  }
  void operator()(const char* key, const std::vector<ComponentArea>& member) const {
    for (const ComponentArea& area : member) {
      object[key].push_back({{"component", area.component}, {"um2", area.square_micrometres}});
    }
  }
  void operator()(const char* key, Hertz member, RealBounds) const {
    object[key] = member.count() / 1e6;
  }
  void operator()(const char* key, bool member) const { object[key] = member; }
  template <class Enum, std::size_t size>
  void operator()(const char* key, Enum member,
                  const std::array<Named<Enum>, size>& allowed) const {
    object[key] = std::ranges::find(allowed, member, &Named<Enum>::value)->name;
  }
  template <class Member, class... Allowed>
  void operator()(const char* key, const Member& member, Optional,
                  const Allowed&... allowed) const {
    (*this)(key, member, allowed...);
  }
  template <class Allowed>
  void operator()(const char* key, const std::string& member, const Allowed&) const {
    object[key] = member;
  }
  template <class Allowed>
  void operator()(const char* key, const std::vector<std::string>& member, const Allowed&) const {
    object[key] = member;
  }
  void operator()(const char* key, const EnergyTable& member) const {
    Json& part = object[key] = Json{{"name", member.name}};
    FieldWriter writer{.object = part, .table_entries = &member.entries};
    visit_fields(writer, member);
  }
  template <class Part>
  void operator()(const char* key, const Part& member) const {
    Json& part = object[key] = Json::object();
    FieldWriter writer{.object = part};
    visit_fields(writer, member);
  }
};

}  // namespace

std::string to_json_text(const Architecture& arch, int indent) {
  Json object{{"name", arch.name}};
  FieldWriter writer{.object = object};
  visit_fields(writer, arch);
  return object.dump(indent);
}

std::string to_json_text(const EnergyTable& table, int indent) {
  Json object{{"name", table.name}};
  FieldWriter writer{.object = object, .table_entries = &table.entries};
  visit_fields(writer, table);
  return object.dump(indent);
}

}  // namespace ridgeline
