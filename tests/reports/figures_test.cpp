#include "reports/figures.hpp"

#include <catch2/catch.hpp>

#include "reports/markdown.hpp"
#include "reports/report.hpp"
#include "tests/reports/sample_run.hpp"

namespace ridgeline::reports {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

/// Names that would be commands or markup wherever they are not text.
RunStats hostile_run() {
  RunStats run = sample_run();
  run.network = "it's `touch x` </script><script>\x1b";
  run.layers[0].name = "a \"b\" '|c' <img>\n\xe2\x80\xa8";
  return run;
}

TEST_CASE("Figures are data and scripts: a roofline, cycles by cause, energy by component") {
  const std::vector<GnuplotFigure> all = figures(sample_run(), "stem");
  REQUIRE(all.size() == 3);
  CHECK(all[0].name == "roofline");
  CHECK_THAT(all[0].data, Contains("\"conv1\" 8.558558558558559 17.272727272727273 32\n"));
  CHECK_THAT(all[0].data, !Contains("pool1"));
  CHECK_THAT(all[0].script, Contains("set output './stem.roofline.svg'") &&
                                Contains("data = './stem.roofline.dat'") &&
                                Contains("peak = 32\n") && Contains("bandwidth = 8 ") &&
                                Contains("title 'ws'") && Contains("noenhanced"));
  CHECK(all[1].name == "latency");
  CHECK_THAT(all[1].data,
             StartsWith("layer compute fill_drain stationary_load glb_stall dram_stall "
                        "vector_stall\n\"conv1\" 1000 40 30 20 10 0\n\"pool1\" 0 0 0 0 0 200\n"));
  CHECK_THAT(all[1].script, Contains("title 'vector stall'") && Contains("set ylabel 'cycles'"));
  CHECK(all[2].name == "energy");
  CHECK_THAT(all[2].script, Contains("MAC equivalents") && !Contains("leakage"));
}

TEST_CASE("A run without MACs has figures, too") {
  RunStats run = sample_run();
  run.layers.erase(run.layers.begin());
  const std::vector<GnuplotFigure> all = figures(run, "stem");
  CHECK_THAT(all[0].script, Contains("plot roof(x)") && !Contains("data index"));
}

TEST_CASE("Names in figures are never commands") {
  const std::vector<GnuplotFigure> all = figures(hostile_run(), "it's |x");
  // In single quotes gnuplot substitutes nothing, and a file named "./..." is no pipe.
  CHECK_THAT(all[1].script, Contains("data = './it''s |x.latency.dat'"));
  CHECK_THAT(all[1].script, Contains("set title 'it''s `touch x` </script><script>\\x1b on tiny'"));
  CHECK_THAT(all[1].data, Contains("\n\"a 'b' '|c' <img>\\x0a"));
}

TEST_CASE("The Markdown report is a table, whose names are text") {
  const std::string text = render_markdown(hostile_run());
  CHECK_THAT(text, StartsWith("### it's \\`touch x\\` \\</script\\>\\<script\\>\\\\x1b on tiny\n"));
  CHECK_THAT(text, Contains("\n| a \"b\" '\\|c' \\<img\\>\\\\x0a"));
  CHECK_THAT(
      render_markdown(sample_run()),
      Contains("| conv1 | conv 3x3/2 | ws | 19,440 | 1,100 |") && Contains("\n| total |  |"));
  CHECK(markdown_text("*_`[x]") == "\\*\\_\\`\\[x\\]");
}

TEST_CASE("Names in the HTML report cannot end their script") {
  const std::string page = render_html(hostile_run());
  CHECK_THAT(page,
             Contains("<title>it's `touch x` &lt;/script&gt;&lt;script&gt;\\x1b on tiny</title>"));
  CHECK_THAT(page, Contains("\"a \\\"b\\\" '|c' \\u003cimg\\u003e\\n\\u2028\""));
  CHECK_THAT(page, !Contains("<img"));
  std::size_t ends = 0;
  for (std::size_t at = 0; (at = page.find("</script", at)) != std::string::npos; ++at) ++ends;
  CHECK(ends == 4);
}

}  // namespace
}  // namespace ridgeline::reports
