#include "models/mapping/mapping_json.hpp"

#include <set>

#include "models/mapping/dataflow.hpp"
#include "models/mapping/search.hpp"
#include "tests/arch_configs/config_files.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;
using config_files::Json;
using testing::Random;

namespace {

/// Two convolutions, one of them in groups, a pool and a normalisation on the 4x4 machine.
struct Setting {
  Architecture arch = testing::small_architecture();
  LoweredNetwork network;
  Setting() {
    NetworkBuilder net("net", "a test", {.C = 6, .H = 9, .W = 8});
    NodeId x =
        net.conv("first", net.input(), {.M = 8, .window = {.R = 3, .S = 3, .pad = {1, 1, 1, 1}}});
    x = net.conv("grouped", x, {.M = 8, .G = 4});
    x = net.pool("pool", x, {.window = {.R = 2, .S = 2, .stride = {2, 2}}});
    net.add("norm", LrnOp{.size = 3}, {x});
    network = lower(std::move(net).build());
  }
  [[nodiscard]] MappingContext context() const { return {arch, network, Precision::int8}; }
};

Json layer_json(const std::string& layer, const std::string& dataflow, const Json& tile) {
  return {{"layer", layer}, {"dataflow", dataflow}, {"tile", tile}, {"order", "filter_outer"}};
}

/// A correct file.
Json correct() {
  const Json first{{"N", 1}, {"G", 1}, {"M", 4}, {"C", 6}, {"P", 5}, {"Q", 8}};
  const Json grouped{{"N", 1}, {"G", 2}, {"M", 2}, {"C", 2}, {"P", 4}, {"Q", 8}};
  const Json norm{{"N", 1}, {"G", 1}, {"M", 8}, {"C", 1}, {"P", 4}, {"Q", 4}};
  return {{"schema", "ridgeline.mapping/1"},
          {"architecture", "small"},
          {"network", "net"},
          {"precision", "int8"},
          {"layers",
           {layer_json("first", "ws", first), layer_json("grouped", "ws", grouped),
            layer_json("norm", "vector", norm)}}};
}

std::vector<LayerMapping> parse(const Setting& setting, const Json& json) {
  return parse_mappings({"maps.json", json.dump()}, setting.context());
}

InputProblem problem_with(const std::string& pointer, const Json& value) {
  const Setting setting;
  Json json = correct();
  json[Json::json_pointer(pointer)] = value;
  const auto problem = config_files::problem_of([&] { return parse(setting, json); });
  REQUIRE(problem);
  CHECK(problem->file == "maps.json");
  return *problem;
}

}  // namespace

TEST_CASE("Mappings that are written and read again are the same") {
  int layers = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    Architecture arch = testing::random_architecture(random);
    arch.global_buffer.bytes = Bytes(1 << 20);
    const LoweredNetwork network = lower(testing::random_network(random));
    std::vector<const Dataflow*> dataflows;
    for (const Dataflow& dataflow : all_dataflows()) dataflows.push_back(&dataflow);
    std::vector<LayerMapping> written;
    for (const LoweredLayer& layer : network.layers) {
      const FoundMappings found = search_mappings(
          arch, {.layer = layer, .precision = Precision::int16, .dataflows = dataflows, .keep = 5});
      if (found.best.empty()) continue;
      written.push_back({layer.name, found.best.back().mapping});
    }
    if (written.empty()) continue;
    const MappingContext context{arch, network, Precision::int16};
    CHECK(parse_mappings({"maps.json", to_json_text(written, context)}, context) == written);
    layers += static_cast<int>(written.size());
  }
  CHECK(layers > 40);
}

TEST_CASE("A file of mappings is read as it stands") {
  const Setting setting;
  const auto mappings = parse(setting, correct());
  REQUIRE(mappings.size() == 3);
  CHECK(mappings[0].layer == "first");
  CHECK(mappings[0].mapping == Mapping{.dataflow = find_dataflow("ws"),
                                       .tile = {.M = 4, .C = 6, .P = 5, .Q = 8},
                                       .order = TileOrder::filter_outer});
  CHECK(mappings[1].mapping.tile.G == 2);
  CHECK(mappings[2].mapping.dataflow == nullptr);
}

TEST_CASE("Mistakes in a file of mappings are named with their places") {
  const auto check = [](const std::string& pointer, const Json& value, const std::string& what,
                        const std::string& nearest = "", const std::string& place = "") {
    INFO(pointer << " = " << value.dump());
    const InputProblem problem = problem_with(pointer, value);
    INFO(problem.what << "; " << problem.allowed);
    CHECK(problem.place == (place.empty() ? pointer : place));
    CHECK(problem.what.find(what) != std::string::npos);
    CHECK(problem.nearest == nearest);
  };
  check("/schema", "ridgeline.mapping/2", "schema", "ridgeline.mapping/1");
  check("/architecture", "smaller", "for another architecture");
  check("/network", 3, "must be a string");
  check("/precision", "int16", "for another precision");
  check("/layers", Json::array(), "");
  check("/surprise", 1, "unknown");
  check("/layers/0/surprise", 1, "unknown");
  check("/layers/0/tile/K", 1, "unknown", "N");
  check("/layers/0/layer", "frist", "is not a layer of net", "first");
  check("/layers/1/layer", "first", "", "", "/layers/1/tile/G");
  check("/layers/0/dataflow", "wss", "dataflow", "ws");
  check("/layers/0/dataflow", "ws_gemm", "dataflow of small");
  check("/layers/2/dataflow", "ws", "dataflow of a vector layer");
  check("/layers/0/order", "outer", "order");
  check("/layers/0/tile/M", 0, "out of range");
  check("/layers/0/tile/M", 9, "out of range");
  check("/layers/0/tile/P", 2.5, "must be an integer");
  check("/layers/0/tile/P", "5", "must be an integer");
  check("/layers/0/tile/G", 2, "out of range");
  check("/layers/1/tile/M", 1, "holds all of each", "", "/layers/1/tile/G");
  check("/layers/2/tile/M", 4, "looks across channels");
  check("/layers/2/tile/C", 2, "out of range");
  Json twice = correct();
  twice["layers"][1] = twice["layers"][0];
  const auto problem = config_files::problem_of([&] { return parse(Setting(), twice); });
  REQUIRE(problem);
  CHECK(problem->place == "/layers/1");
  CHECK(problem->what.find("appears twice") != std::string::npos);
}

TEST_CASE("A mapping that does not fit the buffer says how many bytes are missing") {
  Setting setting;
  setting.arch.global_buffer.bytes = Bytes(600);
  try {
    (void)parse(setting, correct());
    FAIL("it does not fit");
  } catch (const InfeasibleError& error) {
    const std::string what = error.what();
    INFO(what);
    CHECK(what.starts_with("maps.json: /layers/0/tile: layer first: this mapping cannot run"));
    CHECK(what.find("its tile needs") != std::string::npos);
    CHECK(what.find("B are missing") != std::string::npos);
  }
}

TEST_CASE("An os tile that would send its psums away half way cannot run") {
  Json json = correct();
  json["layers"][0]["dataflow"] = "os";
  json["layers"][0]["tile"]["C"] = 3;
  CHECK_THROWS_AS(parse(Setting(), json), InfeasibleError);
  json["layers"][0]["tile"]["C"] = 6;
  CHECK_NOTHROW(parse(Setting(), json));
}

TEST_CASE("An rs tile that would fold a set beside another, or read too much, cannot run") {
  Setting setting;
  setting.arch.pe_array.rows = 12;
  Json json = correct();
  json["layers"][0]["dataflow"] = "rs";
  const auto problem = config_files::problem_of([&] { return parse(setting, json); });
  REQUIRE(problem);
  CHECK(problem->place == "/layers/0/tile");
  CHECK(problem->what.find("cannot be folded") != std::string::npos);
  json["layers"][0]["tile"]["P"] = 4;
  CHECK_FALSE(config_files::problem_of([&] { return parse(setting, json); }));
  setting.arch.global_buffer.ifmap_pass_bytes = Bytes(100);
  const auto second = config_files::problem_of([&] { return parse(setting, json); });
  REQUIRE(second);
  CHECK(second->what.find("at most 100 B can be read") != std::string::npos);
}
