#include <catch2/catch.hpp>

#include "models/base/text.hpp"
#include "reports/report.hpp"
#include "tests/reports/sample_run.hpp"

namespace ridgeline::reports {
namespace {

using Catch::Matchers::Contains;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

TEST_CASE("The text report says what was run, a row a layer, the total and a summary") {
  const std::vector<std::string> lines = lines_of(render_text(sample_run()));
  const std::vector<std::string> expected{
      "two_layers on tiny",
      "  network       input 3x19x19, 20,520 MACs, 224 parameters",
      "  architecture  4x8 PEs (broadcast), 32 KiB global buffer, DRAM 8 B/cycle, 500 MHz",
      "  run           int8, engine simulate, dataflow auto, objective latency, seed 7, data on",
      "  weights       He-normal",
      "  energy        in MAC equivalents, table normalised",
      "",
      "                                         --------------- cycles ----------------  "
      "-------- energy, MAC equivalents --------  DRAM bytes   buffer bytes",
      "layer  op          flow     MACs  util%  total compute fill load glb dram vector  "
      "total   mac    rf   noc   glb dram vector   read write    read write  bound",
      std::string(159, '-'),
      "conv1  conv 3x3/2  ws      19.4k   54.0  1,100   1.00k   40   30  20   10      0  "
      " 564k 19.0k 60.0k 10.0k 30.0k 444k  1.44k  1.50k   720   3.00k 2.00k  compute",
      "pool1  max 3x3/2   vector      0    0.0    200       0    0    0   0    0    200  "
      " 183k     0     0     0 5.28k 176k  1.44k    720   160     720   160  dram",
      std::string(159, '-'),
      "total                      19.4k   45.7  1,300   1.00k   40   30  20   10    200  "
      " 747k 19.0k 60.0k 10.0k 35.3k 620k  2.88k  2.22k   880   3.72k 2.16k  compute",
      "flow: dataflow; fill: fill and drain; load: stationary operand; glb, dram, vector: stalls; "
      "k, M, G: powers of 1000",
      "",
      "  latency       1,300 cycles = 2.6 us at 500 MHz, 384615.38 frames/s",
      "  cycles        compute 76.9 %, fill and drain 3.1 %, stationary load 2.3 %, buffer stall "
      "1.5 %, DRAM stall 0.8 %, vector unit 15.4 %",
      "  throughput    14.62 MACs/cycle executed, 45.7 % of the peak of 32; 440 MACs skipped",
      "  energy        747k MAC equivalents: mac 2.5 %, rf 8.0 %, noc 1.3 %, glb 4.7 %, dram 83.0 "
      "%, vector 0.4 %",
      "  check         880 elements of 2 of 2 layers compared with the reference, 0 mismatches",
      ""};
  REQUIRE(lines.size() == expected.size());
  for (std::size_t i = 0; i < lines.size(); ++i) CHECK(lines[i] == expected[i]);
}

TEST_CASE("A batch multiplies the frames a second") {
  RunStats run = sample_run();
  run.input.N = 4;
  CHECK_THAT(render_text(run), Contains("1538461.54 frames/s") && Contains("input 4x3x19x19"));
}

TEST_CASE("A run without data has no check") {
  RunStats run = sample_run();
  run.data = false;
  run.weights_note.clear();
  for (LayerStats& layer : run.layers) layer.check = {};
  const std::string text = render_text(run);
  CHECK_THAT(text, Contains("data off"));
  CHECK_THAT(text, !Contains("check"));
  CHECK_THAT(text, !Contains("weights"));
}

TEST_CASE("A layer that differs is named with its first wrong element") {
  RunStats run = sample_run();
  run.layers[1].check = {160, 3, 2.0, "ofmap[0,1,2,3] is 5, expected 7"};
  const std::string failure =
      "  FAILED  pool1: 3 of 160 elements differ, largest error 2; ofmap[0,1,2,3] is 5, expected "
      "7\n";
  CHECK_THAT(render_text(sample_run()), !Contains("bound    check"));
  CHECK_THAT(render_text(run), Contains("bound    check") && Contains("3 bad\n") &&
                                   Contains("3 mismatches\n" + failure));
  CHECK_THAT(render_check(run), Contains("3 bad\n") && Contains("3 mismatches\n" + failure));
}

TEST_CASE("Leakage has a column where there is any, and energy keeps the table's unit") {
  RunStats run = sample_run();
  CHECK_THAT(render_text(run), !Contains(" leak"));
  run.arch.energy.unit = "pJ";
  run.arch.energy.leakage_per_cycle = 2;
  for (LayerStats& layer : run.layers) derive(layer, run.arch);
  CHECK_THAT(render_text(run), Contains(" energy, pJ ") && Contains(" leak ") &&
                                   Contains("leakage 0.3 %") && Contains("in pJ, table"));
}

TEST_CASE("A run without layers prints its table of nothing") {
  RunStats run = sample_run();
  run.layers.clear();
  CHECK_THAT(render_text(run),
             Contains("0 cycles = 0.0 us at 500 MHz, 0.00 frames/s") && Contains("compute 0.0 %"));
  CHECK_THAT(render_csv(run), Contains(",total,"));
  CHECK_THAT(render_json(run), Contains("\"layers\": [],"));
  CHECK_THAT(render_check(run), Contains("total"));
}

TEST_CASE("Long and hostile names stay in their columns") {
  RunStats run = sample_run();
  run.network = "net\x1b[2J";
  run.layers[0].name = "a_very_long_name_of_a_layer/with/many/parts/and_an_end";
  run.layers[1].name = "\xFF\n\x1b]0;title\x07";
  const std::string text = render_text(run);
  CHECK_THAT(text, Contains("\na_very_l..d_an_end  conv 3x3/2"));
  CHECK_THAT(text, Contains("net\\x1b[2J on tiny"));
  CHECK_THAT(text, Contains("\n\\xff\\x0a..itle\\x07  max 3x3/2"));
  for (const std::string& line : lines_of(text)) CHECK(is_plain_text(line));
}

TEST_CASE("The table of a large network stays near 180 columns") {
  RunStats run = sample_run();
  LayerStats layer = run.layers[0];
  layer.name = "fire9/expand3x3_and_mo";
  for (const auto& field : CycleBreakdown::fields()) layer.cycles.*field.member = Cycles(123456);
  layer.cycles.compute = Cycles(1234567);
  for (const auto& field : AccessCounts::fields()) layer.accesses.*field.member = 123456789;
  for (const auto& field : TrafficBytes::fields()) layer.bytes.*field.member = Bytes(12345678);
  derive(layer, run.arch);
  run.layers.assign(5, layer);
  for (const std::string& line : lines_of(render_text(run))) CHECK(line.size() <= 175);
}

TEST_CASE("The check report has a row a layer with what was compared") {
  CHECK_THAT(render_check(sample_run()),
             Contains("layer  op          flow    ofmap   compared  mismatches  largest error  "
                      "check\n") &&
                 Contains("pool1  max 3x3/2   vector  8x5x4        160           0              0  "
                          "ok\n"));
}

TEST_CASE("The comparison gives the totals of each run and their ratios to the first") {
  RunStats slower = sample_run();
  slower.network = "slower";
  slower.layers[0].cycles.dram_stall += Cycles(1300);
  slower.layers[0].energy.mac += slower.layers[0].energy.total();
  const std::vector<RunStats> runs{sample_run(), slower};
  CHECK(render_comparison(runs) ==
        "comparison            MACs  cycles  latency us  util%  energy, MAC equivalents  DRAM bytes"
        "  faster  less energy\n" +
            std::string(111, '-') +
            "\n"
            "two_layers on tiny  19,440   1,300         2.6   45.7                     747k       "
            "3.10k   1.00x        1.00x\n"
            "slower on tiny      19,440   2,600         5.2   22.8                    1.31M       "
            "3.10k   0.50x        0.57x\n"
            "faster, less energy: how many times, against two_layers\n");
}

TEST_CASE("Every format is listed once and renders the same bytes each time") {
  const RunStats run = sample_run();
  std::vector<std::string> names;
  for (const Format& format : formats()) {
    names.push_back(format.name);
    CHECK(format.render(run) == format.render(sample_run()));
  }
  CHECK(names ==
        std::vector<std::string>{"text", "json", "csv", "html", "trace", "vcd", "md", "accelergy"});
}

}  // namespace
}  // namespace ridgeline::reports
