#include "models/arch/architecture_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "models/arch/architecture_fields.hpp"

namespace ridgeline {
namespace {

using namespace arch_fields;
using Json = nlohmann::ordered_json;

/// Writes each field of a part as the object's member of that key.
struct FieldWriter {
  Json& object;

  void operator()(const char* key, int member, IntegerBounds) const { object[key] = member; }
  template <class Unit>
  void operator()(const char* key, Quantity<Unit, std::int64_t> member, IntegerBounds) const {
    object[key] = member.count();
  }
  void operator()(const char* key, double member, RealBounds) const { object[key] = member; }
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
    FieldWriter writer{.object = part};
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

}  // namespace ridgeline
