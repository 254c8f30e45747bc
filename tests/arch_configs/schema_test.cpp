#include <cmath>
#include <functional>
#include <limits>
#include <set>

#include "tests/arch_configs/config_files.hpp"

using namespace ridgeline;
using namespace ridgeline::config_files;

namespace {

/// Walks a schema beside a correct document and holds the reader to what the schema says.
struct SchemaWalk {
  Json document;  ///< correct
  std::function<std::optional<InputProblem>(const Json&)> read;

  std::optional<InputProblem> with(const std::string& pointer, Json value) const {
    Json changed = document;
    changed[Json::json_pointer(pointer)] = std::move(value);
    return read(changed);
  }
  void accepts(const std::string& pointer, const Json& value) const {
    INFO(pointer << " = " << value.dump().substr(0, 80));
    const auto problem = with(pointer, value);
    INFO((problem ? problem->what : ""));
    CHECK_FALSE(problem);
  }
  void refuses(const std::string& pointer, const Json& value) const {
    INFO(pointer << " = " << value.dump().substr(0, 80));
    const auto problem = with(pointer, value);
    REQUIRE(problem);
    CHECK(problem->place == pointer);
  }
  void refuses_types_but(const std::string& pointer, const std::vector<Json>& wrong) const {
    for (const Json& value : wrong) refuses(pointer, value);
    refuses(pointer, nullptr);
  }
};

const Json kList = Json::array({1});
const Json kObject = Json{{"a", 1}};

void walk_integer(const SchemaWalk& walk, const Json& schema, const std::string& at) {
  const auto min = schema.at("minimum").get<std::int64_t>();
  const auto max = schema.at("maximum").get<std::int64_t>();
  walk.accepts(at, min);
  walk.accepts(at, max);
  walk.refuses(at, min - 1);
  walk.refuses(at, max + 1);
  walk.refuses(at, std::numeric_limits<std::uint64_t>::max());
  walk.refuses(at, static_cast<double>(min) + 0.5);
  walk.refuses(at, static_cast<double>(max));
  walk.refuses_types_but(at, {"16", true, kList, kObject});
}

void walk_number(const SchemaWalk& walk, const Json& schema, const std::string& at) {
  const auto min = schema.at("minimum").get<double>();
  const auto max = schema.at("maximum").get<double>();
  walk.accepts(at, min);
  walk.accepts(at, max);
  walk.accepts(at, schema.at("minimum"));
  walk.accepts(at, schema.at("maximum"));
  walk.refuses(at, std::nextafter(min, -1e300));
  walk.refuses(at, std::nextafter(max, 1e300));
  walk.refuses_types_but(at, {"16", true, kList, kObject});
}

/// `free` is false where another rule decides which of the strings are good.
void walk_string(const SchemaWalk& walk, const Json& schema, const std::string& at, bool free) {
  walk.refuses_types_but(at, {16, true, kList});
  if (schema.contains("enum")) {
    for (const Json& name : schema["enum"]) walk.accepts(at, name);
    walk.refuses(at, schema["enum"][0].get<std::string>() + "x");
    walk.refuses(at, "");
  } else if (free) {
    const auto min = schema.at("minLength").get<std::size_t>();
    const auto max = schema.at("maxLength").get<std::size_t>();
    walk.accepts(at, std::string(min, 'x'));
    std::string longest;
    for (std::size_t i = 0; i < max; ++i) longest += "é";
    walk.accepts(at, longest);
    walk.refuses(at, std::string(min - 1, 'x'));
    walk.refuses(at, longest + "x");
    CHECK(schema.at("pattern") == "^[^\\u0000-\\u001f\\u007f-\\u009f]*$");
    for (const char* control : {"a\x01", "\n", "\x7f", "\xC2\x9B"}) walk.refuses(at, control);
    walk.accepts(at, "\xC2\xA0");
  }
}

void walk_array(const SchemaWalk& walk, const Json& schema, const std::string& at) {
  walk.refuses_types_but(at, {16, true, "ws", kObject});
  const Json first = walk.document.at(Json::json_pointer(at)).at(0);
  const auto max = schema.at("maxItems").get<std::size_t>();
  walk.refuses(at, Json(std::vector<Json>(max + 1, first)));
  if (schema.value("minItems", 0) == 1) {
    walk.refuses(at, Json::array());
  } else {
    walk.accepts(at, Json::array());
  }
  const bool names = schema.value("uniqueItems", false);
  if (names) {
    Json changed = walk.document;
    changed[Json::json_pointer(at)] = {first, first};
    REQUIRE(walk.read(changed));
    CHECK(walk.read(changed)->place == at + "/1");
  } else {
    walk.accepts(at, Json(std::vector<Json>(max, first)));
  }
  walk_string(walk, schema.at("items"), at + "/0", !names);
}

std::set<std::string> split(const std::string& list) {
  std::set<std::string> words;
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(", ", begin), list.size());
    words.insert(list.substr(begin, end - begin));
    begin = end + 2;
  }
  return words;
}

void walk_value(const SchemaWalk& walk, const Json& schema, const std::string& at);

void walk_object(const SchemaWalk& walk, const Json& schema, const std::string& at) {
  INFO(at);
  CHECK(schema.at("additionalProperties") == false);
  const auto problem = walk.with(at + "/surprise", 1);
  REQUIRE(problem);
  CHECK(problem->place == at + "/surprise");
  std::set<std::string> keys;
  for (const auto& [key, property] : schema.at("properties").items()) {
    keys.insert(key);
    if (key != "base") walk_value(walk, property, at + "/" + key);
  }
  // The message lists every key that the reader knows.
  CHECK(split(problem->allowed) == keys);
  if (!at.empty()) walk.refuses_types_but(at, {16, true, kList});
}

void walk_value(const SchemaWalk& walk, const Json& schema, const std::string& at) {
  CHECK_FALSE((schema.value("description", "")).empty());
  if (schema.contains("anyOf")) return;  // the energy of an architecture: walked on its own
  const std::string type = schema.at("type");
  if (type == "integer") return walk_integer(walk, schema, at);
  if (type == "number") return walk_number(walk, schema, at);
  if (type == "string") return walk_string(walk, schema, at, !at.ends_with("/name"));
  if (type == "array") return walk_array(walk, schema, at);
  if (type == "object") return walk_object(walk, schema, at);
  REQUIRE(type == "boolean");
  walk.accepts(at, true);
  walk.accepts(at, false);
  walk.refuses_types_but(at, {0, "true", kList, kObject});
}

/// Every key that the schema requires is missed, and no other is.
void walk_required(const SchemaWalk& walk, const Json& properties, const Json& required,
                   const std::string& at) {
  for (const auto& [key, unused] : properties.items()) {
    Json changed = walk.document;
    changed[Json::json_pointer(at)].erase(key);
    INFO(at << " without " << key);
    const auto problem = walk.read(changed);
    const bool needed = std::find(required.begin(), required.end(), key) != required.end();
    const bool present = walk.document[Json::json_pointer(at)].contains(key);
    REQUIRE(problem.has_value() == (needed && present));
    if (problem) CHECK(problem->place == at + "/" + key);
  }
}

Json schema_of(const std::string& name) {
  return Json::parse(read(folder() / "schema" / (name + ".schema.json")).text);
}

SchemaWalk architecture_walk() {
  return {.document = whole_architecture(), .read = [](const Json& document) {
            return problem_of([&] { return parse_architecture_text(document.dump()); });
          }};
}

SchemaWalk energy_walk() {
  return {.document = whole_energy_table(), .read = [](const Json& document) {
            return problem_of([&] { return parse_energy_text(document.dump()); });
          }};
}

}  // namespace

TEST_CASE("The reader and the architecture schema agree on every key, type and range",
          "[arch_configs]") {
  const Json schema = schema_of("architecture");
  const SchemaWalk walk = architecture_walk();
  REQUIRE_FALSE(walk.read(walk.document));
  walk_object(walk, schema, "");

  const Json& whole = schema["anyOf"][1];
  walk_required(walk, schema["properties"], whole["required"], "");
  for (const auto& [part, rule] : whole["properties"].items()) {
    if (part == "energy") continue;
    walk_required(walk, schema["properties"][part]["properties"], rule["required"], "/" + part);
  }
}

TEST_CASE("The reader and the energy schema agree, in a file of its own and inside an architecture",
          "[arch_configs]") {
  const Json schema = schema_of("energy");
  const Json& table = schema["$defs"]["table"];
  const SchemaWalk alone = energy_walk();
  REQUIRE_FALSE(alone.read(alone.document));
  walk_object(alone, table, "");
  walk_required(alone, table["properties"], schema["anyOf"][0]["required"], "");

  const SchemaWalk inside = architecture_walk();
  const Json architecture = schema_of("architecture");
  CHECK(architecture["properties"]["energy"]["anyOf"][1]["$ref"] ==
        "energy.schema.json#/$defs/table");
  walk_object(inside, table, "/energy");
  walk_required(inside, table["properties"],
                architecture["anyOf"][1]["properties"]["energy"]["anyOf"][0]["required"],
                "/energy");
  inside.accepts("/energy", "eyeriss_isca16");
}

TEST_CASE("The reader and the energy schema agree on the entries and areas of a table",
          "[arch_configs]") {
  const Json schema = schema_of("energy");
  const Json& entry = schema["$defs"]["entries"]["items"];
  const Json& properties = entry["properties"];
  CHECK(properties["action"]["enum"] == Json(energy_actions()));
  // One walk a form, on an action that takes it.
  const std::pair<Json, const char*> forms[] = {
      {{{"action", "rf.ifmap"}, {"value", 1}}, "value"},
      {{{"action", "dram"}, {"per_bit", 1}}, "per_bit"},
      {{{"action", "noc"}, {"per_bit_mm", 1}, {"mm", 2}}, "per_bit_mm"},
      {{{"action", "leakage"}, {"milliwatts", 1}}, "milliwatts"}};
  for (const auto& [given, form] : forms) {
    SchemaWalk walk = energy_walk();
    walk.document["unit"] = "pJ";
    walk.document["entries"] = Json::array({given});
    if (given["action"] == "dram") walk.document.erase("dram");
    if (given["action"] == "noc") walk.document.erase("noc");
    if (given["action"] == "leakage") walk.document.erase("leakage_per_cycle");
    REQUIRE_FALSE(walk.read(walk.document));
    walk_value(walk, properties[form], std::string("/entries/0/") + form);
    walk_value(walk, properties["source"], "/entries/0/source");
    const auto problem = walk.with("/entries/0/surprise", 1);
    REQUIRE(problem);
    CHECK(split(problem->allowed).size() == properties.size());
    for (const auto& [key, unused] : properties.items()) {
      CHECK(split(problem->allowed).contains(key));
    }
  }
  SchemaWalk walk = energy_walk();
  walk.document["entries"] = {
      {{"action", "glb.ifmap"},
       {"curve", {{"bits", 16}, {"between", "linear"}, {"points", {{512, 1}, {102400, 6}}}}}},
      {{"action", "mac.reused"}, {"by_precision", {{"int8", 1}, {"int16", 2}, {"fp32", 3}}}}};
  walk.document["areas"] = {{{"component", "mac"}, {"um2", 3}}};
  REQUIRE_FALSE(walk.read(walk.document));
  const Json& curve = properties["curve"]["properties"];
  walk_value(walk, curve["bits"], "/entries/0/curve/bits");
  walk_value(walk, curve["between"], "/entries/0/curve/between");
  walk.refuses("/entries/0/curve/points", Json::array({{512, 1}}));
  walk.refuses("/entries/0/curve/points", 5);
  walk_required(walk, curve, properties["curve"]["required"], "/entries/0/curve");
  const Json& precisions = properties["by_precision"];
  walk_value(walk, precisions["properties"]["int8"], "/entries/1/by_precision/int8");
  walk_required(walk, precisions["properties"], precisions["required"], "/entries/1/by_precision");
  walk_value(walk, schema["$defs"]["areas"]["items"]["properties"]["um2"], "/areas/0/um2");
  walk_required(walk, schema["$defs"]["areas"]["items"]["properties"],
                schema["$defs"]["areas"]["items"]["required"], "/areas/0");
}
