#include "reports/utilization_plot.hpp"

#include <catch2/catch.hpp>

namespace ridgeline::reports {
namespace {

using Catch::Matchers::Contains;

RunStats run_of(std::initializer_list<std::pair<int, double>> layers) {
  RunStats run;
  run.network = "net";
  for (const auto& [cycles, utilization] : layers) {
    LayerStats layer;
    layer.name = "layer";
    layer.cycles.compute = Cycles(cycles);
    layer.utilization = utilization;
    run.layers.push_back(layer);
  }
  return run;
}

TEST_CASE("A layer is as wide as its cycles and as high as its utilisation") {
  const RunStats run = run_of({{30, 1}, {10, 0}, {20, 0.5}});
  const UtilizationMark marks[] = {{0, "first"}, {1, "idle"}, {2, "half of it"}};
  const std::string plot = utilization_plot(run, marks, {.width = 18, .glyphs = Glyphs::ascii});
  CHECK(plot ==
        "100 %+::::::\n"
        "     |::::::\n"
        "     |::::::\n"
        "     |::::::\n"
        " 50 %+::::::  ::::\n"
        "     |::::::  ::::\n"
        "     |::::::  ::::\n"
        "     |::::::  ::::\n"
        "  0 %++-----+-+---\n"
        "      first idle\n");  // the third has no room
}

TEST_CASE("Columns that several layers share have their mean") {
  RunStats run;
  for (int i = 0; i < 200; ++i) {
    run.layers.push_back(run_of({{1, i % 2 == 0 ? 1.0 : 0.0}}).layers[0]);
  }
  const std::string plot = utilization_plot(run, {}, {.width = 16, .glyphs = Glyphs::ascii});
  CHECK_THAT(plot, Contains("100 %+\n") && Contains(" 50 %+::::::::::\n"));
}

TEST_CASE("The figure of several runs has a line for each, to where it ends") {
  const GnuplotFigure figure =
      utilization_figure({run_of({{30, 1}, {10, 0.25}}), run_of({{5, 0.5}})}, "title", "stem");
  CHECK(figure.name == "utilization");
  CHECK_THAT(figure.data, Contains("\"layer\" 0 100\n\"layer\" 30 25\n\"end\" 40 0\n\n\n# net\n") &&
                              Contains("\"layer\" 0 50\n\"end\" 5 0\n"));
  CHECK_THAT(figure.script,
             Contains("data index 0 using 2:3 with steps") && Contains("data index 1"));
}

}  // namespace
}  // namespace ridgeline::reports
