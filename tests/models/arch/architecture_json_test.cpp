#include "models/arch/architecture_json.hpp"

#include <map>
#include <random>

#include "tests/arch_configs/config_files.hpp"

using namespace ridgeline;
using namespace ridgeline::config_files;

namespace {

/// Texts by name, as if name.json held them.
ArchitectureLookup lookup_in(std::map<std::string, std::string> files) {
  const auto find = [files = std::move(files)](const std::string& name) {
    const auto found = files.find(name);
    if (found == files.end()) {
      InputProblem problem;
      problem.what = "no architecture is called \"" + name + "\"";
      throw InputError(problem);
    }
    return SourceText{.path = name + ".json", .text = found->second};
  };
  return {.architecture = find, .energy_table = lookup().energy_table};
}

std::string whole() {
  return whole_architecture_unnamed().dump();
}

std::optional<InputProblem> problem_with(const std::string& text,
                                         const std::map<std::string, std::string>& files) {
  return problem_of(
      [&] { return parse_architecture({.path = "top.json", .text = text}, lookup_in(files)); });
}

}  // namespace

TEST_CASE("A resolved architecture written as JSON and read again is the same value", "[arch]") {
  for (const auto& path : json_files(folder())) {
    const Architecture arch = parse_architecture(read(path), lookup());
    for (const int indent : {-1, 2}) {
      const SourceText again{.path = path.string(), .text = to_json_text(arch, indent)};
      CHECK(parse_architecture(again, {}) == arch);
    }
  }
}

TEST_CASE("Random architectures survive writing and reading", "[arch]") {
  const unsigned seed = 20180604;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto integer = [&](int min, int max) {
    return std::uniform_int_distribution<int>(min, max)(random);
  };
  const auto real = [&](double max) {
    return std::uniform_real_distribution<double>(0, max)(random);
  };
  Architecture arch = load("squeezelerator_16x16");
  arch.name = "machine";
  for (int i = 0; i < 300; ++i) {
    arch.clock = Hertz(integer(1'000'000, 2'000'000'000));
    arch.pe_array.rows = integer(1, 1024);
    arch.pe_array.fabric = integer(0, 1) == 0 ? Fabric::broadcast : Fabric::systolic;
    arch.pe_array.preload = integer(0, 1) == 0;
    arch.global_buffer.bytes = Bytes(std::int64_t{integer(1, 1 << 30)} * 1024);
    arch.dram.latency = Cycles(integer(0, 1'000'000));
    arch.summary = std::string(static_cast<std::size_t>(integer(1, 9)), '"') + "\\ é €";
    arch.energy.mac = real(1e12);
    arch.energy.leakage_per_cycle = real(1e-9);
    CHECK(parse_architecture_text(to_json_text(arch)) == arch);
  }
}

TEST_CASE("Keys are written in one order, the name first", "[arch]") {
  std::vector<std::string> keys;
  const Json file = whole_architecture();
  for (const auto& [key, value] : file.items()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"name", "summary", "source", "assumptions", "clock_mhz",
                                         "pe_array", "global_buffer", "dram", "vector_unit",
                                         "dataflows", "energy", "objective"});
}

TEST_CASE("The clock in megahertz becomes whole hertz", "[arch]") {
  Json file = whole_architecture();
  file["clock_mhz"] = 62.5;
  CHECK(parse_architecture_text(file.dump()).clock == Hertz(62.5e6));
  file["clock_mhz"] = 333.3333333333;
  CHECK(parse_architecture_text(file.dump()).clock == Hertz(333333333));
}

TEST_CASE("A file's name is its stem, and a name key may only repeat it", "[arch]") {
  const auto name_at = [](const std::string& path) {
    return parse_architecture({.path = path, .text = whole()}, {}).name;
  };
  CHECK(name_at("a/b/my machine.v2.json") == "my machine.v2");
  CHECK(name_at("edge") == "edge");
  for (const std::string path : {"a\n.json", "\xFF.json", "", "a/"}) {
    const auto problem = problem_of([&] { return name_at(path); });
    REQUIRE(problem);
    CHECK_THAT(problem->what, Catch::Contains("cannot serve as a name"));
  }
  Json other = whole_architecture();
  other["name"] = "somebody else";
  const auto problem = problem_of([&] { return parse_architecture_text(other.dump()); });
  REQUIRE(problem);
  CHECK(problem->place == "/name");
  CHECK(problem->what ==
        "must be the name of the file without its ending, got the string \"somebody else\"");
  CHECK(problem->allowed == "\"machine\", or no such key");
}

TEST_CASE("A derived file changes what it names and keeps the rest of its base", "[arch]") {
  const std::map<std::string, std::string> files{
      {"under", whole()},
      {"middle", R"({"base": "under", "pe_array": {"rows": 8}, "source": ["s"]})"}};
  const Architecture under =
      parse_architecture({.path = "under.json", .text = files.at("under")}, {});
  Architecture expected = under;
  expected.name = "top";
  expected.pe_array.rows = 8;
  expected.pe_array.cols = 4;
  expected.source = {"s"};
  expected.dataflows = {"os"};
  CHECK(parse_architecture(
            {.path = "top.json",
             .text = R"({"base": "middle", "pe_array": {"cols": 4}, "dataflows": ["os"]})"},
            lookup_in(files)) == expected);
}

TEST_CASE("A wrong value is reported in the file where it stands", "[arch]") {
  struct Case {
    std::string top, middle, file, place;
  };
  const Case cases[] = {
      {R"({"base": "middle"})", R"({"base": "under", "dram": {"burst_bytes": 0}})", "middle.json",
       "/dram/burst_bytes"},
      {R"({"base": "middle", "dram": {"burst_bytes": 0}})", R"({"base": "under"})", "top.json",
       "/dram/burst_bytes"},
      {R"({"base": "middle"})", R"({"base": "under", "dram": {"burst": 1}})", "middle.json",
       "/dram/burst"},
      {R"({"base": "middle", "darm": {}})", R"({"base": "under"})", "top.json", "/darm"},
      {R"({"base": "middle", "dram": 3})", R"({"base": "under"})", "top.json", "/dram"},
      {R"({"base": "middle"})", R"({"base": "under", "darm": 1})", "middle.json", "/darm"},
      {R"({"base": "middle"})", R"({"summary": "no base"})", "top.json", "/source"},
      {R"({"base": "middle"})", R"([])", "middle.json", ""},
      {R"({"base": "middle"})", R"({"base": "under", "name": "other"})", "middle.json", "/name"},
      {R"({"base": "middle"})", R"({"base": "under")", "middle.json", "line 1, column 17"},
      {R"({"base": "middle"})", R"({"base": "nowhere"})", "middle.json", "/base"},
      {R"({"base": "nowhere"})", R"({})", "top.json", "/base"},
      {R"({"base": 3})", R"({})", "top.json", "/base"},
      {R"({"base": ""})", R"({})", "top.json", "/base"},
  };
  for (const Case& given : cases) {
    INFO(given.top << " on " << given.middle);
    const auto problem = problem_with(given.top, {{"under", whole()}, {"middle", given.middle}});
    REQUIRE(problem);
    CHECK(problem->file == given.file);
    CHECK(problem->place == given.place);
  }
}

TEST_CASE("Bases that go round in a circle are refused", "[arch]") {
  const auto self = problem_with(R"({"base": "top"})", {{"top", R"({"base": "top"})"}});
  REQUIRE(self);
  CHECK(self->place == "/base");
  CHECK(self->what == "an architecture cannot be its own base: top.json -> top.json");
  const auto circle =
      problem_with(R"({"base": "a"})", {{"a", R"({"base": "b"})"}, {"b", R"({"base": "a"})"}});
  REQUIRE(circle);
  CHECK(circle->file == "b.json");
  CHECK_THAT(circle->what, Catch::Contains("top.json -> a.json -> b.json -> a.json"));
}

TEST_CASE("Eight files may stand on one another, nine may not", "[arch]") {
  std::map<std::string, std::string> files{{"0", whole()}};
  for (int i = 1; i < 9; ++i) {
    files[std::to_string(i)] = R"({"base": ")" + std::to_string(i - 1) + R"("})";
  }
  CHECK_FALSE(problem_with(R"({"base": "6"})", files));
  const auto problem = problem_with(R"({"base": "7"})", files);
  REQUIRE(problem);
  CHECK(problem->file == "1.json");
  CHECK(problem->place == "/base");
  CHECK_THAT(problem->what, Catch::Contains("too many"));
}

TEST_CASE("What a lookup says about a name is reported at the name", "[arch]") {
  const auto unknown = problem_with(R"({"base": "nowhere"})", {});
  REQUIRE(unknown);
  CHECK(unknown->what == "no architecture is called \"nowhere\"");
  const auto unset = problem_of(
      [] { return parse_architecture({.path = "x.json", .text = R"({"base": "y"})"}, {}); });
  REQUIRE(unset);
  CHECK(unset->place == "/base");
  CHECK(unset->what == "\"y\" cannot be looked up here");
}

TEST_CASE("A mistake in an energy table is reported in the table's file", "[arch]") {
  ArchitectureLookup broken = lookup();
  broken.energy_table = [](const std::string& name) {
    return SourceText{.path = name + ".json", .text = R"({"mac": -1})"};
  };
  Json file = whole_architecture();
  file["energy"] = "mine";
  const auto problem = problem_of(
      [&] { return parse_architecture({.path = "machine.json", .text = file.dump()}, broken); });
  REQUIRE(problem);
  CHECK(problem->file == "mine.json");
  CHECK(problem->place == "/source");
}

TEST_CASE("Whatever bytes a file holds, the reader answers with a value or an InputError",
          "[arch]") {
  const unsigned seed = 1804;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::string good = whole();
  const std::string tokens[] = {"{",
                                "}",
                                "[",
                                "]",
                                ",",
                                ":",
                                "\"",
                                "\\",
                                "-",
                                "1e9",
                                "null",
                                "\xFF",
                                std::string(1, '\0'),
                                "\n",
                                "true",
                                "\"rows\"",
                                "\"base\":\"x\","};
  int refused = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string text = good;
    for (auto edits = random() % 3 + 1; edits > 0; --edits) {
      const std::size_t at = random() % (text.size() + 1);
      const std::size_t removed = random() % 3 == 0 ? random() % 40 : random() % 2;
      text.replace(at, removed,
                   random() % 4 == 0 ? std::string(1, static_cast<char>(random()))
                                     : tokens[random() % std::size(tokens)]);
    }
    INFO(text);
    if (problem_with(text, {{"x", good}})) ++refused;
  }
  CHECK(refused > 4000);
}
