#include "sim/cli/reproduce.hpp"

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "sim/papers/papers.hpp"
#include "tests/cli/program_runner.hpp"
#include "tests/support/effort.hpp"

namespace ridgeline::cli {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using Words = std::vector<std::string>;
using Json = nlohmann::json;

Words names_of_papers() {
  Words names;
  for (const papers::Paper& paper : papers::all_papers()) names.push_back(paper.name);
  return names;
}

TEST_CASE("Every reproduction keeps its tolerances and states its source") {
  for (const papers::Paper& paper : papers::all_papers()) {
    const reports::Reproduction reproduction = papers::reproduce(paper);
    INFO(paper.name);
    CHECK(reports::misses_of(reproduction).empty());
    CHECK(!reproduction.figures.empty());
    CHECK(!reproduction.source.empty());
    CHECK(!reproduction.title.empty());
    for (const reports::Figure& figure : reproduction.figures) {
      CHECK(figure.what.size() == reproduction.columns.size());
    }
  }
}

TEST_CASE("Names of reproductions are unique, and none is 'all'") {
  Words names = names_of_papers();
  CHECK(std::find(names.begin(), names.end(), "all") == names.end());
  std::sort(names.begin(), names.end());
  CHECK(std::unique(names.begin(), names.end()) == names.end());
}

TEST_CASE("Without a name, reproduce lists what there is") {
  const ScratchFolder scratch;
  for (const Words& words : std::vector<Words>{{"reproduce"}, {"reproduce", "--list"}}) {
    const Finished finished = run_program_in(scratch.path(), words);
    CHECK(finished.code == 0);
    CHECK(finished.err.empty());
    for (const std::string& name : names_of_papers()) CHECK_THAT(finished.out, Contains(name));
  }
}

TEST_CASE("The networks of the zoo have the published parameters and MACs") {
  const ScratchFolder scratch;
  const Finished text = run_program_in(scratch.path(), {"reproduce", "networks"});
  CHECK(text.code == 0);
  CHECK(text.err.empty());
  CHECK_THAT(text.out, Contains("28 figures: 28 within tolerance, 0 missed") &&
                           Contains("861,339,936  861,339,936           0      exact  ok"));
  const Finished json =
      run_program_in(scratch.path(), {"reproduce", "networks", "--format", "json"});
  CHECK(Json::parse(json.out)["reproductions"][0]["name"] == "networks");
}

TEST_CASE("Reproductions are files of every format, or of those named, and the same every time") {
  const ScratchFolder scratch;
  const Words names = names_of_papers();
  CHECK(run_program_in(scratch.path(), {"reproduce", "all", "--out", "a/b"}).code == 0);
  CHECK(names_below(scratch.path() / "a/b").size() ==
        names.size() * reports::reproduction_formats().size());
  std::string written;
  for (const std::string& name : names) {
    const std::string one = bytes_of_file(scratch.path() / "a/b" / (name + ".md"));
    CHECK_THAT(one, StartsWith("### "));
    written += (written.empty() ? "" : "\n") + one;
  }
  if (!testing::kSanitized) {
    const Finished again = run_program_in(scratch.path(), {"reproduce", "all", "--format", "md"});
    CHECK(again.code == 0);
    CHECK(again.out == written);
  }
  const Finished named =
      run_program_in(scratch.path(), {"reproduce", "networks", "--out", "c", "--format", "csv,md"});
  CHECK(named.code == 0);
  CHECK_THAT(named.out, StartsWith("networks: "));
  CHECK_THAT(named.err, Contains("wrote c/networks.csv\n"));
  CHECK(names_below(scratch.path() / "c") == Words{"networks.csv", "networks.md"});
}

TEST_CASE("A reproduction's figures are drawn where files are asked for") {
  const ScratchFolder scratch;
  reports::Reproduction one{
      .name = "one",
      .title = "drawn",
      .source = "nobody",
      .columns = {"what"},
      .figures = {{{"a figure"}, 1, 1, reports::Tolerance()}},
      .drawings = {{"line", "0 0\n1 1\n",
                    reports::gnuplot_beginning("a line", "one", "line") + "plot data\n"}}};
  const ReproduceRequest request{.formats = {}, .out = scratch.path() / "out", .figures = true};
  if (std::system("command -v gnuplot >/dev/null 2>&1") == 0) {
    CHECK(report(std::vector{one}, request) == 0);
    CHECK_THAT(bytes_of_file(scratch.path() / "out" / "one.line.svg"), Contains("</svg>"));
  }
  CHECK(run_program_in(scratch.path(), {"reproduce", "networks", "--format", "svg"}).code == 2);
}

TEST_CASE("A reproduction that misses a tolerance is exit code 1, its files written all the same") {
  const ScratchFolder scratch;
  reports::Reproduction good{.name = "good",
                             .title = "kept",
                             .source = "nobody",
                             .columns = {"what"},
                             .figures = {{{"a figure"}, 1, 1, reports::Tolerance()}}};
  reports::Reproduction bad = good;
  bad.name = "bad";
  bad.figures.push_back({{"another"}, 100, 150, reports::Tolerance{.relative = 0.1}});
  const ReproduceRequest request{.formats = {&reports::reproduction_formats().front()},
                                 .out = scratch.path() / "out"};
  CHECK(report(std::vector{good}, request) == 0);
  CHECK(report(std::vector{good, bad}, request) == 1);
  CHECK_THAT(
      bytes_of_file(scratch.path() / "out" / "bad.txt"),
      Contains("+50.00 %       10 %  MISSED") && Contains("2 figures: 1 within tolerance, 1"));
}

TEST_CASE("SCALE-Sim's figures that a user has are compared in place of those built in") {
  const ScratchFolder scratch;
  const std::string header =
      "net,layer,ifmap_h,ifmap_w,filt_h,filt_w,channels,num_filters,stride,array_rows,array_cols,"
      "dataflow,row_folds,col_folds,demand_rows,mapping_eff_pct,ifmap_sram_reads,"
      "filter_sram_reads,source,and_more\r\n";
  // 24 x 8 PEs, 4 channels x 5 x 5 positions, 9 filters: 1 x 2 folds of T 25 + 2 x 24 + 8 - 2.
  const auto row = [](int cycles) {
    return "mine,l,5,5,1,1,4,9,1,24,8,ws,1,2," + std::to_string(cycles) +
           ",9.375000,200,36,scalesim-run,x\r\n";
  };
  scratch.put("good.csv", header + row(158));
  scratch.put("bad.csv", header + row(158) + row(159));
  const auto run = [&](Words words) {
    words.insert(words.begin(), "reproduce");
    return run_program_in(scratch.path(), words);
  };
  const Finished good = run({"scalesim", "--published", "good.csv"});
  CHECK(good.code == 0);
  CHECK_THAT(good.out, Contains("5 figures: 5 within tolerance") && Contains("good.csv"));
  const Finished bad = run({"scalesim", "--published", "bad.csv"});
  CHECK(bad.code == 1);
  CHECK_THAT(bad.err, Contains("missed: "));
  const Finished other = run({"networks", "--published", "good.csv"});
  CHECK(other.code == 2);
  CHECK_THAT(other.err, Contains("--published") && Contains("allowed: scalesim"));
  CHECK(run({"all", "--published", "good.csv"}).code == 2);
  CHECK(run({"--published", "good.csv"}).code == 2);
  CHECK(run({"scalesim", "--published", "none.csv"}).code == 2);
}

}  // namespace
}  // namespace ridgeline::cli
