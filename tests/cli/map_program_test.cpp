#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/program_runner.hpp"

/// `ridgeline map`, and mappings that other commands take.
namespace ridgeline {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using nlohmann::ordered_json;
using Words = std::vector<std::string>;

const std::string kArch = "squeezelerator_8x8";

Words command(const std::string& name, const Words& more) {
  Words words{name, "--arch", kArch, "--network", kQuickNetwork};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

ordered_json json_of(const ScratchFolder& scratch, const Words& words) {
  const Finished finished = run_program_in(scratch.path(), words);
  INFO(finished.err);
  REQUIRE(finished.code == 0);
  return ordered_json::parse(finished.out);
}

/// Worked out by hand from the mapping: 56 tiles of a row, each 2 x 8 passes of 56 positions.
const std::string kNest =
    R"(squeezenet_v1.1 on squeezelerator_8x8, int8, dataflow ws, objective latency

fire2/squeeze1x1: conv 1x1, ifmap 64x56x56, ofmap 16x56x56, 3,211,264 MACs, dataflow ws

DRAM, filter_outer
  for p in 0..56
global buffer, holds ifmap 2 x 3,584 B, filter 1 x 1,152 B, psum 2 x 3,584 B: 15,488 of 32,768 B (47.3 %)
    for m in 0..2 (8 x 2)
      for c in 0..8 (8 x 8)
PE array, 8 x 8, a pass
        spatial c in 0..8 over rows
          spatial m in 0..8 over columns
PE, keeps filter
            for q in 0..56
              ofmap[n][m][p][q] += ifmap[n][c][h][w] * filter[m][c][r][s]

                ----- words -----  energy, MAC equivalents  -- cycles --
level                read written                        %             %  as
-----------------------------------------------------------------------------------------
DRAM              201,856  50,176              50.4M  63.6     492   1.0  DRAM stall
global buffer     910,464 653,440              9.38M  11.8       0   0.0  buffer stall
array network   6,479,872       -              13.0M  16.3     392   0.8  fill and drain
register files  3,211,264  57,344              3.27M   4.1     448   0.9  stationary load
multipliers     3,211,264       -              3.21M   4.1  50,176  97.2  compute
vector unit        50,176       -              50.2k   0.1     112   0.2  vector unit
-----------------------------------------------------------------------------------------
total                                          79.3M 100.0  51,620 100.0
array network: words times the PEs that they reach; multipliers, vector unit: operations

  cycles    51,620: compute 97.2 %, fill and drain 0.8 %, stationary load 0.9 %, buffer stall 0.0 %, DRAM stall 1.0 %, vector unit 0.2 %
  energy    79.3M MAC equivalents
  DRAM      201,856 B read, 50,176 B written
  bound     compute
  mapping   the best of 187 tried

costs as the search judges them: every weight counts, feature maps lie plain and alone in DRAM
)";

Words lines_of(const std::string& text) {
  Words lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST_CASE("A layer's mapping is printed as a loop nest, line by line") {
  const ScratchFolder scratch;
  const Finished map =
      run_program_in(scratch.path(), {"map", "--arch", kArch, "--network", "squeezenet_v1.1",
                                      "--layer", "fire2/squeeze1x1", "--dataflow", "ws"});
  CHECK(map.code == 0);
  CHECK(map.err.empty());
  CHECK(lines_of(map.out) == lines_of(kNest));
}

TEST_CASE("Without a layer every layer is a line") {
  const ScratchFolder scratch;
  const Finished map = run_program_in(scratch.path(), command("map", {}));
  CHECK(map.code == 0);
  const ordered_json json = json_of(scratch, command("map", {"--format", "json"}));
  for (const ordered_json& layer : json["layers"]) {
    const std::string name = layer["layer"];
    CHECK_THAT(map.out, Contains('\n' + name.substr(0, 14)));
    CHECK(layer["best"].size() == 1);
  }
  CHECK_THAT(map.out, Contains("mappings tried"));
}

TEST_CASE("The best K are sorted by what is asked for") {
  const ScratchFolder scratch;
  const Words words =
      command("map", {"--layer", "Convolution1", "--best", "7", "--objective", "energy"});
  Words as_json = words;
  as_json.insert(as_json.end(), {"--format", "json"});
  const ordered_json json = json_of(scratch, as_json);
  CHECK(json["schema"] == "ridgeline.map/1");
  const ordered_json& best = json["layers"][0]["best"];
  REQUIRE(best.size() == 7);
  for (std::size_t i = 1; i < best.size(); ++i) {
    CHECK(best[i - 1]["energy_pj"]["total"] <= best[i]["energy_pj"]["total"]);
  }
  const Finished text = run_program_in(scratch.path(), words);
  CHECK_THAT(text.out, Contains("the best 7 by energy\n"));
}

TEST_CASE("Mappings that map writes are those that run and validate use") {
  const ScratchFolder scratch;
  const Finished map = run_program_in(scratch.path(), command("map", {"--write", "m.json"}));
  CHECK(map.code == 0);
  CHECK(map.err == "ridgeline: wrote m.json\n");
  const Words fast{"--no-data", "--format", "csv"};
  Words with_file = fast;
  with_file.insert(with_file.end(), {"--mapping", "m.json"});
  const Finished searched = run_program_in(scratch.path(), command("run", fast));
  const Finished given = run_program_in(scratch.path(), command("run", with_file));
  CHECK(searched.code == 0);
  CHECK(given.out == searched.out);

  // One layer in smaller tiles is slower, and still right.
  ordered_json file = ordered_json::parse(bytes_of_file(scratch.path() / "m.json"));
  file["layers"] = ordered_json::array({file["layers"][0]});
  file["layers"][0]["tile"]["P"] = 1;
  file["layers"][0]["tile"]["M"] = 1;
  scratch.put("slow.json", file.dump());
  with_file.back() = "slow.json";
  const Finished slow = run_program_in(scratch.path(), command("run", with_file));
  CHECK(slow.code == 0);
  CHECK(slow.out != searched.out);
  CHECK(run_program_in(scratch.path(), command("validate", {"--mapping", "slow.json"})).code == 0);
  const ordered_json shown =
      json_of(scratch, command("map", {"--mapping", "slow.json", "--format", "json"}));
  CHECK(shown["layers"][0]["given"] == true);
  CHECK(shown["layers"][0]["best"][0]["tile"] == file["layers"][0]["tile"]);
  CHECK(shown["layers"][1]["given"] == false);
}

TEST_CASE("A layer whose equal is given a mapping is searched all the same") {
  const ScratchFolder scratch;
  const Words map{"map",     "--arch",          kArch,      "--network", "squeezenet_v1.1",
                  "--layer", "fire?/expand1x1", "--format", "json"};
  const ordered_json found = json_of(scratch, map);
  const ordered_json tile{{"N", 1}, {"G", 1}, {"M", 8}, {"C", 8}, {"P", 1}, {"Q", 8}};
  const ordered_json given{{"schema", "ridgeline.mapping/1"},
                           {"architecture", kArch},
                           {"network", "squeezenet_v1.1"},
                           {"precision", "int8"},
                           {"layers",
                            {{{"layer", "fire2/expand1x1"},
                              {"dataflow", "ws"},
                              {"tile", tile},
                              {"order", "ifmap_outer"}}}}};
  scratch.put("one.json", given.dump());
  Words with_file = map;
  with_file.insert(with_file.end(), {"--mapping", "one.json"});
  const ordered_json shown = json_of(scratch, with_file);
  CHECK(shown["layers"][0]["best"][0]["tile"] == tile);
  CHECK(shown["layers"][0]["best"][0]["order"] == "ifmap_outer");
  CHECK(shown["layers"][1] == found["layers"][1]);
  CHECK(found["layers"][1]["best"] == found["layers"][0]["best"]);
}

TEST_CASE("Reports of mappings go to a folder when one is named") {
  const ScratchFolder scratch;
  const Finished map =
      run_program_in(scratch.path(), command("map", {"--layer", "Convolution1", "--out", "o"}));
  CHECK(map.code == 0);
  const Words names = names_below(scratch.path());
  REQUIRE(names.size() == 3);
  CHECK_THAT(names[1], Contains("@squeezelerator_8x8.map.json"));
  CHECK(bytes_of_file(scratch.path() / names[2]) == map.out);
}

TEST_CASE("Wrong words for map, and wrong files of mappings, are refused") {
  const ScratchFolder scratch;
  CHECK(run_program_in(scratch.path(), command("map", {"--write", "m.json"})).code == 0);
  const std::string good = bytes_of_file(scratch.path() / "m.json");
  ordered_json file = ordered_json::parse(good);
  file["layers"][0]["layer"] = "Convolution1x";
  scratch.put("name.json", file.dump());
  file = ordered_json::parse(good);
  file["architecture"] = "squeezelerator_16x16";
  scratch.put("arch.json", file.dump());
  scratch.put("text.json", "{");
  file = ordered_json::parse(good);
  file["layers"] = ordered_json::array(
      {{{"layer", "Convolution1"},
        {"dataflow", "ws"},
        {"tile", {{"N", 1}, {"G", 1}, {"M", 32}, {"C", 3}, {"P", 29}, {"Q", 29}}},
        {"order", "filter_outer"}}});
  scratch.put("large.json", file.dump());
  struct Case {
    Words words;
    std::string expected;
    int code = 2;
  };
  const std::vector<Case> cases{
      {{"map"}, "--arch: is missing"},
      {command("map", {"--layer", "Convolution0"}), "--layer: 'Convolution0' matches no layer"},
      {command("map", {"--layers", "conv1"}), "did you mean '--layer'?"},
      {command("map", {"--best", "0"}), "a whole number from 1 to 100"},
      {command("map", {"--best", "101"}), "--best: '101' is out of range"},
      {command("map", {"--format", "csv"}), "allowed: text, json"},
      {command("map", {"--format", "text,json"}), "standard output takes one format"},
      {command("map", {"--dataflow", "rs"}), "'rs' is not a dataflow of squeezelerator_8x8"},
      {command("map", {"--network", "alexnet"}), "--network: is given more than once"},
      {command("map", {"extra"}), "does not take the argument 'extra'"},
      {command("map", {"--write", "no/m.json"}), "no/m.json: cannot be written"},
      {command("run", {"--mapping", "none.json"}), "none.json: cannot be read"},
      {command("run", {"--mapping", "text.json"}), "text.json: line 1"},
      {command("run", {"--network", "alexnet", "--mapping", "m.json"}), "--mapping: is for one"},
      {command("run", {"--precision", "int16", "--mapping", "m.json"}),
       "m.json: /precision: these mappings are for another precision"},
      {command("map", {"--mapping", "name.json"}), "did you mean 'Convolution1'"},
      {command("validate", {"--mapping", "arch.json"}), "arch.json: /architecture"},
      {command("run", {"--mapping", "large.json"}), "B are missing", 3},
      {command("map", {"--mapping", "large.json"}),
       "large.json: /layers/0/tile: layer Convolution1: this mapping cannot run", 3}};
  for (const Case& wrong : cases) {
    INFO(wrong.expected);
    const Words before = names_below(scratch.path());
    const Finished finished = run_program_in(scratch.path(), wrong.words);
    CHECK(finished.code == wrong.code);
    CHECK(finished.out.empty());
    CHECK_THAT(finished.err, StartsWith("ridgeline: ") && Contains(wrong.expected));
    CHECK(finished.err.find('\n') == finished.err.size() - 1);
    CHECK(names_below(scratch.path()) == before);
  }
}

}  // namespace
}  // namespace ridgeline
