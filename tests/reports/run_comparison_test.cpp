#include "reports/run_comparison.hpp"

#include <catch2/catch.hpp>

#include "models/base/error.hpp"

namespace ridgeline::reports {
namespace {

using Catch::Matchers::Contains;
using Texts = std::vector<std::string>;

ReportSums sums(std::int64_t cycles, double energy) {
  return {.macs = 10,
          .cycles = cycles,
          .causes = {{"compute", cycles - 5}, {"dram_stall", 5}},
          .latency_us = static_cast<double>(cycles),
          .utilization = 0.5,
          .dram_bytes = 100,
          .energy = energy,
          .components = {{"mac", energy - 30}, {"dram", 30}},
          .bound = "dram"};
}

ReportLayer layer(std::string name, std::string shape, std::int64_t cycles = 100) {
  return {.name = std::move(name),
          .op = "conv",
          .dataflow = "ws",
          .shape = std::move(shape),
          .tile = "N 1 G 1 M 16 C 3",
          .order = "filter_outer",
          .precision = "int8",
          .sums = sums(cycles, 1000)};
}

RunReport report(std::vector<ReportLayer> layers) {
  RunReport run{.file = "a.json", .network = "net", .arch = "machine", .energy_unit = "pJ"};
  run.settings = {{"/precision", "int8"}, {"/arch/pe_array/rows", "16"}};
  run.layers = std::move(layers);
  run.total = sums(400, 4000);
  return run;
}

TEST_CASE("Layers are matched by name first, then by operation and shape, in order") {
  const RunReport a = report({layer("x", "M 1"), layer("old1", "M 2"), layer("old2", "M 2"),
                              layer("gone", "M 3"), layer("twin", "M 4"), layer("twin", "M 5")});
  const RunReport b = report({layer("new1", "M 2"), layer("x", "M 9"), layer("new2", "M 2"),
                              layer("more", "M 7"), layer("twin", "M 4"), layer("twin", "M 5")});
  const RunComparison comparison = compare_runs(a, b);
  Texts pairs;
  for (const LayerPair& pair : comparison.pairs)
    pairs.push_back(pair.a->name + (pair.by_name() ? " = " : " ~ ") + pair.b->name + " " +
                    pair.b->shape);
  CHECK(pairs == Texts{"x = x M 9", "old1 ~ new1 M 2", "old2 ~ new2 M 2", "twin = twin M 4",
                       "twin = twin M 5"});
  REQUIRE(comparison.only_a.size() == 1);
  REQUIRE(comparison.only_b.size() == 1);
  CHECK(comparison.only_a[0]->name == "gone");
  CHECK(comparison.only_b[0]->name == "more");
  CHECK(comparison.pairs[0].changes == Texts{"another shape"});
}

TEST_CASE("What changed is said: dataflow, bound, tile, order, words, what stays on chip") {
  const RunReport a = report({layer("x", "M 1")});
  ReportLayer other = layer("x", "M 1", 70);
  other.dataflow = "os";
  other.sums.bound = "compute";
  other.tile = "N 1 G 1 M 32 C 1";
  other.order = "ifmap_outer";
  other.precision = "int16";
  other.on_chip = "ofmap";
  other.sums.components = {{"mac", 970}, {"dram", 10}, {"leakage", 5}};
  const RunReport b = report({other});
  const RunComparison comparison = compare_runs(a, b);
  REQUIRE(comparison.pairs.size() == 1);
  CHECK(comparison.pairs[0].changes ==
        Texts{"dataflow ws > os", "bound dram > compute", "tile M 16 > 32, C 3 > 1",
              "order filter_outer > ifmap_outer", "words int8 > int16", "on chip none > ofmap"});
  CHECK(comparison.pairs[0].cycles_by == "compute -30");
  CHECK(comparison.pairs[0].energy_by == "dram -20");
  CHECK(compare_runs(a, a).pairs[0].changes.empty());
  CHECK(compare_runs(a, a).pairs[0].cycles_by.empty());
  // Reports of older versions do not say how a layer was tiled.
  ReportLayer old = layer("x", "M 1");
  old.tile = old.order = "";
  const RunReport c = report({old});
  CHECK(compare_runs(a, c).pairs[0].changes.empty());
}

TEST_CASE("Settings that differ are listed, those of one report alone too") {
  const RunReport a = report({layer("x", "M 1")});
  RunReport b = a;
  b.settings = {{"/precision", "int16"}, {"/arch/pe_array/rows", "16"}, {"/picture", "cat"}};
  const RunComparison comparison = compare_runs(a, b);
  REQUIRE(comparison.settings.size() == 2);
  CHECK(comparison.settings[0].pointer == "/precision");
  CHECK(comparison.settings[0].b == "int16");
  CHECK(comparison.settings[1].a == "-");
  CHECK(comparison.settings[1].b == "cat");
}

TEST_CASE("Energies of different units are not compared") {
  const RunReport a = report({});
  RunReport b = report({});
  b.file = "b.json";
  b.energy_unit = "MAC";
  CHECK_THROWS_WITH(compare_runs(a, b),
                    "b.json: /energy_unit: energy in MAC cannot be compared with pJ in a.json; "
                    "allowed: \"pJ\"");
}

TEST_CASE("A comparison is a table in each format, and names in it stay names") {
  const RunReport a = report({layer("x", "M 1"), layer("a|<b>*\x1b", "M 3")});
  const RunReport b = report({layer("x", "M 1", 50), layer("=1,\"2\"", "M 4")});
  const RunComparison comparison = compare_runs(a, b);
  const std::string text = comparison_text(comparison);
  CHECK_THAT(text,
             Contains("\nx           100  50 0.500x  1.00k 1.00k 1.000x  cycles: compute -50\n"));
  CHECK_THAT(text,
             Contains("  only in A\n") && Contains("  only in B\n") && Contains("a|<b>*\\x1b"));
  CHECK_THAT(text, Contains("1 layers matched by name, 0 by operation and shape (~); 1 only in A"));
  const std::string markdown = comparison_markdown(comparison);
  CHECK_THAT(markdown, Contains("| x | 100 | 50 | 0.500x | 1.00k | 1.00k | 1.000x |"));
  CHECK_THAT(markdown, Contains("| a\\|\\<b\\>\\*\\\\x1b |"));
  const std::string csv = comparison_csv(comparison);
  CHECK_THAT(csv, Contains("x,x,100,50,1000,1000,ws,ws,dram,dram,N 1 G 1 M 16 C 3,"));
  CHECK_THAT(csv, Contains("\r\n,\"=1,\"\"2\"\"\",,100,") && Contains("total,total,400,400,"));
  CHECK_THAT(comparison_html(comparison), Contains("\"a|\\u003cb\\u003e*\\u001b\""));
}

}  // namespace
}  // namespace ridgeline::reports
