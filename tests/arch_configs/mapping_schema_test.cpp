#include "models/mapping/dataflow.hpp"
#include "models/mapping/mapping_json.hpp"
#include "models/mapping/search.hpp"
#include "models/network/zoo/zoo.hpp"
#include "tests/arch_configs/config_files.hpp"
#include "tests/arch_configs/schema_check.hpp"

using namespace ridgeline;
using namespace ridgeline::config_files;

namespace {

Json mapping_schema() {
  return Json::parse(read(folder() / "schema" / "mapping.schema.json").text);
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
  CHECK(refused(mapping_schema(), json).empty());
}

TEST_CASE("The reader of mappings and their schema refuse the same keys, types and values",
          "[arch_configs]") {
  const Written written;
  const Json schema = mapping_schema();
  const Json json = written.json();
  REQUIRE_FALSE(written.read_problem(json));
  const auto both_refuse = [&](const Json& changed, const std::string& what) {
    INFO(what);
    CHECK_FALSE(refused(schema, changed).empty());
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
