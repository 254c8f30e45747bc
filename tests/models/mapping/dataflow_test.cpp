#include "models/mapping/dataflow.hpp"

#include <catch2/catch.hpp>

#include "tests/support/random_case.hpp"

using namespace ridgeline;

namespace {

/// 4x4 PEs, ports of 4 words; a 3x3 convolution of 8 channels over 8x8, padded.
Architecture machine() {
  return testing::small_architecture();
}
const ConvShape kShape{
    .M = 8, .C = 8, .H = 8, .W = 8, .window = {.R = 3, .S = 3, .pad = {1, 1, 1, 1}}};

Pass ws_pass() {
  return {.m = {0, 4}, .c = {0, 4}, .r = {1, 2}, .s = {1, 2}, .p = {0, 8}, .q = {0, 8}};
}
Pass os_pass() {
  return {.m = {0, 4},
          .c = {0, 8},
          .r = {0, 3},
          .s = {0, 3},
          .p = {0, 4},
          .q = {0, 4},
          .first = true,
          .last = true,
          .ends_tile = true};
}

PassCost ws_cost(const Architecture& arch, const Pass& pass) {
  return find_dataflow("ws")->cost(arch, kShape, pass, {});
}
PassCost os_cost(const Architecture& arch, const Pass& pass, const ZeroWeights& zeros = {}) {
  return find_dataflow("os")->cost(arch, kShape, pass, zeros);
}

}  // namespace

TEST_CASE("A ws pass takes a cycle for each ofmap position", "[cost]") {
  const PassCost cost = ws_cost(machine(), ws_pass());
  CHECK(cost.compute == Cycles(64));
  CHECK(cost.stream == Cycles(64));
  CHECK(cost.load == Cycles(4));  // 16 weights at 4 a cycle
  CHECK(cost.fill_drain == Cycles(0));
}

TEST_CASE("With preload the last ws pass of a tile drains down the whole column", "[cost]") {
  Pass pass = ws_pass();
  pass.ends_tile = true;
  CHECK(ws_cost(machine(), pass).fill_drain == Cycles(3));
  pass.c = {0, 2};  // sums of the passes before come from further up
  CHECK(ws_cost(machine(), pass).fill_drain == Cycles(3));
  Architecture systolic = machine();
  systolic.pe_array.fabric = Fabric::systolic;
  CHECK(ws_cost(systolic, pass).fill_drain == Cycles(6));  // 3 down and 3 across
}

TEST_CASE("A ws pass that runs alone is as deep as the rows that it uses, if the array shortens it",
          "[cost]") {
  Architecture arch = machine();
  arch.pe_array.preload = false;
  Pass pass = ws_pass();
  pass.c = {0, 2};
  pass.m = {0, 3};
  CHECK(ws_cost(arch, pass).fill_drain == Cycles(1));
  arch.pe_array.fabric = Fabric::systolic;
  CHECK(ws_cost(arch, pass).fill_drain == Cycles(3));  // 1 down and 2 across
  arch.pe_array.shorten_edge_passes = false;
  CHECK(ws_cost(arch, pass).fill_drain == Cycles(6));
}

TEST_CASE("Weights enter a systolic column one row a cycle, and any PEs over buses", "[cost]") {
  Architecture arch = machine();
  Pass pass = ws_pass();
  pass.m = {0, 1};
  CHECK(ws_cost(arch, pass).load == Cycles(1));  // 4 weights at 4 a cycle
  arch.pe_array.fabric = Fabric::systolic;
  CHECK(ws_cost(arch, pass).load == Cycles(4));
  CHECK(ws_cost(arch, ws_pass()).load == Cycles(4));
  arch.global_buffer.filter_words_per_cycle = 3;
  CHECK(ws_cost(arch, ws_pass()).load == Cycles(6));  // 16 weights at 3 a cycle
  pass.c = {0, 2};
  CHECK(ws_cost(arch, pass).load == Cycles(2));
  arch.pe_array.shorten_edge_passes = false;
  CHECK(ws_cost(arch, pass).load == Cycles(4));
}

TEST_CASE("Without preload every ws pass loads and drains", "[cost]") {
  Architecture arch = machine();
  arch.pe_array.preload = false;
  const PassCost cost = ws_cost(arch, ws_pass());
  CHECK(cost.fill_drain == Cycles(3));
  CHECK(pass_cycles(cost, Cycles(99), false).stationary_load == Cycles(4));
  CHECK(first_load_cycles(cost, false).total() == Cycles(0));
}

TEST_CASE("A load hides behind a pass that is at least as long", "[cost]") {
  const PassCost cost = ws_cost(machine(), ws_pass());
  CHECK(pass_cycles(cost, Cycles(64), true).stationary_load == Cycles(0));
  CHECK(pass_cycles(cost, Cycles(65), true).stationary_load == Cycles(1));
  CHECK(pass_cycles(cost, Cycles(65), true).total() == Cycles(65));
}

TEST_CASE("A psum port that is one word short stretches a ws pass", "[cost]") {
  Architecture arch = machine();
  arch.global_buffer.psum_in_words_per_cycle = 3;
  CHECK(ws_cost(arch, ws_pass()).stream == Cycles(86));  // 256 words at 3 a cycle
  Pass first = ws_pass();
  first.first = true;
  CHECK(ws_cost(arch, first).stream == Cycles(64));  // reads no psums
}

TEST_CASE("A ws pass does not read padding from the buffer", "[cost]") {
  Pass corner = ws_pass();
  corner.r = {0, 1};
  corner.s = {0, 1};  // at the top left tap, one row and one column are padding
  const auto words = [](const Pass& pass) {
    return find_dataflow("ws")->accesses(machine(), kShape, pass, {}).ports.ifmap;
  };
  CHECK(words(ws_pass()) == 4 * 64);
  CHECK(words(corner) == 4 * 49);
}

TEST_CASE("An os pass takes a cycle for each weight, then drains its psums", "[cost]") {
  const PassCost cost = os_cost(machine(), os_pass());
  CHECK(cost.compute == Cycles(9 * 8 * 4));
  CHECK(cost.stream == cost.compute);
  CHECK(cost.load == Cycles(7));         // 5x5 ifmap words of the first channel at 4 a cycle
  CHECK(cost.fill_drain == Cycles(16));  // 64 psums at 4 a cycle
  Pass unfinished = os_pass();
  unfinished.last = false;
  CHECK(os_cost(machine(), unfinished).fill_drain == Cycles(0));
}

TEST_CASE("os spends nothing on zero weights, if the array can skip them", "[cost]") {
  std::vector<std::int32_t> zeros(8 * 8, 0);
  zeros[3] = 2;          // filter 0, channel 3
  zeros[3 * 8 + 7] = 5;  // filter 3, channel 7
  zeros[4 * 8] = 9;      // filter 4: not in the pass
  const ZeroWeights counted(zeros, 8);
  CHECK(os_cost(machine(), os_pass(), counted).compute == Cycles(9 * 8 * 4 - 7));
  CHECK(find_dataflow("os")->accesses(machine(), kShape, os_pass(), counted).counts.mac ==
        16 * (9 * 8 * 4 - 7));
  Architecture cannot = machine();
  cannot.pe_array.skip_zero_weights = false;
  CHECK(os_cost(cannot, os_pass(), counted).compute == Cycles(9 * 8 * 4));
}

TEST_CASE("An ifmap port that cannot keep up stretches an os pass", "[cost]") {
  Architecture arch = machine();
  arch.global_buffer.ifmap_words_per_cycle = 1;
  Pass pass = os_pass();
  pass.m = {0, 1};  // 72 cycles of MACs, against 7 more channels of 25 words
  const PassCost cost = os_cost(arch, pass);
  CHECK(cost.compute == Cycles(72));
  CHECK(cost.stream == Cycles(7 * 25 + 9));  // the last channel's MACs follow its block
}

TEST_CASE("The next os pass's load hides behind the last channel and the drain only", "[cost]") {
  Pass pass = os_pass();
  pass.m = {0, 1};
  const PassCost cost = os_cost(machine(), pass);  // 9 weights a channel, 4 cycles of drain
  CHECK(pass_cycles(cost, Cycles(13), true).stationary_load == Cycles(0));
  CHECK(pass_cycles(cost, Cycles(14), true).stationary_load == Cycles(1));
}

TEST_CASE("Zero weights of one channel do not make up for the load of another", "[cost]") {
  std::vector<std::int32_t> zeros(8 * 8, 0);
  for (std::size_t m = 0; m < 4; ++m) zeros[m * 8 + 2] = 9;  // all of channel 2
  Architecture arch = machine();
  arch.global_buffer.ifmap_words_per_cycle = 1;  // 25 cycles a block, 36 a channel's weights
  const PassCost cost = os_cost(arch, os_pass(), ZeroWeights(zeros, 8));
  CHECK(cost.compute == Cycles(7 * 36));
  CHECK(cost.stream == Cycles(7 * 36 + 25));
}

TEST_CASE("An os pass takes as long with scattered zeros as with a table of the same ones",
          "[cost]") {
  testing::Random random(11);
  for (int i = 0; i < 500; ++i) {
    const int taps = random.pick({1, 2, 3, 9}), M = random.between(1, 40), C = 12;
    const double fraction = 0.01 * random.between(0, 100);
    const ZeroWeights scattered = ZeroWeights::scattered(fraction, taps);
    std::vector<std::int32_t> table;
    for (int m = 0; m < M; ++m) {
      for (int c = 0; c < C; ++c)
        table.push_back(static_cast<std::int32_t>(scattered.count({m, m + 1}, {c, c + 1})));
    }
    Architecture arch = machine();
    arch.global_buffer.ifmap_words_per_cycle = random.between(1, 4);
    Pass pass = os_pass();
    pass.m.begin = random.between(0, M - 1);
    pass.m.end = random.between(pass.m.begin + 1, M);
    pass.c = {random.between(0, 5), random.between(6, C)};
    pass.r = {0, taps == 9 ? 3 : taps};
    pass.s = {0, taps == 9 ? 3 : 1};
    const PassCost a = os_cost(arch, pass, scattered);
    const PassCost b = os_cost(arch, pass, ZeroWeights(table, C));
    INFO("taps " << taps << ", filters " << pass.m.size() << ", fraction " << fraction);
    CHECK(a.compute == b.compute);
    CHECK(a.stream == b.stream);
    CHECK(a.load_port == b.load_port);
  }
}

TEST_CASE("On a systolic fabric the last PE of an os pass is as many hops late", "[cost]") {
  Architecture arch = machine();
  arch.pe_array.fabric = Fabric::systolic;
  Pass pass = os_pass();
  pass.q = {0, 2};
  CHECK(os_cost(arch, pass).fill_drain == Cycles(3 + 1 + 8));  // 32 psums at 4 a cycle
  arch.pe_array.shorten_edge_passes = false;
  CHECK(os_cost(arch, pass).fill_drain == Cycles(3 + 3 + 8));
}
