#include <catch2/catch.hpp>

#include <map>
#include <nlohmann/json.hpp>

#include "tests/cli/program_runner.hpp"

/// Timelines as a user gets them.
namespace ridgeline {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using Words = std::vector<std::string>;
using Json = nlohmann::json;

Finished run_with(const ScratchFolder& scratch, const Words& more) {
  Words words{"run", "--arch", "squeezelerator_8x8", "--network", kQuickNetwork};
  words.insert(words.end(), more.begin(), more.end());
  return run_program_in(scratch.path(), words);
}

/// Cycles on the array's track by the name of the slice.
std::map<std::string, long> array_cycles(const Json& trace) {
  int array = 0;
  for (const Json& event : trace["traceEvents"]) {
    const bool named = event["name"] == "thread_name" && event["args"]["name"] == "PE array";
    if (named) array = event["tid"];
  }
  std::map<std::string, long> cycles;
  for (const Json& event : trace["traceEvents"]) {
    const bool slice = event["ph"] == "X" && event["tid"] == array;
    if (slice) cycles[event["name"]] += event["dur"].get<long>();
  }
  return cycles;
}

TEST_CASE("The trace of a run adds up to its JSON report, with data and without") {
  const ScratchFolder scratch;
  const Json report = Json::parse(run_with(scratch, {"--format", "json"}).out);
  const Finished with = run_with(scratch, {"--format", "trace"});
  CHECK(with.code == 0);
  CHECK(with.err.empty());
  CHECK(run_with(scratch, {"--format", "trace", "--no-data"}).out == with.out);
  std::map<std::string, long> cycles = array_cycles(Json::parse(with.out));
  for (const auto& [category, sum] : report["total"]["cycles"].items()) {
    INFO(category);
    if (category != "total") CHECK(cycles[category] == sum);
  }
  for (const Json& layer : report["layers"]) {
    CHECK(cycles[layer["name"]] == layer["cycles"]["total"]);
  }
}

TEST_CASE("Timelines are files where they are named, and only there") {
  const ScratchFolder scratch;
  CHECK(run_with(scratch, {"--no-data", "--out", "a"}).code == 0);
  CHECK(names_below(scratch.path() / "a").size() == 5);
  const Finished named = run_with(scratch, {"--no-data", "--out", "b", "--format", "trace,vcd"});
  CHECK(named.code == 0);
  const std::string stem = kQuickNetwork + "@squeezelerator_8x8";
  CHECK(names_below(scratch.path() / "b") == Words{stem + ".trace.json", stem + ".vcd"});
  const Finished vcd = run_with(scratch, {"--no-data", "--format", "vcd"});
  CHECK(vcd.out == bytes_of_file(scratch.path() / "b" / (stem + ".vcd")));
  CHECK_THAT(vcd.out, StartsWith("$comment\n  Ridgeline: ") && Contains("$timescale 1 ns $end"));
}

TEST_CASE("The last moment of a value change dump is the run's last cycle") {
  const ScratchFolder scratch;
  for (const char* layers : {"*", "Convolution1?"}) {
    const Words common{"--no-data", "--layers", layers, "--format"};
    const auto run_as = [&](const char* format) {
      Words words = common;
      words.emplace_back(format);
      return run_with(scratch, words).out;
    };
    const Json report = Json::parse(run_as("json"));
    const std::string vcd = run_as("vcd");
    const std::string last = vcd.substr(vcd.rfind('#') + 1);
    CHECK(std::stol(last) == report["total"]["cycles"]["total"]);
  }
}

TEST_CASE("Help and messages name the timelines") {
  const ScratchFolder scratch;
  CHECK_THAT(run_program_in(scratch.path(), {"run", "--help"}).out,
             Contains("trace  timeline for Perfetto") && Contains("vcd    timeline for GTKWave"));
  CHECK_THAT(
      run_with(scratch, {"--format", "vdc"}).err,
      Contains("text, json, csv, html, trace, vcd, md, accelergy, svg; did you mean 'vcd'?"));
}

}  // namespace
}  // namespace ridgeline
