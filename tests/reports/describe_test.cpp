#include "reports/describe.hpp"

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "models/network/network_json.hpp"
#include "tests/reports/sample_run.hpp"

namespace ridgeline::reports {
namespace {

using Catch::Matchers::Contains;
using Json = nlohmann::json;

/// A convolution with a shortcut around it: one join.
Network joined() {
  NetworkBuilder net("joined", "a test", {.C = 4, .H = 6, .W = 5});
  const NodeId conv =
      net.conv("conv,1", net.input(),
               {.M = 4, .G = 2, .window = {.R = 3, .S = 1, .stride = {1, 1}, .pad = {1, 0, 1, 0}}});
  net.add("sum", net.relu("relu", conv), net.input());
  return std::move(net).build();
}

TEST_CASE("A network is shown as a row a node, with its joins and totals") {
  CHECK(network_text(joined()) ==
        "joined, input 4x6x5\n"
        "  source: a test\n"
        "\n"
        "node    op     output  kernel  stride      pad  dilation  groups  MACs  weights  inputs, "
        "if not the row above\n"
        "-----------------------------------------------------------------------------------------"
        "--------------------\n"
        "input   input  4x6x5\n"
        "conv,1  conv   4x6x5      3x1          1,0,1,0                 2   720       24\n"
        "relu    relu   4x6x5\n"
        "sum     add    4x6x5                                                             relu + "
        "input\n"
        "-----------------------------------------------------------------------------------------"
        "--------------------\n"
        "total                                                              720       24\n"
        "\n"
        "720 MACs = 1,440 operations, 24 weights and 4 biases.\n"
        "MACs count convolutions and fully connected layers, without biases and BatchNorm.\n");
}

TEST_CASE("A network as CSV has as many fields in each record as its header") {
  CHECK(network_csv(joined()) ==
        "node,op,inputs,N,C,H,W,R,S,stride_h,stride_w,pad_top,pad_left,pad_bottom,pad_right,"
        "dilation_h,dilation_w,groups,macs,weights,biases\r\n"
        "input,input,,1,4,6,5,,,,,,,,,,,,0,0,0\r\n"
        "\"conv,1\",conv,input,1,4,6,5,3,1,1,1,1,0,1,0,1,1,2,720,24,4\r\n"
        "relu,relu,\"conv,1\",1,4,6,5,,,,,,,,,,,,0,0,0\r\n"
        "sum,add,relu input,1,4,6,5,,,,,,,,,,,,0,0,0\r\n");
}

TEST_CASE("A network as JSON lists its nodes and totals") {
  const Json json = Json::parse(to_json_text(joined()));
  CHECK(json["macs"] == 720);
  CHECK(json["weights"] == 24);
  CHECK(json["biases"] == 4);
  CHECK(json["nodes"].size() == 4);
  CHECK(json["nodes"][1]["groups"] == 2);
  CHECK(json["nodes"][1]["pad"] == Json{1, 0, 1, 0});
  CHECK(json["nodes"][3]["inputs"] == Json{"relu", "input"});
}

TEST_CASE("A layer is shown as a machine runs it, with what was fused into it") {
  const LoweredNetwork network = lower(joined());
  REQUIRE(network.layers.size() == 1);
  CHECK_THAT(layer_text(network, network.layers[0]),
             Contains("conv,1 of joined\n  op         conv, on the PE array\n") &&
                 Contains("  fused      relu, add input\n") && Contains("4x6x5 = 120 words") &&
                 Contains("R 3, S 1, P 6, Q 5") && Contains("720, without biases"));
  const Json json = Json::parse(layer_json(network, network.layers[0]));
  CHECK(json["residual"] == "input");
  CHECK(json["macs"] == 720);
}

TEST_CASE("An architecture is shown with every parameter, its sources and assumptions") {
  Architecture arch = sample_architecture();
  arch.source = {"a paper\x1b[2J"};
  arch.assumptions = {"the clock"};
  arch.energy.source = "a table";
  arch.pe_array.gate_zero_activations = true;
  arch.energy.mac_gated = 0.25;
  const std::string text = architecture_text(arch);
  for (const char* expected :
       {"tiny: a machine for tests\n", "clock                    500 MHz\n",
        "rows x cols              4 x 8 PEs\n", "size                     32,768 B\n",
        "bandwidth                8 B/cycle", "latency                  100 cycles",
        "lanes                    16 operations/cycle\n", "Energy: table normalised, in MAC equ",
        "dram                     200 a word", "Sources\n  - a paper\\x1b[2J\n",
        "Assumptions\n  - the clock\n", "gate zero activations    yes (their",
        "mac_gated                0.25 a MAC that is gated"}) {
    CHECK_THAT(text, Contains(expected));
  }
}

}  // namespace
}  // namespace ridgeline::reports
