#include <set>

#include "models/mapping/dataflow.hpp"
#include "models/mapping/mapping_json.hpp"
#include "models/mapping/search.hpp"
#include "models/network/zoo/zoo.hpp"
#include "tests/arch_configs/config_files.hpp"

using namespace ridgeline;
using namespace ridgeline::config_files;

namespace {

Json mapping_schema() {
  return Json::parse(read(folder() / "schema" / "mapping.schema.json").text);
}

bool has_type(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  REQUIRE(type == "integer");
  return value.is_number_integer();
}

/// Places of `value` that the schema refuses; knows the keywords that the schema of mappings uses.
std::vector<std::string> refused(const Json& schema, const Json& value, const std::string& at) {
  static const std::set<std::string> known{
      "$schema",    "title",    "description", "type",     "enum",     "additionalProperties",
      "properties", "required", "items",       "minItems", "maxItems", "minimum",
      "minLength",  "maxLength"};
  for (const auto& [keyword, unused] : schema.items()) REQUIRE(known.contains(keyword));
  if (!has_type(value, schema.at("type"))) return {at};
  std::vector<std::string> places;
  const auto refuse_if = [&](bool wrong) {
    if (wrong) places.push_back(at);
  };
  if (schema.contains("enum")) {
    refuse_if(std::ranges::find(schema["enum"], value) == schema["enum"].end());
  }
  if (value.is_number_integer()) refuse_if(value < schema.at("minimum"));
  if (value.is_string() && schema.contains("minLength")) {
    const auto length = value.get<std::string>().size();
    refuse_if(length < schema["minLength"] || length > schema["maxLength"]);
  }
  const auto below = [&](const Json& part, const Json& member, const std::string& step) {
    const auto more = refused(part, member, at + "/" + step);
    places.insert(places.end(), more.begin(), more.end());
  };
  if (value.is_array()) {
    refuse_if(value.size() < schema.at("minItems") || value.size() > schema.at("maxItems"));
    for (std::size_t i = 0; i < value.size(); ++i) {
      below(schema.at("items"), value[i], std::to_string(i));
    }
  }
  if (value.is_object()) {
    CHECK(schema.at("additionalProperties") == false);
    for (const Json& key : schema.at("required")) refuse_if(!value.contains(key));
    for (const auto& [key, member] : value.items()) {
      if (!schema.at("properties").contains(key)) {
        places.push_back(at + "/" + key);
      } else {
        below(schema["properties"][key], member, key);
      }
    }
  }
  return places;
}

/// SqueezeNet v1.1 on the 16x16 machine, every layer as the search maps it.
struct Written {
  Architecture arch = load("squeezelerator_16x16");
  LoweredNetwork network = lower(zoo::make("squeezenet_v1.1"));
  [[nodiscard]] MappingContext context() const { return {arch, network, Precision::int8}; }
  [[nodiscard]] Json json() const {
    std::vector<LayerMapping> mappings;
    for (const LoweredLayer& layer : network.layers) {
      const FoundMappings found =
          search_mappings(arch, {.layer = layer,
                                 .precision = Precision::int8,
                                 .dataflows = {find_dataflow("ws"), find_dataflow("os")}});
      mappings.push_back({layer.name, found.best.front().mapping});
    }
    return Json::parse(to_json_text(mappings, context()));
  }
  [[nodiscard]] std::optional<InputProblem> read_problem(const Json& json) const {
    return problem_of([&] { return parse_mappings({"m.json", json.dump()}, context()); });
  }
};

}  // namespace

TEST_CASE("Mappings that are written are as their schema says", "[arch_configs]") {
  const Written written;
  const Json json = written.json();
  CHECK(json["layers"].size() == written.network.layers.size());
  CHECK(refused(mapping_schema(), json, "").empty());
}

TEST_CASE("The reader of mappings and their schema refuse the same keys, types and values",
          "[arch_configs]") {
  const Written written;
  const Json schema = mapping_schema();
  const Json json = written.json();
  REQUIRE_FALSE(written.read_problem(json));
  const auto both_refuse = [&](const Json& changed, const std::string& what) {
    INFO(what);
    CHECK_FALSE(refused(schema, changed, "").empty());
    CHECK(written.read_problem(changed));
  };
  int objects = 0;
  for (const std::string at : {"", "/layers/0", "/layers/0/tile"}) {
    const Json::json_pointer place(at);
    Json changed = json;
    changed[place]["surprise"] = 1;
    both_refuse(changed, at + "/surprise");
    for (const auto& [key, unused] : json[place].items()) {
      changed = json;
      changed[place].erase(key);
      both_refuse(changed, at + " without " + key);
      for (const Json& wrong : {Json(nullptr), Json(true), Json(0), Json(1.5), Json("x y"),
                                Json::array(), Json::object()}) {
        const bool name = key == "layer" || key == "architecture" || key == "network";
        if (name && wrong.is_string()) continue;  // a name, though not of anything here
        changed = json;
        changed[place][key] = wrong;
        both_refuse(changed, at + "/" + key + " = " + wrong.dump());
      }
    }
    ++objects;
  }
  CHECK(objects == 3);
}

TEST_CASE("The schema of mappings names every dataflow", "[arch_configs]") {
  const Json schema = mapping_schema();
  const Json& items = schema["properties"]["layers"]["items"];
  std::vector<std::string> names;
  for (const Dataflow& dataflow : all_dataflows()) names.push_back(dataflow.name);
  names.emplace_back("vector");
  CHECK(items["properties"]["dataflow"]["enum"] == Json(names));
}
