#include "models/arch/accelergy.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <map>

#include "models/base/error.hpp"
#include "models/base/text.hpp"
#include "models/base/yaml_reader.hpp"
#include "models/cost/energies.hpp"
#include "reports/report.hpp"
#include "tests/reports/sample_run.hpp"

using namespace ridgeline;

namespace {

EnergyTable read(const std::string& text, const AccelergyChoices& choices = {}) {
  const SourceText file{.path = "machine.yaml", .text = text};
  return parse_accelergy(std::span(&file, 1), choices);
}

std::optional<InputProblem> problem(const std::string& text, const AccelergyChoices& choices = {}) {
  try {
    (void)read(text, choices);
    return std::nullopt;
  } catch (const InputError& error) {
    CHECK(error.problem().file ==
          (error.problem().file.starts_with("--") ? error.problem().file : "machine.yaml"));
    return error.problem();
  }
}

Energies energies(const EnergyTable& table) {
  Architecture arch;
  arch.energy = table;
  return energies_of(arch, Precision::int16);
}

/// An ERT of one component.
std::string ert(const std::string& name, const std::string& actions) {
  return "ERT:\n  version: 0.3\n  tables:\n  - name: " + name + "\n    actions:\n" + actions;
}

const std::string kArguments =
    "    - {name: read, arguments: {address_delta: 0, data_delta: 0}, energy: 1}\n"
    "    - {name: read, arguments: {address_delta: 1, data_delta: 0}, energy: 3}\n"
    "    - {name: read, arguments: {address_delta: 1, data_delta: 1}, energy: 8}\n";

AccelergyArguments average(std::vector<std::pair<std::string, std::string>> values = {}) {
  return {.values = std::move(values), .average = true};
}

}  // namespace

TEST_CASE("An ERT of version 0.4 is an energy table, leakage times its instances", "[energy]") {
  const EnergyTable table = read(R"(ERT:
    version: '0.4'
    tables:
      - name: system.DRAM[1..1]
        actions:
          - name: read
            arguments: {global_cycle_seconds: 1e-09}
            energy: 512.0
          - {name: update, arguments: {}, energy: 512.0}
      - name: system.PE[0..3].psum_spad[1..42]
        actions:
          - {name: write, arguments: {}, energy: 0.2191}
          - {name: leak, arguments: {}, energy: 0.25}
      - name: system.mac[1..168]
        actions:
          - {name: compute, arguments: {}, energy: 0.207692}
)",
                                 {.components = {{"DRAM", "dram", 8}}});
  CHECK(table.unit == "pJ");
  CHECK(table.name == "machine");
  const Energies e = energies(table);
  CHECK(e.dram_read == 64);  // an access moves eight words
  CHECK(e.dram_write == 0);
  CHECK(e.rf_psum_write == 0.2191);
  CHECK(e.mac_random == 0.207692);
  CHECK(e.mac_reused == 0.207692);
  CHECK(e.leakage == 4 * 42 * 0.25);
  CHECK_THAT(table.source, Catch::Contains("taken to cost nothing: noc, glb, vector"));
}

TEST_CASE("Of an action with arguments, which energy is meant must be said", "[energy]") {
  const std::string text = ert("eyeriss_like.PE[0..167].ifmap_spad", kArguments);
  const auto refused = problem(text);
  REQUIRE(refused);
  CHECK(refused->place == "line 6, column 7");
  CHECK(refused->what ==
        "read of ifmap_spad has 3 energies, by address_delta, data_delta; which is "
        "meant must be said");
  CHECK(energies(read(text, {.arguments = average()})).rf_ifmap_read == 4);
  const AccelergyChoices one{
      .arguments = AccelergyArguments{.values = {{"address_delta", "1"}, {"data_delta", "1"}}}};
  CHECK(energies(read(text, one)).rf_ifmap_read == 8);
  CHECK(energies(read(text, {.arguments = average({{"address_delta", "1"}})})).rf_ifmap_read ==
        5.5);
  // Two are left, or none.
  CHECK(problem(text, {.arguments = AccelergyArguments{.values = {{"data_delta", "0"}}}}));
  CHECK(problem(text, {.arguments = average({{"data_delta", "7"}})}));
  CHECK_THAT(read(text, {.arguments = average()}).source, Catch::Contains("averaged"));
}

TEST_CASE("A name of an ERT that is unknown is an error with the near one", "[energy]") {
  const auto component = problem(ert("a.psum_spd", "    - {name: read, energy: 1}\n"));
  REQUIRE(component);
  CHECK(component->what == "the component \"psum_spd\" is unknown");
  CHECK(component->nearest == "psum_spad");
  const auto action = problem(ert("a.psum_spad", "    - {name: raed, energy: 1}\n"));
  REQUIRE(action);
  CHECK(action->place == "line 6, column 14");
  CHECK(action->nearest == "read");
  const auto chosen = problem(ert("a.mac", "    - {name: compute, energy: 1}\n"),
                              {.components = {{"psum_spd", "rf.psum", 1}}});
  REQUIRE(chosen);
  CHECK(chosen->file == "--ert-component");
  // Said otherwise, or left out, it is none.
  const std::string spd = ert("a.psum_spd", "    - {name: read, energy: 3}\n");
  CHECK(energies(read(spd, {.components = {{"psum_spd", "rf.psum", 1}}})).rf_psum_read == 3);
  CHECK(energies(read(spd, {.components = {{"psum_spd", "", 1}}})).rf_psum_read == 0);
  const auto twice = problem(ert("a.psum_spad", "    - {name: read, energy: 1}\n") +
                             "  - name: b.psum_spad\n    actions: [{name: read, energy: 2}]\n");
  REQUIRE(twice);
  CHECK(twice->what == "\"rf.psum.read\" has an energy already");
}

TEST_CASE("A buffer of one operand comes before the one that all share", "[energy]") {
  const EnergyTable table = read(ert("a.shared_glb", "    - {name: read, energy: 8}\n") +
                                 "  - name: a.weights_glb\n"
                                 "    actions: [{name: read, energy: 2}]\n");
  CHECK(energies(table).glb_filter_read == 2);
  CHECK(energies(table).glb_psum_read == 8);
}

TEST_CASE("An ART gives areas, beside the ERT or in a file of its own", "[energy]") {
  const SourceText files[]{
      {"e.yaml", ert("a.mac", "    - {name: compute, energy: 1}\n")},
      {"a.yaml", "ART:\n  version: '0.4'\n  tables:\n  - {name: 'a.mac[1..2]', area: 191.82}\n"}};
  const EnergyTable table = parse_accelergy(files, {});
  REQUIRE(table.areas.size() == 1);
  CHECK(table.areas[0] == ComponentArea{"a.mac[1..2]", 191.82});
  CHECK_THROWS_AS(parse_accelergy(std::span(files).last(1), {}), InputError);
  const SourceText two[]{files[0], files[0]};
  CHECK_THROWS_AS(parse_accelergy(two, {}), InputError);
}

TEST_CASE("Hostile and wrong YAML is refused with its place", "[energy][bad_input]") {
  struct Case {
    std::string text, place, what;
  };
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 20; ++i) {
    bomb += fmt::format("a{0}: &a{0} [*a{1},*a{1},*a{1},*a{1},*a{1}]\n", i, i - 1);
  }
  const std::string mac = ert("a.mac", "    - {name: compute, energy: 1}\n");
  std::string many = "{";
  for (int i = 0; i <= 1000; ++i) many += fmt::format("k{}: 1, ", i);
  const Case cases[] = {
      {bomb, "line 1, column 5", "anchors are not read"},
      {"ERT: *x\n", "line 1, column 6", ""},
      {"ERT: !!python/object:os.system x\n", "line 1, column 6", "the tag"},
      {std::string(100'000, '['), "", ""},
      {std::string(100'000, '{'), "", ""},
      {std::string(80, '[') + std::string(80, ']'), "line 1, column 65", "nested too deeply"},
      {many + "}", "", "one key too many"},
      {"", "", "is empty"},
      {"ERT: {version: 0.4, tables: []}\n---\nERT: 1\n", "line 3, column 1", "second document"},
      {"ERT: 1\nERT: 2\n", "line 2, column 1", "appears twice"},
      {"? [a]\n: 1\n", "line 1, column 3", "keys must be names"},
      {"ERT: [\n", "", "is not valid YAML"},
      {"a: b: c\n", "", "is not valid YAML"},
      {"- ERT\n", "line 1, column 1", "must be a map, got a list of 1 items"},
      {"ert: 1\n", "line 1, column 1", "neither"},
      {"ERT: 3\n", "line 1, column 6", "\"ERT\" must be a map, got \"3\""},
      {"ERT: {version: 0.2, tables: []}\n", "line 1, column 16", "version 0.2 is not read"},
      {"ERT: {version: 0.4}\n", "line 1, column 6", "\"tables\" is missing"},
      {"ERT: {version: 0.4, tables: {}}\n", "line 1, column 29", "must be a list"},
      {ert("a.mac", "    - {name: compute, energy: much}\n"), "line 6, column 31",
       "the energy must be a number, got \"much\""},
      {ert("a.mac", "    - {name: compute, energy: [1]}\n"), "line 6, column 31", "a number"},
      {ert("a.mac", "    - {name: compute, energy: -1}\n"), "line 6, column 31", "out of range"},
      {ert("a.mac", "    - {name: compute, energy: nan}\n"), "line 6, column 31", "out of range"},
      {ert("a.mac", "    - {name: compute}\n"), "line 6, column 7", "\"energy\" is missing"},
      {ert("a.mac[2..1]", "    - {name: compute, energy: 1}\n"), "line 4, column 11", "no range"},
      {ert("'a.mac[1'", "    - {name: compute, energy: 1}\n"), "line 4, column 11", "without ]"},
      {mac + "  - 7\n", "line 7, column 5", "a table must be a map"},
  };
  for (const Case& given : cases) {
    INFO(given.text.substr(0, 80));
    const auto found = problem(given.text);
    REQUIRE(found);
    INFO(found->place << ": " << found->what);
    if (!given.place.empty()) CHECK(found->place == given.place);
    CHECK_THAT(found->what, Catch::Contains(given.what));
  }
  CHECK(problem(std::string((std::size_t{16} << 20) + 1, ' ')));
}

TEST_CASE("What a run exports reads back as the same energies, and counts times ERT are its total",
          "[energy][reports]") {
  for (const bool mixed : {false, true}) {
    RunStats run = sample_run();
    run.arch.energy = {.name = "t",
                       .source = "s",
                       .unit = "pJ",
                       .mac = 1.0 / 3,
                       .mac_gated = 0.1,
                       .rf = 0.7,
                       .dram = 1e-7,
                       .leakage_per_cycle = 2.5,
                       .entries = {{.action = "rf.filter", .form = PerAction{0.3}},
                                   {.action = "mac.reused", .form = PerAction{0.29}},
                                   {.action = "glb", .form = PerBit{0.123}}},
                       .areas = {{"it's", 12.5}}};
    run.layers[0].accesses.mac_reused = 7000;
    run.layers[0].sparsity.macs_gated = 1001;
    if (mixed) run.layers[1].precision = Precision::int16;
    for (LayerStats& layer : run.layers) derive(layer, run.arch);

    std::map<std::string, double> each;  // "component action"
    const std::vector<reports::FormatFile> files = reports::accelergy_files(run);
    REQUIRE(files.size() == 4);
    const auto parsed = [&](std::size_t i) {
      return parse_yaml({files[i].extension, files[i].bytes});
    };
    const YamlValue table = parsed(0), counts = parsed(2), estimate = parsed(3);
    for (const YamlValue& component : table.at("ERT").at("tables").list("tables")) {
      for (const YamlValue& action : component.at("actions").list("actions")) {
        each[component.at("name").text + " " + action.at("name").text] =
            action.at("energy").number("energy", {0, 1e12});
      }
    }
    double sum = 0;
    for (const YamlValue& component : counts.at("action_counts").at("local").list("local")) {
      for (const YamlValue& action : component.at("action_counts").list("counts")) {
        sum += each.at(component.at("name").text + " " + action.at("name").text) *
               action.at("counts").number("counts", {0, 1e18});
      }
    }
    const double total = total_of(run).energy.total().count();
    const auto digits = [](double value) { return fmt::format("{:.12g}", value); };
    const YamlValue& estimation = estimate.at("energy_estimation");
    CHECK(digits(sum) == digits(total));
    CHECK(digits(estimation.at("Total").number("Total", {0, 1e18})) == digits(total));
    double parts = 0;
    for (const YamlValue& component : estimation.at("components").list("components")) {
      parts += component.at("energy").number("energy", {0, 1e18});
    }
    CHECK(parts == Approx(total).epsilon(1e-11));

    if (mixed) continue;  // two of each component
    const SourceText all{.path = "t.yaml", .text = reports::render_accelergy(run)};
    const EnergyTable again = parse_accelergy(std::span(&all, 1), {});
    Architecture arch = run.arch;
    arch.energy = again;
    CHECK(energies_of(arch, Precision::int8) == energies_of(run.arch, Precision::int8));
    CHECK(again.areas == run.arch.energy.areas);
  }
}
