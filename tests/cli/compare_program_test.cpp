#include "tests/cli/quick_run.hpp"

/// `ridgeline compare`, and figures by gnuplot.
namespace ridgeline {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;
using Words = std::vector<std::string>;

Finished compare(const ScratchFolder& scratch, Words words) {
  words.insert(words.begin(), "compare");
  return run_program_in(scratch.path(), std::move(words));
}

TEST_CASE("Two runs' reports are compared: the totals are theirs, and every layer has its pair") {
  const ScratchFolder scratch;
  const Json a = quick_report(scratch, {"--no-data", "--dataflow", "ws"});
  const Json b = quick_report(scratch, {"--no-data"});
  scratch.put("a.json", a.dump());
  scratch.put("b.json", b.dump());
  const Finished json = compare(scratch, {"a.json", "b.json", "--format", "json"});
  REQUIRE(json.code == 0);
  const Json result = Json::parse(json.out);
  CHECK(result["schema"] == "ridgeline.comparison/1");
  CHECK(result["a"]["total"]["cycles"] == a["total"]["cycles"]);
  CHECK(result["b"]["total"]["energy_pj"] == b["total"]["energy_pj"]);
  REQUIRE(result["layers"].size() == a["layers"].size());
  std::size_t changed = 0;
  for (std::size_t i = 0; i < a["layers"].size(); ++i) {
    const Json& pair = result["layers"][i];
    CHECK(pair["a"]["name"] == a["layers"][i]["name"]);
    CHECK(pair["b"]["cycles"]["total"] == b["layers"][i]["cycles"]["total"]);
    CHECK(pair["changes"].empty() ==
          (a["layers"][i]["mapping"] == b["layers"][i]["mapping"] &&
           a["layers"][i]["dataflow"] == b["layers"][i]["dataflow"] &&
           a["layers"][i]["roofline"]["bound"] == b["layers"][i]["roofline"]["bound"]));
    changed += pair["changes"].empty() ? 0 : 1;
  }
  CHECK(changed > 0);
  CHECK(result["settings"] == Json::parse(R"([{"setting": "/dataflow", "a": "ws", "b": "auto"}])"));

  // Settings inside lists of objects are compared one by one.
  Json other = b;
  other["arch"]["entries"] = Json::parse(R"([{"action": "rf", "points": [[1, 2], [3, 4]]}])");
  scratch.put("entries.json", other.dump());
  other["arch"]["entries"][0]["points"][1][1] = 5;
  scratch.put("changed.json", other.dump());
  const Finished nested = compare(scratch, {"entries.json", "changed.json", "--format", "json"});
  CHECK(Json::parse(nested.out)["settings"] ==
        Json::parse(R"([{"setting": "/arch/entries/0/points/1", "a": "3, 4", "b": "3, 5"}])"));

  const Finished files = compare(scratch, {"a.json", "b.json", "--out", "out"});
  CHECK(files.code == 0);
  CHECK_THAT(files.out, Contains("/dataflow  ws  auto"));
  for (const char* extension : {"txt", "md", "json", "csv", "html"})
    CHECK(fs::exists(scratch.path() / "out" / (std::string("comparison.") + extension)));
  CHECK(bytes_of_file(scratch.path() / "out" / "comparison.json") == json.out);
}

TEST_CASE("Reports that cannot be compared are refused with their place") {
  const ScratchFolder scratch;
  Json good = quick_report(scratch, {"--engine", "analytic"});
  scratch.put("good.json", good.dump());
  const std::string text = good.dump();
  scratch.put("short.json", text.substr(0, text.size() / 2));
  const auto put = [&](const char* name, const char* pointer, const Json& value) {
    Json bad = good;
    if (value.is_null()) {
      const Json::json_pointer place(pointer);
      bad[place.parent_pointer()].erase(place.back());
    } else {
      bad[Json::json_pointer(pointer)] = value;
    }
    scratch.put(name, bad.dump());
  };
  put("unit.json", "/energy_unit", "pJ");
  put("schema.json", "/schema", "ridgeline.run/2");
  put("missing.json", "/layers/1/cycles", nullptr);
  put("negative.json", "/layers/0/cycles/compute", -1);
  put("text.json", "/total/energy_pj/total", "many");
  put("list.json", "/layers", Json::object());
  scratch.put("deep.json", std::string(100000, '['));
  scratch.put("empty.json", "");
  const std::vector<std::pair<std::string, std::string>> cases{
      {"unit.json",
       "unit.json: /energy_unit: energy in pJ cannot be compared with MAC in good.json"},
      {"schema.json", "schema.json: /schema: is not the report of a run, got the string"},
      {"missing.json", "missing.json: /layers/1/cycles: this key is missing"},
      {"negative.json", "negative.json: /layers/0/cycles/compute: is out of range, got -1"},
      {"text.json", "text.json: /total/energy_pj/total: must be a number, got the string \"many\""},
      {"list.json", "list.json: /layers: must be a list, got an object"},
      {"short.json", "short.json: line 1, column "},
      {"deep.json", "deep.json: "},
      {"empty.json", "empty.json: "},
      {"none.json", "none.json: "}};
  for (const auto& [file, message] : cases) {
    INFO(file);
    check_refused(compare(scratch, {"good.json", file}), message);
  }
  CHECK_THAT(compare(scratch, {"good.json"}).err, Contains("B.json is missing"));
  CHECK(compare(scratch, {"good.json", "good.json", "good.json"}).code == 2);
  CHECK_THAT(compare(scratch, {"good.json", "good.json", "--format", "svg"}).err,
             Contains("allowed: text, md, json, csv, html"));
}

bool has_gnuplot() {
  return std::system("command -v gnuplot >/dev/null 2>&1") == 0;
}

TEST_CASE("Figures are drawn by gnuplot; without it, data and scripts are there all the same") {
  const ScratchFolder scratch;
  const Words words{"--engine", "analytic", "--format", "svg", "--out", "out"};
  const std::string stem = kQuickNetwork + "@squeezelerator_8x8.";
  Finished run;
  {
    const EnvironmentVariable nowhere("PATH", "/nonexistent");
    run = run_quick(scratch, "run", words);
  }
  CHECK(run.code == 2);
  CHECK_THAT(run.err, Contains("--format: svg needs gnuplot, which is not there"));
  CHECK_THAT(run.out, Contains("energy"));
  for (const char* name : {"roofline", "latency", "energy"}) {
    CHECK(fs::file_size(scratch.path() / "out" / (stem + name + ".dat")) > 100);
    CHECK(fs::file_size(scratch.path() / "out" / (stem + name + ".gp")) > 100);
    CHECK(!fs::exists(scratch.path() / "out" / (stem + name + ".svg")));
  }
  if (!has_gnuplot()) {
    WARN("skipped: there is no gnuplot (Debian: gnuplot-nox)");
    return;
  }
  CHECK(run_quick(scratch, "run", words).code == 0);
  for (const char* name : {"roofline", "latency", "energy"}) {
    const std::string svg = bytes_of_file(scratch.path() / "out" / (stem + name + ".svg"));
    CHECK_THAT(svg, Contains("<svg ") && Contains("</svg>") && Contains(kQuickNetwork));
  }
}

}  // namespace
}  // namespace ridgeline
