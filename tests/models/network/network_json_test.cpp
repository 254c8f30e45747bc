#include "models/network/network_json.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>

#include "models/base/error.hpp"
#include "models/network/zoo/zoo.hpp"
#include "reports/report.hpp"
#include "sim/run.hpp"
#include "tests/models/numeric/small_networks.hpp"
#include "tests/support/random_case.hpp"

namespace ridgeline {
namespace {

using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

Network read(const std::string& text) {
  return parse_network({"net.json", text});
}

std::string message(const std::string& text) {
  try {
    (void)read(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

/// A small network by hand, as a person would write it.
Json by_hand() {
  return Json::parse(R"({"schema": "ridgeline.network/1", "name": "tiny", "input": [1, 3, 8, 8],
    "nodes": [{"name": "data", "op": "input"},
              {"name": "conv1", "op": "conv", "inputs": ["data"], "filters": 4, "kernel": [3, 3]},
              {"name": "relu1", "op": "relu", "inputs": ["conv1"]},
              {"name": "pool1", "op": "average_pool", "inputs": ["relu1"], "global": true},
              {"name": "fc", "op": "fully_connected", "inputs": ["pool1"], "filters": 10}]})");
}

std::string with(const std::string& pointer, const Json& value) {
  Json json = by_hand();
  json[Json::json_pointer(pointer)] = value;
  return message(json.dump());
}

TEST_CASE(
    "What is left out of a network's JSON is as the schema says, and what can be is worked out") {
  NetworkBuilder net("tiny", "", {1, 3, 8, 8}, "data");
  NodeId x =
      net.relu("relu1", net.conv("conv1", net.input(), {.M = 4, .window = {.R = 3, .S = 3}}));
  x = net.pool("pool1", x, {.kind = PoolKind::average, .global = true});
  net.fully_connected("fc", x, {.M = 10});
  CHECK(read(by_hand().dump()) == std::move(net).build());
}

/// No number that is its default.
Network unusual() {
  NetworkBuilder net("unusual", "a test", {2, 3, 12, 11}, "x");
  net.set_preprocessing(
      {.mean = {0.1, -2, 3e-9}, .scale = {1.0 / 3, 2, -1}, .fit = PictureFit::exact});
  const Window window{.R = 3, .S = 2, .stride = {2, 1}, .pad = {1, 0, 2, 1}, .dilation = {1, 2}};
  NodeId x = net.conv("conv", net.input(), {.M = 6, .G = 3, .window = window, .bias = false});
  x = net.add("norm", BatchNormOp{.epsilon = 0.1F}, {x});
  x = net.add("up", ClampOp{.lowest = -0.1F}, {x});
  x = net.add("down", ClampOp{.lowest = -std::numeric_limits<float>::infinity(), .highest = 3e-9F},
              {x});
  x = net.add("copy", ClampOp{.lowest = 0, .highest = 6, .separate = true}, {x});
  x = net.add("lrn", LrnOp{.size = 4, .alpha = 0.3F, .beta = -0.7F, .k = 1e-20F}, {x});
  x = net.pool("max", x, {.window = {.R = 2, .S = 3, .stride = {3, 2}}, .ceil_mode = true});
  x = net.pool("mean", x,
               {.kind = PoolKind::average,
                .window = {.R = 2, .S = 2, .pad = {1, 1, 0, 0}},
                .count_include_pad = true});
  net.fully_connected("full", x, {.M = 7, .bias = false});
  return std::move(net).build();
}

TEST_CASE("Every network that is written is read back the same") {
  std::vector<Network> networks{small_networks::everything(), small_networks::fires(), unusual()};
  for (const zoo::Entry& entry : zoo::list()) networks.push_back(zoo::make(entry.name));
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    testing::Random random(seed);
    networks.push_back(testing::random_network(random));
  }
  for (const Network& network : networks) {
    INFO(network.name);
    const std::string text = to_json_text(network);
    CHECK(read(text) == network);
    CHECK(to_json_text(read(text)) == text);
  }
}

TEST_CASE("A network's JSON gives byte for byte the report of the network, for all that ship") {
  Architecture arch = testing::small_architecture();
  arch.global_buffer.bytes = Bytes(1 << 22);  // few tilings to search
  arch.pe_array.skip_zero_weights = false;    // no weights to make
  for (const zoo::Entry& entry : zoo::list()) {
    INFO(entry.name);
    const auto report = [&](const Network& network) {
      const RunStats run =
          sim::run_analytic(arch, lower(network), Precision::int8, 1, {.dataflow = "ws"});
      return reports::render_json(run) + reports::render_text(run) + reports::render_csv(run);
    };
    const Network network = zoo::make(entry.name);
    CHECK(report(read(to_json_text(network))) == report(network));
  }
}

TEST_CASE("Errors in a network's JSON name the file, the place, the value and what is allowed") {
  CHECK(message(by_hand().dump()) == "accepted");
  const std::string conv = "/nodes/1";
  CHECK_THAT(with("/schema", "ridgeline.network/2"), Contains("net.json: /schema: "));
  CHECK_THAT(with("/surprise", 1), Contains("/surprise: unknown key"));
  CHECK_THAT(with("/input", Json{1, 3, 8}), Contains("/input: must not be so short"));
  CHECK_THAT(with("/input/1", 0), Contains("/input/1: is out of range, got 0; allowed: 1 to"));
  CHECK_THAT(with("/input", Json{1, 3, 2147483647, 2147483647}),
             Contains("/input: ") && Contains("too many elements"));
  CHECK_THAT(with("/nodes", Json::array()), Contains("/nodes: must not be so short"));
  CHECK_THAT(with("/nodes/0/op", "relu"), Contains("/nodes/0: the first node is no input"));
  CHECK_THAT(with(conv + "/op", "convolution"), Contains("allowed: input, conv, fully_connected"));
  CHECK_THAT(with(conv + "/op", "cnov"), Contains("did you mean 'conv'?"));
  CHECK_THAT(with(conv + "/filter", 5), Contains("did you mean 'filters'?"));
  CHECK_THAT(with(conv + "/filters", 4294967296), Contains("/nodes/1/filters: is out of range"));
  CHECK_THAT(with(conv + "/filters", 4.0), Contains("must be an integer"));
  CHECK_THAT(with(conv + "/groups", 2),
             Contains("net.json: /nodes/1: node 'conv1': number of groups"));
  CHECK_THAT(with(conv + "/kernel", Json{9, 3}), Contains("node 'conv1': kernel spans 9"));
  CHECK_THAT(with(conv + "/inputs", Json{"dat"}),
             Contains("/nodes/1/inputs/0: ") && Contains("did you mean 'data'?"));
  CHECK_THAT(with(conv + "/inputs", Json{"conv1"}), Contains("\"conv1\" is no earlier node"));
  CHECK_THAT(with(conv + "/inputs", Json{"fc"}), Contains("\"fc\" is no earlier node"));  // a cycle
  CHECK_THAT(with(conv + "/inputs", Json{"data", "data"}), Contains("conv has 2 inputs"));
  CHECK_THAT(with(conv + "/inputs", Json::array()), Contains("conv has 0 inputs"));
  CHECK_THAT(with("/nodes/2/name", "conv1"), Contains("/nodes/2: node 'conv1': the name is taken"));
  CHECK_THAT(with("/nodes/2/op", "input"),
             Contains("/nodes/2: node 'relu1': a network has one input"));
  CHECK_THAT(with("/nodes/2", Json{{"name", "x"}}), Contains("/nodes/2/op: this key is missing"));
  CHECK_THAT(with("/nodes/2", 7), Contains("/nodes/2: must be an object, got 7"));
}

TEST_CASE("What a network's JSON says without need must be right") {
  CHECK(with("/nodes/1/output", Json{1, 4, 6, 6}) == "accepted");
  CHECK_THAT(
      with("/nodes/1/output", Json{1, 4, 8, 8}),
      Contains("/nodes/1/output: ") && Contains("allowed: [1, 4, 6, 6], or leave the key out"));
  CHECK_THAT(with("/nodes/0/output", Json{1, 3, 8, 9}), Contains("/nodes/0/output: "));
  CHECK_THAT(with("/nodes/1/macs", 3887), Contains("/nodes/1/macs: ") && Contains("allowed: 3888"));
  CHECK_THAT(with("/nodes/4/biases", 9), Contains("allowed: 10"));
  CHECK_THAT(with("/weights", 1), Contains("/weights: ") && Contains("allowed: 148"));
  CHECK(with("/nodes/3/kernel", Json{6, 6}) == "accepted");
  CHECK_THAT(with("/nodes/3/kernel", Json{6, 5}),
             Contains("allowed: [6, 6], or leave the key out"));
}

TEST_CASE("A network's JSON may say how a picture becomes the input") {
  Json json = by_hand();
  json["preprocessing"] = {{"channels", "bgr"}, {"mean", {104, 117, 123}}, {"fit", "stretch"}};
  CHECK(read(json.dump()).preprocessing == Preprocessing{.channels = ChannelOrder::bgr,
                                                         .mean = {104, 117, 123},
                                                         .fit = PictureFit::stretch});
  const auto wrong = [&](const std::string& key, const Json& value) {
    Json changed = json;
    changed["preprocessing"][key] = value;
    return message(changed.dump());
  };
  CHECK_THAT(wrong("mean", {1, 2}), Contains("/preprocessing/mean: must not be so short"));
  CHECK_THAT(wrong("scale", {1, 0, 1}), Contains("/preprocessing: ") && Contains("scale of 0"));
  CHECK_THAT(wrong("channels", "rgba"), Contains("allowed: rgb, bgr, grey; did you mean 'rgb'?"));
  CHECK_THAT(wrong("channels", "grey"), Contains("/preprocessing"));
  CHECK_THAT(wrong("fit", "letterbox"), Contains("allowed: exact, crop, stretch"));
}

TEST_CASE("Numbers that are none, deep nesting and long lists in a network's JSON are refused") {
  Json json = by_hand();
  json["nodes"][2] = {{"name", "n"}, {"op", "lrn"}, {"inputs", {"conv1"}}, {"k", 7}};
  json["nodes"][3]["inputs"] = {"n"};
  std::string text = json.dump();
  CHECK(message(text) == "accepted");
  const std::string k = "\"k\":7";
  for (const char* number : {"NaN", "Infinity", "1e999", "-1", "0", "\"7\""}) {
    std::string changed = text;
    changed.replace(changed.find(k), k.size(), std::string("\"k\":") + number);
    INFO(number);
    CHECK_THAT(message(changed), Contains("net.json: "));
  }
  CHECK_THAT(message(std::string(100000, '[')), Contains("net.json: "));
  CHECK_THAT(message(R"({"schema": "ridgeline.network/1", "schema": "ridgeline.network/1"})"),
             Contains("twice"));
  CHECK_THAT(message("[]"), Contains("must be an object"));
}

}  // namespace
}  // namespace ridgeline
