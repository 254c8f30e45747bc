#include <catch2/catch.hpp>

#include "models/mapping/dataflow.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;

namespace {

/// 8 x 5 PEs as SCALE-Sim has them: no overlap, full edge passes, ports that never limit.
Architecture machine() {
  Architecture arch = testing::small_architecture();
  arch.pe_array = {.rows = 8,
                   .cols = 5,
                   .fabric = Fabric::systolic,
                   .preload = false,
                   .shorten_edge_passes = false};
  arch.global_buffer = {.ifmap_words_per_cycle = 8,
                        .filter_words_per_cycle = 8,
                        .psum_in_words_per_cycle = 8,
                        .psum_out_words_per_cycle = 8};
  return arch;
}

/// 3 x 3 over 7 x 7, padded: 49 positions of 36 products, 9 filters.
const ConvShape kShape{
    .M = 9, .C = 4, .H = 7, .W = 7, .window = {.R = 3, .S = 3, .pad = {1, 1, 1, 1}}};
const TileExtent kExtent{.M = 9, .C = 4, .P = 7, .Q = 7};
const Tile kTile{.g = {0, 1}, .m = {0, 9}, .c = {0, 4}, .p = {0, 7}, .q = {0, 7}};

std::vector<Pass> passes_of(const char* name) {
  const PassSequence sequence(
      kShape, find_dataflow(name)->pass_extent(machine().pe_array, kShape, kExtent), kTile);
  std::vector<Pass> passes;
  for (std::int64_t i = 0; i < sequence.size(); ++i) passes.push_back(sequence[i]);
  return passes;
}

Cycles fold_cycles(const Architecture& arch, const char* name, const Pass& pass) {
  return pass_cycles(find_dataflow(name)->cost(arch, kShape, pass, {}), Cycles(0), false).total();
}

}  // namespace

TEST_CASE("A layer falls into one pass for each fold of its matrices", "[cost][gemm]") {
  CHECK(passes_of("ws_gemm").size() == 5 * 2);   // C R S over rows, M over columns
  CHECK(passes_of("os_gemm").size() == 7 * 2);   // P Q over rows, M over columns
  CHECK(passes_of("is_gemm").size() == 5 * 10);  // C R S over rows, P Q over columns
  for (const char* name : {"ws_gemm", "os_gemm", "is_gemm"}) {
    Macs macs;
    for (const Pass& pass : passes_of(name)) macs += pass.macs();
    CHECK(macs == kShape.macs());
  }
}

TEST_CASE("Every fold, at the edge or not, takes what SCALE-Sim's formulae say", "[cost][gemm]") {
  const int R = 8, C = 5;
  for (const Pass& pass : passes_of("ws_gemm")) {
    CHECK(fold_cycles(machine(), "ws_gemm", pass) == Cycles(49 + 2 * R + C - 2));
  }
  for (const Pass& pass : passes_of("is_gemm")) {
    CHECK(fold_cycles(machine(), "is_gemm", pass) == Cycles(9 + 2 * R + C - 2));
  }
  for (const Pass& pass : passes_of("os_gemm")) {
    CHECK(fold_cycles(machine(), "os_gemm", pass) == Cycles(36 + R + C - 2));
  }
}

TEST_CASE("An array that shortens edge passes takes what their rows and columns need",
          "[cost][gemm]") {
  Architecture arch = machine();
  arch.pe_array.shorten_edge_passes = true;
  // The last folds: 4 of 8 rows, 4 of 5 columns; 1 row, 4 columns; 4 rows, 4 columns.
  CHECK(fold_cycles(arch, "ws_gemm", passes_of("ws_gemm").back()) == Cycles(4 + 49 + 3 + 3));
  CHECK(fold_cycles(arch, "os_gemm", passes_of("os_gemm").back()) == Cycles(36 + 0 + 3));
  CHECK(fold_cycles(arch, "is_gemm", passes_of("is_gemm").back()) == Cycles(4 + 9 + 3 + 3));
}

TEST_CASE("On buses nothing skews along the rows, and os_gemm's psums leave row by row",
          "[cost][gemm]") {
  Architecture arch = machine();
  arch.pe_array.fabric = Fabric::broadcast;
  CHECK(fold_cycles(arch, "ws_gemm", passes_of("ws_gemm").front()) == Cycles(5 + 49 + 7));
  CHECK(fold_cycles(arch, "is_gemm", passes_of("is_gemm").front()) == Cycles(5 + 9 + 7));
  CHECK(fold_cycles(arch, "os_gemm", passes_of("os_gemm").front()) == Cycles(36 + 7));
}

TEST_CASE("A narrow psum port holds os_gemm's psums back", "[cost][gemm]") {
  Architecture arch = machine();
  const Pass pass = passes_of("os_gemm").front();
  const auto drain = [&](int port) {
    arch.global_buffer.psum_out_words_per_cycle = port;
    return find_dataflow("os_gemm")->cost(arch, kShape, pass, {}).fill_drain;
  };
  CHECK(drain(5) == Cycles(11));      // the skew: 8 + 5 - 2
  CHECK(drain(4) == Cycles(3 + 8));   // 1, 2, 3 leave at once, then 34 at 4 a cycle: 9, less one
  CHECK(drain(2) == Cycles(1 + 19));  // 1 leaves at once, then 39 at 2 a cycle: 20, less one
  CHECK(drain(1) == Cycles(39));
}

TEST_CASE("GEMM folds read each real word of the lowered ifmap, and never padding",
          "[cost][gemm]") {
  const auto ports = [](const char* name) {
    PortWords sum;
    for (const Pass& pass : passes_of(name)) {
      sum += find_dataflow(name)->accesses(machine(), kShape, pass, {}).ports;
    }
    return sum;
  };
  // Of 7 x 7 positions, 6 are inside for a tap at an edge: 7 + 6 + 6 along each axis.
  const std::int64_t real = 19 * 19 * 4;
  CHECK(ports("ws_gemm").ifmap == 2 * real);  // once for each fold along the columns
  CHECK(ports("ws_gemm").filter == 9 * 36);
  CHECK(ports("os_gemm").ifmap == 2 * real);
  CHECK(ports("os_gemm").filter == 7 * 9 * 36);
  CHECK(ports("is_gemm").ifmap == real);
  CHECK(ports("is_gemm").filter == 10 * 9 * 36);
  // Psums are written by each of the 5 folds along the rows, and read by all but the first.
  CHECK(ports("ws_gemm").psum_out == 5 * 49 * 9);
  CHECK(ports("ws_gemm").psum_in == 4 * 49 * 9);
  CHECK(ports("os_gemm").psum_out == 49 * 9);
}
