#include "tests/cli/quick_run.hpp"

/// --energy and what goes with it, `show energy`, and --format accelergy.
namespace ridgeline {
namespace {

using Catch::Matchers::Contains;
using nlohmann::ordered_json;

}  // namespace

TEST_CASE("A run takes another energy table, and what it exports as the next one") {
  const ScratchFolder scratch;
  const auto report = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--engine", "analytic"});
    return quick_report(scratch, more);
  };
  const ordered_json plain = report({});
  const ordered_json horowitz = report({"--energy", "horowitz_45nm"});
  CHECK(plain["energy_unit"] == "MAC");
  CHECK(horowitz["energy_unit"] == "pJ");
  CHECK(horowitz["arch"]["energy"]["name"] == "horowitz_45nm");
  CHECK(horowitz["total"]["accesses"] == plain["total"]["accesses"]);
  // 8-bit MACs of 0.3 pJ each, and at 16 nm and 0.8 V by the ratio of energy factors.
  const double macs = plain["total"]["accesses"]["mac"].get<double>();
  CHECK(horowitz["total"]["energy_pj"]["mac"].get<double>() == Approx(0.3 * macs));
  const ordered_json scaled = report({"--energy", "horowitz_45nm", "--technology", "16,0.8"});
  const double ratio =
      (0.2958 * 0.64 - 0.1241 * 0.8 + 0.03024) / (1.103 * 0.81 - 0.362 * 0.9 + 0.2767);
  CHECK(scaled["total"]["energy_pj"]["mac"].get<double>() == Approx(0.3 * macs * ratio));
  CHECK(scaled["total"]["energy_pj"]["dram"] == horowitz["total"]["energy_pj"]["dram"]);

  const Finished out = run_quick(scratch, "run",
                                 {"--engine", "analytic", "--energy", "horowitz_45nm", "--out",
                                  "out", "--format", "accelergy"});
  REQUIRE(out.code == 0);
  std::string ert;
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path() / "out")) {
    ++files;
    if (entry.path().string().ends_with("ERT.yaml")) ert = entry.path().string();
  }
  CHECK(files == 4);
  const ordered_json again = report({"--energy", ert});
  CHECK(again["total"]["energy_pj"] == horowitz["total"]["energy_pj"]);
}

TEST_CASE("Options of energy tables that cannot be are refused") {
  const ScratchFolder scratch;
  scratch.put("e.yaml", "ERT:\n  version: 0.4\n  tables:\n  - name: a.mca\n    actions: []\n");
  check_refused(scratch, {"--energy", "horowitz_45"}, "did you mean 'horowitz_45nm'?");
  check_refused(scratch, {"--energy", "e.yaml"}, "e.yaml: line 4, column 11: the component");
  check_refused(scratch, {"--energy", "e.yaml"}, "did you mean 'mac'?");
  check_refused(scratch, {"--energy", "horowitz_45nm", "--technology", "45"}, "NANOMETRES,VOLTS");
  check_refused(scratch, {"--energy", "eyeriss_isca16", "--technology", "45,1"},
                "relative to a MAC");
  check_refused(scratch, {"--technology", "45,1"}, "needs --energy");
  check_refused(scratch, {"--energy", "horowitz_45nm", "--ert-arguments", "average"},
                "an ERT only");
  check_refused(scratch, {"--energy", "e.yaml", "--ert-component", "mca=macs"},
                "did you mean 'mac'");
  check_refused(scratch, {"--energy", "e.yaml", "--ert-component", "mca=mac/0"}, "--ert-component");
  check_refused(scratch, {"--energy", "e.yaml", "--ert-areas", "none.yaml"}, "none.yaml: cannot");
  scratch.put("e2.yaml", "ERT: {version: 0.4, tables: []}\nART: {version: 0.4, tables: [1]}\n");
  check_refused(scratch, {"--energy", "e2.yaml"}, "e2.yaml: line 2, column 30: a table must be");
}

TEST_CASE("'show energy' prints each entry with its source, as text and as JSON that reads back") {
  const ScratchFolder scratch;
  const Finished text = run_program_in(scratch.path(), {"show", "energy", "horowitz_45nm"});
  CHECK(text.code == 0);
  CHECK_THAT(text.out, Contains("energies in pJ, 45 nm, 0.9 V") && Contains("by powers") &&
                           Contains("Keckler"));
  const Finished json = run_program_in(
      scratch.path(), {"show", "energy", "eyeriss_65nm_16b", "--technology", "45,0.9", "--json"});
  REQUIRE(json.code == 0);
  scratch.put("eyeriss_65nm_16b.json", json.out);
  const Finished again =
      run_program_in(scratch.path(), {"show", "energy", "./eyeriss_65nm_16b.json", "--json"});
  CHECK(again.out == json.out);
  const Finished arch =
      run_program_in(scratch.path(), {"show", "arch", "eyeriss_v1", "--technology", "45,0.9"});
  CHECK(arch.code == 2);
}

}  // namespace ridgeline
