#include <catch2/catch.hpp>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/program_runner.hpp"

/// Wrong input, case by case: each ends in one message on one line, with the right exit code,
/// nothing on standard output and no file left behind.
namespace ridgeline {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using Words = std::vector<std::string>;

struct Case {
  Words words;
  std::string expected;  ///< part of the message
  int code = 2;
};

void check_case(const ScratchFolder& scratch, const Case& wrong) {
  std::string command;
  for (const std::string& word : wrong.words) command += " '" + word.substr(0, 200) + "'";
  INFO("ridgeline" << command);
  const Words before = names_below(scratch.path());
  const Finished finished = run_program_in(scratch.path(), wrong.words);
  CHECK(finished.code == wrong.code);
  CHECK(finished.out.empty());
  CHECK_THAT(finished.err, StartsWith("ridgeline: ") && Contains(wrong.expected));
  CHECK(finished.err.size() < 2000);
  CHECK(finished.err.find('\n') == finished.err.size() - 1);
  CHECK(names_below(scratch.path()) == before);
}

Words run(const Words& more) {
  Words words{"run", "--arch", "squeezelerator_16x16", "--network", "squeezenet_v1.1"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST_CASE("A network without a layer is refused by every command") {
  const ScratchFolder scratch;
  std::ofstream(scratch.path() / "bare.json")
      << R"({"schema": "ridgeline.network/1", "name": "bare", "input": [1, 3, 8, 8],
             "nodes": [{"name": "x", "op": "input"}]})";
  const Words machine{"--arch", "squeezelerator_8x8", "--network", "bare.json"};
  for (const char* command : {"run", "validate", "map"}) {
    Words words{command};
    words.insert(words.end(), machine.begin(), machine.end());
    check_case(scratch, {words, "bare.json: has no layer to run"});
  }
  check_case(scratch, {{"show", "network", "bare.json"}, "bare.json: has no layer to run"});
}

TEST_CASE("Wrong words on the command line are refused") {
  const ScratchFolder scratch;
  const std::string long_name(100000, 'x');
  const std::vector<Case> cases{
      {{},
       "a command is missing; allowed: list, show, run, validate, roofline, map, sweep, reproduce, "
       "compare"},
      {{""}, "'' is not a command"},
      {{"rum"}, "did you mean 'run'?"},
      {{"--verson"}, "'--verson' is not a command"},
      {{"--version", "x"}, "takes no further argument, got 'x'"},
      {{"\x1b[31m"}, "'\\x1b[31m' is not a command"},
      {{long_name}, "is not a command"},
      {{"list"}, "ridgeline list: KIND (archs, networks, dataflows or energy) is missing"},
      {{"list", "arch"}, "did you mean 'archs'?"},
      {{"list", "archs", "x"}, "does not take the argument 'x'"},
      {{"list", "archs", "--csv"}, "--csv: is not an option of 'ridgeline list'"},
      {{"show"}, "KIND (arch, network, layer or energy) is missing"},
      {{"show", "arch"}, "NAME of the architecture is missing"},
      {{"show", "arch", "squeezelerator_16x16", "--csv"}, "'show arch' has no CSV form"},
      {{"show", "network", "squeezenet_v1.0", "--csv", "--json"}, "cannot go with --json"},
      {{"show", "layer", "squeezenet_v1.0"}, "LAYER is missing"},
      {{"show", "layer", "squeezenet_v1.0", "conv2"}, "'conv2' is not a layer of squeezenet_v1.0"},
      {{"show", "layer", "squeezenet_v1.0", "relu_conv1"}, "a node that lowering fuses"},
      {{"show", "network", "squeezenet_v1"}, "did you mean 'squeezenet_v1.0'?"},
      {{"show", "network", "net.onnx"}, "net.onnx: cannot be read: No such file"},
      {{"show", "network", "net.json"}, "net.json: cannot be read: No such file"},
      {{"show", "network", "squeezenext:widht=1.0"}, "did you mean 'width'?"},
      {{"run"}, "--arch: is missing; allowed: a name that 'ridgeline list archs' prints"},
      {{"run", "--arch", "squeezelerator_16x16"}, "--network: is missing"},
      {{"run", "--arch", "squeezelerator_16", "--network", "alexnet"}, "did you mean 'squeezelera"},
      {{"run", "--arch", long_name, "--network", "alexnet"}, "is unknown"},
      {{"run", "--arch", "a\nb", "--network", "alexnet"}, "'a\\x0ab' is unknown"},
      {run({"--network", "alexnett"}), "did you mean 'alexnet'?"},
      {run({"--network", "squeezenet_v1.1"}), "'squeezenet_v1.1' is named twice"},
      {run({"--precison", "int8"}), "did you mean '--precision'?"},
      {run({"--precision", "int9"}), "allowed: int8, int16, fp32; did you mean 'int8'?"},
      {run({"--precision"}), "--precision: needs a value"},
      {run({"--precision", "--no-data"}), "--precision: needs a value"},
      {run({"--precision", "int8", "--precision", "int8"}), "--precision: is given more than once"},
      {run({"--dataflow", "sw"}), "--dataflow: 'sw' is not one of the choices; allowed: auto, ws"},
      {run({"--objective", "speed"}), "allowed: latency, energy, edp"},
      {run({"--engine", "analytic", "--format", "trace"}), "timelines come from the simulation"},
      {run({"--engine", "fast"}), "--engine: 'fast' is not one of the choices"},
      {run({"--seed", "-1"}), "'-1' is not such a number; allowed: a whole number from 0"},
      {run({"--seed", "18446744073709551616"}), "is out of range"},
      {run({"--seed", "1.5"}), "'1.5' is not such a number"},
      {run({"--batch", "0"}),
       "--batch: '0' is out of range; allowed: a whole number from 1 to 1024"},
      {run({"--batch", "two"}), "--batch: 'two' is not such a number"},
      {run({"--layers", "fier*"}), "fier*"},
      {run({"--layers", ""}), "--layers: needs a value"},
      {run({"--format", "pdf"}), "--format: 'pdf' is not one of the choices; allowed: text, json"},
      {run({"--format", "svg"}),
       "--format: svg makes several files, with their data and scripts; "
       "allowed: --out DIR beside it"},
      {run({"--format", "text,json"}), "standard output takes one format"},
      {run({"--format", "json,json", "--out", "o"}), "'json' is named twice"},
      {run({"--format", ""}), "--format: needs a value"},
      {run({"--format", "json", "--network", "alexnet"}), "takes one network in this format"},
      {run({"--no-data=1"}), "--no-data: is a switch and takes no value"},
      {run({"--weights", "w.onnx"}), "w.onnx: cannot be read: No such file"},
      {run({"extra"}), "does not take the argument 'extra'"},
      {run({"--save-output", "o.npy", "--no-data"}), "--save-output: needs data"},
      {run({"--save-output", "o.npy", "--layers", "conv1"}), "needs the whole network"},
      {run({"--save-output", "o.npy", "--network", "alexnet"}), "takes the output of one network"},
      {{"validate", "--arch", "squeezelerator_16x16", "--network", "alexnet", "--no-data"},
       "--no-data: is not an option of 'ridgeline validate'"},
      {{"map", "--arch", "squeezelerator_16x16", "--network", "alexnet", "--input", "cat.png"},
       "--input: is not an option of 'ridgeline map'"},
      {{"reproduce", "network"},
       "'network' is not one of the choices; allowed: networks, eyeriss, eyeriss_isca16, "
       "accelergy, scalesim, squeezenext, squeezelerator, all; did you "
       "mean "
       "'networks'?"},
      {{"reproduce", "networks", "all"}, "does not take the argument 'all'"},
      {{"reproduce", "networks", "--list"}, "--list: takes no NAME, got 'networks'"},
      {{"reproduce", "--rows"}, "--rows: does not go with the list"},
      {{"reproduce", "networks", "--format", "html"}, "allowed: text, md, json, csv"},
      {{"reproduce", "networks", "--format", "md,csv"}, "standard output takes one format"},
      {{"reproduce", "networks", "--format", "md,md", "--out", "o"}, "'md' is named twice"},
      {{"swept", "spec.json"}, "'swept' is not a command"}};
  for (const Case& wrong : cases) check_case(scratch, wrong);
}

TEST_CASE("Places that cannot be written are refused, and nothing is left there") {
  const ScratchFolder scratch;
  scratch.put("file", "");
  std::filesystem::create_directory(scratch.path() / "folder");
  const std::string long_name(300, 'x');
  const std::vector<Case> cases{
      {run({"--out", "file"}), "file: this folder cannot be made: "},
      {run({"--out", "file/below"}), "file/below: this folder cannot be made: Not a directory"},
      {run({"--out", long_name}), "this folder cannot be made: File name too long"},
      {run({"--out", "/proc/x"}), "/proc/x: this folder cannot be made: "},
      {run({"--no-data", "--out", "/proc"}), "/proc/squeezenet_v1.1@squeezelerator_16x16.txt: "},
      {run({"--save-output", "folder"}), "folder: cannot be written: Is a directory"},
      {run({"--save-output", "none/o.npy"}), "none/o.npy: cannot be written: No such file"},
      {run({"--save-output", "file/o.npy"}), "file/o.npy: cannot be written: Not a directory"}};
  for (const Case& wrong : cases) check_case(scratch, wrong);
}

/// The 16x16 Squeezelerator's file with one value replaced; null removes the key.
std::string changed(const std::string& text, const std::string& pointer,
                    const nlohmann::json& value) {
  nlohmann::json json = nlohmann::json::parse(text);
  const nlohmann::json::json_pointer place(pointer);
  if (value.is_null()) {
    json.at(place.parent_pointer()).erase(place.back());
  } else {
    json[place] = value;
  }
  return json.dump();
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST_CASE("Architecture files that are wrong are refused, with the place in the file") {
  const ScratchFolder scratch;
  const std::string good = bytes_of_file(std::filesystem::path(RIDGELINE_SOURCE_DIR) /
                                         "arch_configs/squeezelerator_16x16.json");
  struct FileCase {
    std::string bytes, expected;
  };
  const std::vector<FileCase> cases{
      {"", "bad.json: "},
      {" \n", "bad.json: "},
      {good.substr(0, good.size() / 2), "bad.json: line "},
      {good + "x", "bad.json: line "},
      {std::string("\x7F\x45\x4C\x46\x00\x01\xFF", 7), "bad.json: "},
      {nested(100000), "bad.json: "},
      {"[]", "bad.json: "},
      {"null", "bad.json: "},
      {"{}", "bad.json: "},
      {"{\"base\": \"nowhere\"}", "bad.json: /base: "},
      {"{\"base\": \"bad\"}", "bad.json: "},
      {"{\"base\": \"squeezelerator_16x16\", \"clock_mzh\": 5}", "did you mean 'clock_mhz'?"},
      {changed(good, "/pe_array/rows", nullptr), "rows"},
      {changed(good, "/pe_array/rows", 0), "/pe_array/rows: "},
      {changed(good, "/pe_array/rows", -4), "/pe_array/rows: "},
      {changed(good, "/pe_array/rows", 1.5), "/pe_array/rows: "},
      {changed(good, "/pe_array/cols", "16"), "/pe_array/cols: "},
      {changed(good, "/pe_array/cols", 1000000000), "/pe_array/cols: "},
      {changed(good, "/pe_array/fabric", "brodcast"), "did you mean 'broadcast'?"},
      {changed(good, "/global_buffer/bytes", true), "/global_buffer/bytes: "},
      {changed(good, "/dram", 7), "/dram: "},
      {changed(good, "/dram/latency_cycles", -1), "/dram/latency_cycles: "},
      {changed(good, "/clock_mhz", 0), "/clock_mhz: "},
      {changed(good, "/clock_mhz", 1e300), "/clock_mhz: "},
      {changed(good, "/dataflows", nlohmann::json::array()), "/dataflows: "},
      {changed(good, "/dataflows/0", "wss"), "/dataflows/0: "},
      {changed(good, "/energy", "eyeris_isca16"), "did you mean 'eyeriss_isca16'?"}};
  for (const FileCase& wrong : cases) {
    scratch.put("bad.json", wrong.bytes);
    INFO(wrong.bytes.substr(0, 100));
    check_case(scratch, {{"show", "arch", "bad.json"}, wrong.expected});
  }
  check_case(scratch, {{"show", "arch", "missing.json"}, "missing.json: cannot be read: No such"});
  check_case(scratch, {{"show", "arch", "./"}, "./: cannot be read: Is a directory"});
  check_case(scratch, {{"show", "arch", "/dev/zero"}, "/dev/zero: is larger than 16 MiB"});
}

TEST_CASE("A buffer that holds no tile of a layer is exit code 3, with what is missing") {
  const ScratchFolder scratch;
  scratch.put("small.json", R"({"base": "squeezelerator_16x16", "global_buffer": {"bytes": 8}})");
  check_case(scratch,
             {{"run", "--arch", "small.json", "--network", "squeezenet_v1.1"}, "conv1", 3});
}

TEST_CASE("A dataflow that the architecture does not offer is refused") {
  const ScratchFolder scratch;
  check_case(scratch, {{"run", "--arch", "squeezelerator_16x16_ws", "--network", "squeezenet_v1.1",
                        "--dataflow", "os"},
                       "os"});
}

}  // namespace
}  // namespace ridgeline
