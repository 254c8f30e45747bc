#include "reports/reproduction.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <nlohmann/json.hpp>

namespace ridgeline::reports {
namespace {

using Catch::Matchers::Contains;
using Json = nlohmann::json;
using Texts = std::vector<std::string>;

Reproduction sample() {
  return {.name = "sample",
          .title = "A table for tests",
          .source = "nobody",
          .columns = {"network", "quantity"},
          .figures = {{{"a", "MACs"}, 1000, 1000, Tolerance()},
                      {{"a", "cycles"}, 200, 210, Tolerance{.relative = 0.02}},
                      {{"b|c", "energy"}, 0.72, 0.717, Tolerance{.absolute = 0.005}},
                      {{"b|c", "ratio"}, 3, 2, {}}},
          .notes = {"a note"}};
}

/// `count` figures of two groups, all within 10 %, the last one furthest off.
Reproduction long_sample(int count) {
  Reproduction result = sample();
  result.figures.clear();
  for (int i = 0; i < count; ++i) {
    result.figures.push_back({{i % 2 == 0 ? "even" : "odd", "figure " + std::to_string(i)},
                              1000,
                              1000 + 0.1 * i,
                              Tolerance{.relative = 0.1}});
  }
  return result;
}

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST_CASE("A figure is held to its own tolerance") {
  const auto judge = [](double published, double ours, std::optional<Tolerance> tolerance) {
    return verdict_of({{"x"}, published, ours, tolerance});
  };
  CHECK(judge(100, 100, Tolerance()) == Verdict::pass);
  CHECK(judge(100, 101, Tolerance()) == Verdict::miss);
  CHECK(judge(100, 102, Tolerance{.relative = 0.02}) == Verdict::pass);
  CHECK(judge(100, 103, Tolerance{.relative = 0.02}) == Verdict::miss);
  CHECK(judge(-100, -98, Tolerance{.relative = 0.02}) == Verdict::pass);
  CHECK(judge(0, 0.5, Tolerance{.relative = 0.02, .absolute = 0.5}) == Verdict::pass);
  CHECK(judge(100, 1e9, std::nullopt) == Verdict::not_judged);
  CHECK(judge(100, std::nan(""), Tolerance{.relative = 10}) == Verdict::miss);
}

TEST_CASE("Figures, differences and tolerances are written for people") {
  CHECK(figure_text(861339936) == "861,339,936");
  CHECK(figure_text(-2) == "-2");
  CHECK(figure_text(0.717) == "0.717");
  const auto of = [](double published, double ours) {
    return difference_text({{}, published, ours, {}});
  };
  CHECK(of(5, 5) == "0");
  CHECK(of(200, 210) == "+5.00 %");
  CHECK(of(200, 100) == "-50.00 %");
  CHECK(of(1e6, 1e6 + 1) == "+0.0001 %");
  CHECK(of(0, 2) == "+2");
  CHECK(of(-2, -1) == "+50.00 %");
  const auto tolerance = [](std::optional<Tolerance> t) { return tolerance_text({{}, 1, 1, t}); };
  CHECK(tolerance({}).empty());
  CHECK(tolerance(Tolerance()) == "exact");
  CHECK(tolerance(Tolerance{.relative = 0.02}) == "2 %");
  CHECK(tolerance(Tolerance{.absolute = 0.5}) == "0.5");
  CHECK(tolerance(Tolerance{.relative = 0.02, .absolute = 0.5}) == "2 % + 0.5");
}

TEST_CASE("A recalled figure is said to be recalled and never judged, whatever its tolerance") {
  Reproduction one = sample();
  one.figures[1].recalled = true;
  CHECK(verdict_of(one.figures[1]) == Verdict::recalled);
  CHECK(misses_of(one).empty());
  const std::string text = reproductions_text(std::span(&one, 1), Rows::summed_up);
  CHECK_THAT(text, Contains("+5.00 %        2 %  recalled") &&
                       Contains("4 figures: 2 within tolerance, 0 missed, 1 recalled, 1 without"));
  const Json json = Json::parse(reproductions_json(std::span(&one, 1), Rows::summed_up));
  CHECK(json["reproductions"][0]["recalled"] == 1);
  CHECK(json["reproductions"][0]["figures"][1]["verdict"] == "recalled");
  CHECK_THAT(reproductions_csv(std::span(&one, 1), Rows::all), Contains(",recalled\r\n"));
}

TEST_CASE("Sections follow the notes in text and Markdown, and are data in JSON") {
  Reproduction one = sample();
  one.sections = {{.title = "Drawn", .drawing = "  /\\\n /  \\\n"},
                  {.title = "Listed",
                   .columns = {"name", "size"},
                   .rows = {{"a|b", Section::Number{1.25, 1}}}}};
  const std::string text = reproductions_text(std::span(&one, 1), Rows::summed_up);
  CHECK_THAT(text, Contains("note: a note\n\nDrawn\n\n  /\\\n /  \\\n\nListed\n\nname  size\n") &&
                       Contains("a|b    1.2\n"));
  const std::string markdown = reproductions_markdown(std::span(&one, 1), Rows::summed_up);
  CHECK_THAT(markdown,
             Contains("- a note\n\n**Drawn**\n\n```text\n  /\\\n /  \\\n```\n\n**Listed**\n\n") &&
                 Contains("| a\\|b | 1.2 |\n"));
  const Json json = Json::parse(reproductions_json(std::span(&one, 1), Rows::summed_up));
  const Json& sections = json["reproductions"][0]["sections"];
  CHECK(sections[0] == Json{{"title", "Drawn"}, {"drawing", "  /\\\n /  \\\n"}});
  CHECK(sections[1]["rows"] == Json::parse(R"([["a|b", 1.25]])"));
  CHECK_FALSE(Json::parse(reproductions_json(std::vector{sample()}, Rows::all))["reproductions"][0]
                  .contains("sections"));
}

TEST_CASE("Each miss is a message that names the row") {
  CHECK(misses_of(sample()) ==
        Texts{"sample: a, cycles: 200 published, 210 ours (+5.00 %), tolerance 2 %"});
}

TEST_CASE("A short table prints every row as text") {
  const Reproduction one = sample();
  CHECK(reproductions_text(std::span(&one, 1), Rows::summed_up) ==
        "sample: A table for tests\n"
        "source: nobody\n"
        "\n"
        "network  quantity  published   ours  difference  tolerance\n"
        "------------------------------------------------------------------\n"
        "a        MACs          1,000  1,000           0      exact  ok\n"
        "a        cycles          200    210     +5.00 %        2 %  MISSED\n"
        "b|c      energy         0.72  0.717     -0.42 %      0.005  ok\n"
        "b|c      ratio             3      2    -33.33 %\n"
        "\n"
        "4 figures: 2 within tolerance, 1 missed, 1 without a tolerance; mean absolute difference "
        "9.69 %,\n"
        "largest -33.33 % (b|c, ratio)\n"
        "note: a note\n");
}

TEST_CASE("Markdown keeps a cell's bar inside its cell") {
  const Reproduction one = sample();
  const std::string text = reproductions_markdown(std::span(&one, 1), Rows::summed_up);
  CHECK_THAT(text, Contains("### A table for tests\n\n`ridgeline reproduce sample`: 4 figures") &&
                       Contains("| a | cycles | 200 | 210 | +5.00 % | 2 % | MISSED |\n") &&
                       Contains("| b\\|c | energy | ") && Contains("\n- a note\n"));
}

TEST_CASE("A long table is summed up by groups, with what misses and what is furthest off") {
  Reproduction one = long_sample(186);
  one.figures[7].ours = 5000;
  const std::string text = reproductions_text(std::span(&one, 1), Rows::summed_up);
  CHECK(lines_in(text) < 30);
  CHECK_THAT(text, Contains("network  figures  within  missed  mean |difference|") &&
                       Contains("even          93      93       0") &&
                       Contains("odd           93      92       1") && Contains("figure 7 ") &&
                       Contains("figure 185 ") &&
                       Contains("175 more figures lie nearer; --rows prints every row"));
  const std::string full = reproductions_text(std::span(&one, 1), Rows::all);
  CHECK(lines_in(full) > 186);
  CHECK_THAT(full, Contains("figure 0 ") && !Contains("--rows"));
  const std::string markdown = reproductions_markdown(std::span(&one, 1), Rows::summed_up);
  CHECK_THAT(markdown, Contains("| even | 93 | 93 | 0 |") && Contains("175 more figures"));
}

TEST_CASE("JSON and CSV hold every figure, with difference, tolerance and verdict") {
  const std::vector<Reproduction> two{sample(), long_sample(186)};
  const Json json = Json::parse(reproductions_json(two, Rows::summed_up));
  CHECK(json["schema"] == "ridgeline.reproduction/1");
  const Json& first = json["reproductions"][0];
  CHECK(first["passed"] == 2);
  CHECK(first["missed"] == 1);
  CHECK(first["not_judged"] == 1);
  CHECK(first["figures"][1]["what"] == Json{{"network", "a"}, {"quantity", "cycles"}});
  CHECK(first["figures"][1]["difference"] == 10);
  CHECK(first["figures"][1]["tolerance"]["relative"] == 0.02);
  CHECK(first["figures"][1]["verdict"] == "miss");
  CHECK(first["figures"][3]["tolerance"].is_null());
  CHECK(json["reproductions"][1]["figures"].size() == 186);
  const std::string csv = reproductions_csv(two, Rows::summed_up);
  CHECK(lines_in(csv) == 1 + 4 + 186);
  CHECK_THAT(csv,
             Contains("\r\nsample,\"a, cycles\",200,210,10,0.05,0.02,0,miss\r\n") &&
                 Contains("\r\nsample,\"b|c, ratio\",3,2,-1,-0.3333333333333333,,,not_judged"));
}

TEST_CASE("No name of a figure upsets a terminal or JSON") {
  Reproduction one = sample();
  one.figures[0].what[0] = "\x1b[31m\n\xFF";
  for (const ReproductionFormat& format : reproduction_formats()) {
    const std::string text = format.render(std::span(&one, 1), Rows::all);
    INFO(format.name);
    CHECK(text.find('\x1b') == std::string::npos);
  }
}

}  // namespace
}  // namespace ridgeline::reports
