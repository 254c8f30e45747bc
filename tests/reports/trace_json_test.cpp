#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "reports/report.hpp"
#include "tests/reports/sample_trace.hpp"

namespace ridgeline::reports {
namespace {

using Json = nlohmann::json;

/// The lines after the names of the tracks.
const char* const kEvents = R"(
{"name":"conv1 #0","ph":"X","ts":0,"dur":8,"pid":1,"tid":10,"args":{"words":64}},
{"name":"ifmap","ph":"X","ts":0,"dur":6,"pid":1,"tid":11,"args":{"words":48}},
{"name":"filter","ph":"X","ts":6,"dur":2,"pid":1,"tid":11,"args":{"words":16}},
{"name":"conv1","ph":"X","ts":0,"dur":110,"pid":1,"tid":12},
{"name":"conv1 #0","ph":"X","ts":0,"dur":50,"pid":1,"tid":12,"args":{"m":[0,4],"c":[0,3],"p":[0,10],"q":[0,10]}},
{"name":"dram_stall","ph":"X","ts":0,"dur":10,"pid":1,"tid":12},
{"name":"compute","ph":"X","ts":10,"dur":40,"pid":1,"tid":12},
{"name":"conv1 #1","ph":"X","ts":50,"dur":50,"pid":1,"tid":12,"args":{"m":[4,8],"c":[0,3],"p":[0,10],"q":[0,10]}},
{"name":"compute","ph":"X","ts":50,"dur":50,"pid":1,"tid":12},
{"name":"vector_stall","ph":"X","ts":100,"dur":10,"pid":1,"tid":12},
{"name":"pool1","ph":"X","ts":110,"dur":20,"pid":1,"tid":12},
{"name":"pool1 #0","ph":"X","ts":110,"dur":20,"pid":1,"tid":12,"args":{"m":[0,8],"c":[0,1],"p":[0,5],"q":[0,4]}},
{"name":"vector_stall","ph":"X","ts":110,"dur":20,"pid":1,"tid":12},
{"name":"conv1 #0","ph":"X","ts":10,"dur":90,"pid":2,"tid":15}
]}
)";

TEST_CASE("A trace has one line a slice, in order, and ends as JSON does") {
  const std::string text = render_trace(traced_sample_run());
  const std::size_t begin = text.find("\n{\"name\":\"conv1 #0\"");
  REQUIRE(begin != std::string::npos);
  CHECK(text.substr(begin) == kEvents);
}

TEST_CASE("A trace says what its time means") {
  const Json json = Json::parse(render_trace(traced_sample_run()));
  CHECK(json["displayTimeUnit"] == "ms");
  CHECK(json["otherData"]["time_unit"] == "1 us in this file is 1 cycle of the machine");
  CHECK(json["otherData"]["clock_mhz"] == 500.0);
  CHECK(json["otherData"]["cycles"] == 130);
  CHECK(json["otherData"]["network"] == "two_layers");
}

TEST_CASE("Every track of a trace has a name, a place and a group") {
  const Json json = Json::parse(render_trace(traced_sample_run()));
  std::vector<std::string> names;
  for (const Json& event : json["traceEvents"]) {
    if (event["name"] == "thread_name") names.push_back(event["args"]["name"]);
  }
  std::vector<std::string> expected{"load DMA", "DRAM bus", "PE array", "vector unit", "store DMA"};
  for (const char* operand : {"ifmap", "filter", "residual", "psum"}) {
    for (const char* half : {" half 0", " half 1", " half 2", " half 3"}) {
      expected.push_back(std::string(operand) + half);
    }
  }
  CHECK(names == expected);
  CHECK(json["traceEvents"][0]["args"]["name"] == "units");
  CHECK(json["traceEvents"][1]["args"]["name"] == "global buffer");
}

TEST_CASE("A trace stays JSON whatever the names hold") {
  RunStats run = traced_sample_run();
  run.trace.layers[0].name = "quote\" back\\slash \x1b \xFF </script>";
  run.network = "\"}],";
  run.arch.name = "\n";
  const Json json = Json::parse(render_trace(run));
  CHECK(json["otherData"]["network"] == "\"}],");
  std::size_t found = 0;
  for (const Json& event : json["traceEvents"]) {
    found += event["name"] == "quote\" back\\slash \x1b \xEF\xBF\xBD </script>";
  }
  CHECK(found == 1);
}

TEST_CASE("A run without slices is a trace without events") {
  const Json json = Json::parse(render_trace(sample_run()));
  CHECK(json["otherData"]["cycles"] == 0);
  for (const Json& event : json["traceEvents"]) CHECK(event["ph"] == "M");
}

}  // namespace
}  // namespace ridgeline::reports
