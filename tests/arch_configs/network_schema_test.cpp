#include "models/network/network_json.hpp"
#include "models/network/zoo/zoo.hpp"
#include "tests/arch_configs/config_files.hpp"
#include "tests/arch_configs/schema_check.hpp"
#include "tests/support/effort.hpp"

using namespace ridgeline;
using namespace ridgeline::config_files;

namespace {

Json network_schema() {
  return Json::parse(read(folder() / "schema" / "network.schema.json").text);
}

/// Every operation once, so that each of its keys is written out.
Json every_operation() {
  NetworkBuilder net("every", "a test", {1, 3, 9, 9});
  net.set_preprocessing({.channels = ChannelOrder::bgr, .mean = {104, 117, 123}});
  const Window window{.R = 3, .S = 3};
  const NodeId conv = net.conv("conv", net.input(), {.M = 3});
  NodeId x = net.relu("relu", net.batch_norm("norm", conv));
  x = net.concat("concat", {net.add("add", x, net.input()), conv});
  x = net.add("relu6", ClampOp{.highest = 6}, {x});
  x = net.add("clip", ClampOp{.lowest = -3, .highest = 7}, {x});
  x = net.add("lrn", LrnOp{}, {x});
  x = net.pool("max", x, {.window = window});
  x = net.pool("average", x, {.kind = PoolKind::average, .window = window});
  x = net.fully_connected("full", x, {.M = 5});
  net.add("softmax", SoftmaxOp{}, {x});
  return Json::parse(to_json_text(std::move(net).build()));
}

std::optional<InputProblem> read_problem(const Json& json) {
  return problem_of([&] { return parse_network({"net.json", json.dump()}); });
}

/// The definition of a node, or the schema itself.
const Json& schema_at(const Json& schema, const Json& json, const std::string& at) {
  if (at.empty()) return schema;
  if (at == "/preprocessing") return schema["properties"]["preprocessing"];
  return schema["$defs"][json[Json::json_pointer(at)]["op"].get<std::string>()];
}

}  // namespace

TEST_CASE("Networks that are written are as their schema says", "[arch_configs]") {
  const Json schema = network_schema();
  CHECK(refused(schema, every_operation()).empty());
  const std::vector<zoo::Entry>& all = zoo::list();
  for (std::size_t i = 0; i < all.size(); i += testing::kSanitized ? 5 : 1) {
    INFO(all[i].name);
    CHECK(refused(schema, Json::parse(to_json_text(zoo::make(all[i].name)))).empty());
  }
}

TEST_CASE("The reader of networks and their schema know the same keys, types and values",
          "[arch_configs]") {
  const Json schema = network_schema();
  const Json json = every_operation();
  REQUIRE_FALSE(read_problem(json));
  const auto both_refuse = [&](const Json& changed, const std::string& what) {
    INFO(what);
    CHECK_FALSE(refused(schema, changed).empty());
    CHECK(read_problem(changed));
  };
  std::vector<std::string> places{"", "/preprocessing"};
  for (std::size_t i = 0; i < json["nodes"].size(); ++i) {
    places.push_back("/nodes/" + std::to_string(i));
  }
  std::set<std::string> operations;
  int drawn = 0;
  for (const std::string& at : places) {
    const Json::json_pointer place(at);
    const Json& rules = schema_at(schema, json, at);
    if (at.starts_with("/nodes")) operations.insert(json[place]["op"]);
    const auto required = rules["required"].get<std::set<std::string>>();
    std::set<std::string> known, written;
    for (const auto& [key, unused] : rules["properties"].items()) known.insert(key);
    for (const auto& [key, unused] : json[place].items()) written.insert(key);
    INFO(at);
    CHECK(known == written);  // so that the reader accepts every key of the schema
    Json changed = json;
    changed[place]["surprise"] = 1;
    both_refuse(changed, at + "/surprise");
    const auto problem = read_problem(changed);
    for (const std::string& key : known) CHECK(problem->allowed.find(key) != std::string::npos);
    for (const auto& [key, unused] : json[place].items()) {
      for (const Json& wrong : {Json(nullptr), Json(-1), Json(1e300), Json(""), Json::array(),
                                Json{1, "a"}, Json(Json::object())}) {
        if (testing::kSanitized && ++drawn % 8 != 0) continue;
        if (wrong == "" && key == "source") continue;
        if (wrong == 1e300 && (key == "epsilon" || key == "beta")) continue;
        if (wrong == -1 && (key == "beta" || key == "lowest" || key == "highest")) continue;
        if (key == "inputs" && wrong.is_array() && wrong.empty()) continue;  // the operation counts
        changed = json;
        changed[place][key] = wrong;
        both_refuse(changed, at + "/" + key + " = " + wrong.dump());
      }
      changed = json;
      changed[place].erase(key);
      const bool needed = required.contains(key);
      INFO("without " << key);
      CHECK(refused(schema, changed).empty() == !needed);
      const bool kernel = key == "kernel" && !needed;  // of a pool that is not global
      CHECK(read_problem(changed).has_value() == (needed || kernel));
    }
  }
  CHECK(operations.size() == schema["properties"]["nodes"]["items"]["oneOf"].size());
}
