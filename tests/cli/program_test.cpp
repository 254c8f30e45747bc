#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/cli/program_runner.hpp"

namespace ridgeline {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using Words = std::vector<std::string>;
using Json = nlohmann::json;

const std::string kArch = "squeezelerator_16x16";

Words run_words(const Words& more = {}) {
  Words words{"run", "--arch", kArch, "--network", kQuickNetwork};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST_CASE("Every command explains itself on standard output") {
  const ScratchFolder scratch;
  for (const Words& words : std::vector<Words>{{"--help"},
                                               {"-h"},
                                               {"list", "--help"},
                                               {"show", "-h"},
                                               {"run", "--help"},
                                               {"run", "--arch", "x", "--help"},
                                               {"validate", "--help"},
                                               {"reproduce", "--help"}}) {
    const Finished finished = run_program_in(scratch.path(), words);
    INFO(words.front());
    CHECK(finished.code == 0);
    CHECK(finished.err.empty());
    CHECK_THAT(finished.out, StartsWith("Usage: ridgeline ") && Contains("Exit codes: 0 done; 1") &&
                                 Contains("Examples:\n  ridgeline "));
  }
  const Finished version = run_program_in(scratch.path(), {"--version"});
  CHECK(version.code == 0);
  CHECK_THAT(version.out, StartsWith("ridgeline 0."));
}

TEST_CASE("What can be named is listed, as text and as JSON") {
  const ScratchFolder scratch;
  const std::vector<std::pair<std::string, std::string>> expected{{"archs", kArch},
                                                                  {"networks", "squeezenet_v1.0"},
                                                                  {"dataflows", "ws"},
                                                                  {"energy", "eyeriss_isca16"}};
  for (const auto& [kind, name] : expected) {
    const Finished text = run_program_in(scratch.path(), {"list", kind});
    CHECK(text.code == 0);
    CHECK_THAT(text.out, Contains("\n" + name + " "));
    const Finished json = run_program_in(scratch.path(), {"list", kind, "--json"});
    CHECK(json.code == 0);
    Words names;
    for (const Json& entry : Json::parse(json.out)) names.push_back(entry["name"]);
    CHECK(std::find(names.begin(), names.end(), name) != names.end());
  }
}

TEST_CASE("Every architecture and network that is listed can be shown") {
  const ScratchFolder scratch;
  for (const auto& [listing, kind] :
       {std::pair{"archs", "arch"}, std::pair{"networks", "network"}}) {
    const Finished list = run_program_in(scratch.path(), {"list", listing, "--json"});
    for (const Json& entry : Json::parse(list.out)) {
      const std::string name = entry["name"];
      INFO(name);
      CHECK(run_program_in(scratch.path(), {"show", kind, name}).code == 0);
      const Finished json = run_program_in(scratch.path(), {"show", kind, name, "--json"});
      CHECK(json.code == 0);
      CHECK(Json::parse(json.out).is_object());
    }
  }
}

TEST_CASE("A network is shown with the totals of its authors") {
  const ScratchFolder scratch;
  const Finished text = run_program_in(scratch.path(), {"show", "network", "squeezenet_v1.0"});
  CHECK_THAT(text.out, Contains("861,339,936 MACs") && Contains("1,244,448 weights") &&
                           Contains("without biases and BatchNorm"));
  CHECK_THAT(text.out, Contains("fire2/relu_expand1x1 + fire2/relu_expand3x3"));
  const Finished csv =
      run_program_in(scratch.path(), {"show", "network", "squeezenet_v1.0", "--csv"});
  CHECK_THAT(csv.out,
             Contains("\r\nconv1,conv,data,1,96,111,111,7,7,2,2,0,0,0,0,1,1,1,173873952,14112,96"
                      "\r\n"));
  const Finished layer =
      run_program_in(scratch.path(), {"show", "layer", "squeezenet_v1.0", "conv1", "--json"});
  CHECK(Json::parse(layer.out)["macs"] == 173873952);
}

TEST_CASE("An architecture that is shown as JSON can be read again") {
  const ScratchFolder scratch;
  const Finished first = run_program_in(scratch.path(), {"show", "arch", kArch, "--json"});
  scratch.put(kArch + ".json", first.out);
  const Finished second =
      run_program_in(scratch.path(), {"show", "arch", "./" + kArch + ".json", "--json"});
  CHECK(second.code == 0);
  CHECK(second.out == first.out);
}

TEST_CASE("A run prints its table and writes the reports that were asked for") {
  const ScratchFolder scratch;
  const Finished plain = run_program_in(scratch.path(), run_words());
  CHECK(plain.code == 0);
  CHECK(plain.err.empty());
  CHECK_THAT(plain.out, Contains("layers compared with the reference, 0 mismatches"));
  CHECK(names_below(scratch.path()).empty());

  const Finished filed = run_program_in(scratch.path(), run_words({"--out", "a/b"}));
  CHECK(filed.code == 0);
  CHECK(filed.out == plain.out);
  const std::string stem = "a/b/" + kQuickNetwork + "@" + kArch;
  CHECK(names_below(scratch.path()) == Words{"a", "a/b", stem + ".csv", stem + ".html",
                                             stem + ".json", stem + ".md", stem + ".txt"});
  CHECK(bytes_of_file(scratch.path() / (stem + ".txt")) == plain.out);
  CHECK_THAT(filed.err, StartsWith("ridgeline: wrote a/b/") && Contains(stem + ".csv\n"));

  const Finished json = run_program_in(scratch.path(), run_words({"--format", "json"}));
  CHECK(json.out == bytes_of_file(scratch.path() / (stem + ".json")));
  CHECK(Json::parse(json.out)["schema"] == "ridgeline.run/1");
  const Finished csv = run_program_in(scratch.path(), run_words({"--format=csv"}));
  CHECK(csv.out == bytes_of_file(scratch.path() / (stem + ".csv")));

  const Finished only_csv =
      run_program_in(scratch.path(), run_words({"--out", "c", "--format", "csv"}));
  CHECK(only_csv.out == plain.out);
  CHECK(std::filesystem::exists(scratch.path() / ("c/" + kQuickNetwork + "@" + kArch + ".csv")));
  CHECK(!std::filesystem::exists(scratch.path() / ("c/" + kQuickNetwork + "@" + kArch + ".json")));
}

TEST_CASE("The same command gives the same bytes, and without data the same cycles") {
  const ScratchFolder scratch;
  const Words words = run_words({"--format", "json", "--seed", "5", "--precision", "int16"});
  const Finished first = run_program_in(scratch.path(), words);
  CHECK(first.code == 0);
  CHECK(run_program_in(scratch.path(), words).out == first.out);

  Words without_data = words;
  without_data.emplace_back("--no-data");
  const Finished second = run_program_in(scratch.path(), without_data);
  CHECK(second.code == 0);
  const Json with = Json::parse(first.out);
  const Json without = Json::parse(second.out);
  CHECK(without["data"] == false);
  CHECK(without["total"]["check"]["compared"] == 0);
  for (const char* key : {"cycles", "accesses", "bytes", "energy_pj"}) {
    CHECK(with["total"][key] == without["total"][key]);
  }
}

TEST_CASE("Several networks end in a comparison, and each has its reports") {
  const ScratchFolder scratch;
  const std::string other = "squeezenext:width=0.5,blocks=1-1-1-1,input=96";
  const Finished finished =
      run_program_in(scratch.path(), run_words({"--network", other, "--out", "out"}));
  CHECK(finished.code == 0);
  CHECK_THAT(finished.out, Contains("less energy: how many times, against " + kQuickNetwork));
  CHECK(names_below(scratch.path()).size() == 1 + 2 * 5);
}

TEST_CASE("A glob runs the layers that it matches") {
  const ScratchFolder scratch;
  const Finished finished = run_program_in(
      scratch.path(), run_words({"--no-data", "--format", "json", "--layers", "Convolution1?"}));
  CHECK(finished.code == 0);
  const Json layers = Json::parse(finished.out)["layers"];
  CHECK(layers.size() > 1);
  for (const Json& layer : layers) {
    CHECK_THAT(layer["name"].get<std::string>(), StartsWith("Convolution1"));
  }
}

TEST_CASE("The output tensor is saved as float32, in NumPy's format") {
  const ScratchFolder scratch;
  const Finished finished =
      run_program_in(scratch.path(), run_words({"--save-output", "o.npy", "--batch", "2"}));
  CHECK(finished.code == 0);
  const std::string bytes = bytes_of_file(scratch.path() / "o.npy");
  CHECK_THAT(bytes, Contains("'descr': '<f4', 'fortran_order': False, 'shape': (2, 1000, 1, 1)"));
  CHECK(bytes.size() == 128 + 2 * 1000 * 4);
  CHECK(names_below(scratch.path()) == Words{"o.npy"});
}

TEST_CASE("Validate prints what was compared, in every precision") {
  const ScratchFolder scratch;
  for (const char* precision : {"int8", "int16", "fp32"}) {
    const Finished finished = run_program_in(
        scratch.path(),
        {"validate", "--arch", kArch, "--network", kQuickNetwork, "--precision", precision});
    INFO(precision);
    CHECK(finished.code == 0);
    CHECK(finished.err.empty());
    CHECK_THAT(finished.out, Contains("mismatches  largest error  check") &&
                                 Contains("compared with the reference, 0 mismatches"));
  }
}

TEST_CASE("A reader that goes away ends the output, quietly") {
  const ScratchFolder scratch;
  const Finished finished =
      run_program_in(scratch.path(), {"show", "network", "squeezenext_2.0_23"},
                     {.output = Output::abandoned_pipe});
  CHECK(finished.code == 0);
  CHECK(finished.err.empty());
}

TEST_CASE("A closed or full standard output is one message") {
  const ScratchFolder scratch;
  const Finished closed =
      run_program_in(scratch.path(), {"list", "archs"}, {.output = Output::closed});
  CHECK(closed.code == 2);
  CHECK(closed.err == "ridgeline: standard output: cannot be written: Bad file descriptor\n");
  const Finished full =
      run_program_in(scratch.path(), {"list", "archs"}, {.output = Output::full_device});
  CHECK(full.code == 2);
  CHECK(full.err == "ridgeline: standard output: cannot be written: No space left on device\n");
}

TEST_CASE("Reports never end up in the place of a closed standard output") {
  const ScratchFolder scratch;
  const Finished finished =
      run_program_in(scratch.path(), run_words({"--out", "out", "--format", "json"}),
                     {.output = Output::closed, .standard_input_closed = true});
  CHECK(finished.code == 2);
  const std::string json =
      bytes_of_file(scratch.path() / "out" / (kQuickNetwork + "@" + kArch + ".json"));
  CHECK(Json::parse(json)["schema"] == "ridgeline.run/1");
}

}  // namespace
}  // namespace ridgeline
