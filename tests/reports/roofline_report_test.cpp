#include "reports/roofline_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "models/base/text.hpp"
#include "tests/reports/sample_run.hpp"

/// The roofline of the sample run, in every format.
namespace ridgeline::reports {
namespace {

using Catch::Matchers::Contains;
using nlohmann::ordered_json;

RooflineAnalysis sample_analysis(const std::string& name = "conv1") {
  RunStats run = sample_run();
  run.layers[0].name = name;
  run.layers[0].ports = {.ifmap = 4000, .filter = 1600, .psum_in = 8000, .psum_out = 9600};
  run.layers[0].compulsory = {.dram = Bytes(1900),
                              .ports = {.ifmap = 1083, .filter = 216, .psum_out = 720}};
  return analyse_roofline(run);
}

RooflineAnalysis measured_analysis() {
  RooflineAnalysis analysis = sample_analysis();
  analysis.measured = {{Roof::dram, 8, 7.5, "bytes", "copy"}};
  return analysis;
}

TEST_CASE("The table shows intensities, rates, bound and headroom of every layer") {
  CHECK(to_text(roofline_layers_table(sample_analysis())) ==
        R"(               ----- MACs/byte -----  MACs/cycle                               cycles
layer  flow    DRAM optimal at bound  attained roof  % of roof  bound          headroom
---------------------------------------------------------------------------------------
conv1  ws      8.56      10     0.49      17.3 31.7       54.5  psum-out port       500
pool1  vector     -       -        -         -    -       55.0  DRAM                 90
---------------------------------------------------------------------------------------
total          6.13      10     0.49      14.6 31.7       46.2  psum-out port       700
)");
}

TEST_CASE("The table of roofs has ridge points, the run's share, and what was measured") {
  CHECK(to_text(roofs_table(measured_analysis())) ==
        R"(                                              MACs/byte
roof           a cycle              a second  ridge  run  % of cycles  measured  % of roof  by
------------------------------------------------------------------------------------------------
PE array            32  MACs           16.0G      -    -         45.7         -          -
vector unit         16  operations     8.00G      -    -         13.8         -          -
DRAM                 8  bytes          4.00G      4 6.13         29.8      7.50       93.8  copy
ifmap port          16  bytes          8.00G      2 4.75         19.2         -          -
filter port         16  bytes          8.00G      2 11.9          7.7         -          -
psum-in port        64  bytes          32.0G   0.50 0.59         38.5         -          -
psum-out port       64  bytes          32.0G   0.50 0.49         46.2         -          -
register file      128  bytes          64.0G   0.25 0.32         35.5         -          -
)");
  CHECK_THAT(to_text(roofs_table(sample_analysis())), !Contains("measured"));
}

TEST_CASE("Widths of the machine are whole where they are") {
  CHECK(width_text(1024) == "1,024");
  CHECK(width_text(2.4) == "2.40");
  CHECK(width_text(1'024'000) == "1,024,000");
}

TEST_CASE("Losses are drawn as bars that each begin where the one before ended") {
  // 32 PEs and 1300 cycles: 13000 idle, 40, 30, 20, 10 cycles lost, 200 of the pool.
  CHECK(losses_chart(sample_analysis(), {.width = 60, .glyphs = Glyphs::ascii}) ==
        R"(from peak to attained  MACs/cycle  % of peak
--------------------------------------------
peak                           32      100.0  ##############
idle PEs                      -10      -31.2            ####
fill and drain              -0.98       -3.1           #
stationary loads            -0.74       -2.3           |
buffer stalls               -0.49       -1.5           |
DRAM stalls                 -0.25       -0.8           |
vector unit                 -4.92      -15.4        ###
attained                     14.6       45.7  ######
)");
}

TEST_CASE("The plot has the ridge, the peak, and a layer below its lowest roof") {
  // The bus gives 4 MACs/byte their 32 MACs/cycle; conv1, at 8.56, has 17.3 of 31.7.
  const std::string text =
      roofline_plot(sample_analysis(), Roof::dram, {.width = 60, .glyphs = Glyphs::ascii});
  CHECK_THAT(text, Catch::Matchers::StartsWith(R"(MACs/cycle
   40 +
      |
   30 +                       .:''''''''''''''''''+'''''''''
      |                     .''
      |                  .:'
      |               ..'
   20 +             .:'
      |          .:'                              o
   15 +       ..''
      |     .:'
      |  ..'
      |.''
      +---------+--------------------+---------------+------
                2                    5              10
)"));
}

TEST_CASE("The plot of energy has the arch line below that of multipliers, and a layer near it") {
  // conv1: 19000 MACs for 564,440 = 0.034. Far right, at 45 MACs/byte, the arch line is at
  // 1 / (6.69 + 200 / 45) = 0.090, the dotted one at 1 / (1 + 200 / 45) = 0.18.
  const std::string text = energy_plot(sample_analysis(), {.width = 60, .glyphs = Glyphs::ascii});
  CHECK_THAT(text, Catch::Matchers::StartsWith(R"(MACs/MAC equivalent
      |
  0.2 +
      |                                                . ' '
      |                                        . . ' '
  0.1 +                                  . . '
      |                            . . '            ......''
      |                        . '       .....:'''''
      |                  . ' '   ....'''''
 0.05 +            . ' ' ....''''
      |      . ' o...:'''
      |. . :..:'''
      |:'''
      +--------------+-----------------+--------------------
                    10                20
                                             MACs/byte, DRAM
)"));
  CHECK_THAT(text, Contains("6.69 MAC equivalents") && Contains("(1 in the multipliers)"));
}

TEST_CASE("Plots stay within the terminal's width, and are plain where no colour is wanted") {
  RooflineAnalysis analysis = sample_analysis();
  for (const int width : {40, 80, 120}) {
    for (const Glyphs glyphs : {Glyphs::ascii, Glyphs::braille}) {
      for (const Roof level : kMemoryRoofs) {
        const TextStyle style{.width = width, .glyphs = glyphs};
        const std::string text =
            roofline_plot(analysis, level, style) + energy_plot(analysis, style);
        CHECK_THAT(text, Contains("MACs/cycle") && Contains(std::string(roof_label(level))));
        CHECK_THAT(text, !Contains("\x1b"));
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
          CHECK(count_characters(line) <= static_cast<std::size_t>(width));
          if (glyphs == Glyphs::ascii) {
            CHECK(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; }));
          }
        }
      }
    }
  }
  CHECK_THAT(roofline_plot(analysis, Roof::dram, {.colour = true}), Contains("\x1b[34m"));
}

TEST_CASE("A run without layers on the array has roofs and no points") {
  RunStats run = sample_run();
  run.layers.erase(run.layers.begin());
  const std::string text = render_roofline_text(analyse_roofline(run));
  CHECK_THAT(text, Contains("pool1") && Contains("ridge at 4 MACs/byte"));
  run.layers.clear();
  CHECK_THAT(render_roofline_text(analyse_roofline(run)), Contains("two_layers on tiny"));
}

TEST_CASE("JSON has every figure of the analysis, and null where there is none") {
  const RooflineAnalysis analysis = measured_analysis();
  const auto json = ordered_json::parse(render_roofline_json(analysis));
  CHECK(json["schema"] == "ridgeline.roofline/1");
  CHECK(json["energy_unit"] == "MAC");
  CHECK(json["levels"][0] ==
        ordered_json{{"name", "dram"}, {"bytes_per_cycle", 8.0}, {"ridge_macs_per_byte", 4.0}});
  REQUIRE(json["layers"].size() == 2);
  const ordered_json& conv = json["layers"][0];
  CHECK(conv["bound"] == "psum_out_port");
  CHECK(conv["headroom_cycles"] == 500.0);
  CHECK(conv["levels"]["dram"]["optimal_macs_per_byte"] == 10.0);
  CHECK(conv["levels"]["psum_in_port"]["optimal_macs_per_byte"].is_null());
  std::int64_t sum = 0;
  for (const auto& [name, part] : conv["waterfall_pe_cycles"].items()) {
    if (name != "peak") sum += part.get<std::int64_t>();
  }
  CHECK(sum == 32 * 1100);
  CHECK(conv["waterfall_pe_cycles"]["peak"] == 32 * 1100);
  CHECK(json["layers"][1]["levels"]["dram"]["macs_per_byte"].is_null());
  CHECK(json["total"]["name"] == "total");
  CHECK(json["energy_roofline"]["energy_per_dram_byte"].get<double>() > 0);
  CHECK(json["measured_roofs"][0]["measured_per_cycle"] == 7.5);
  CHECK(!ordered_json::parse(render_roofline_json(sample_analysis())).contains("measured_roofs"));
}

TEST_CASE("CSV has a row a layer and the total, all as long as the header") {
  std::istringstream lines(render_roofline_csv(sample_analysis()));
  std::vector<std::string> rows;
  for (std::string line; std::getline(lines, line);) rows.push_back(line);
  REQUIRE(rows.size() == 4);
  for (const std::string& row : rows) {
    CHECK(std::ranges::count(row, ',') == std::ranges::count(rows[0], ','));
  }
  CHECK_THAT(rows[0],
             Contains("layer,op,dataflow,macs") && Contains("register_file_macs_per_byte"));
  CHECK_THAT(rows[1],
             Contains("two_layers,tiny,conv1,conv,ws,19000,1440,1100,psum_out_port,600,500"));
  CHECK_THAT(rows[3], Contains("two_layers,tiny,total,,,19000,2880,1300,psum_out_port,600,700"));
}

TEST_CASE("Markdown has a row a layer, and one for the total") {
  std::istringstream lines(render_roofline_markdown(sample_analysis()));
  int layers = 0, totals = 0;
  for (std::string line; std::getline(lines, line);) {
    layers += line.starts_with("| conv1 |") || line.starts_with("| pool1 |") ? 1 : 0;
    totals += line.starts_with("| total |") ? 1 : 0;
  }
  CHECK(layers == 2);
  CHECK(totals == 1);
}

TEST_CASE("Names from outside are never markup nor control") {
  const RooflineAnalysis analysis = sample_analysis("<b>|[x](y)\x1b[31m");
  CHECK_THAT(render_roofline_markdown(analysis),
             Contains("| \\<b\\>\\|\\[x\\](y)\\\\x1b\\[31m | ws | 8.56 |"));
  for (const RooflineFormat& format : roofline_formats()) {
    if (format.name == "csv") continue;  // names as they are
    INFO(format.name);
    CHECK_THAT(format.render(analysis), !Contains("\x1b"));
  }
}

}  // namespace
}  // namespace ridgeline::reports
