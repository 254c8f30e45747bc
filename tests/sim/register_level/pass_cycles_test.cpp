// The closed forms of models/mapping/dataflow against arrays in which every register is simulated,
// cycle by cycle: the cycles must be the same to the last one, and the numbers right.

#include <catch2/catch.hpp>

#include "sim/register_level/layer_on_registers.hpp"
#include "tests/support/effort.hpp"
#include "tests/support/register_case.hpp"

using namespace ridgeline;
using sim::register_level::LayerOnRegisters;
using testing::Random;
using testing::RegisterCase;

namespace {

/// Whether the psums of an ofmap tile are those of the plain loop.
bool numbers_are_right(const RegisterCase& c, const Tile& tile,
                       const std::vector<std::int64_t>& ofmap) {
  const ConvShape& s = c.data.shape;
  const Range channels = ofmap_channels(c.layer, tile);
  for (int n = tile.n.begin; n < tile.n.end; ++n) {
    for (int m = channels.begin; m < channels.end; ++m) {
      for (int p = tile.p.begin; p < tile.p.end; ++p) {
        for (int q = tile.q.begin; q < tile.q.end; ++q) {
          const auto at = static_cast<std::size_t>(((n * s.M + m) * s.P() + p) * s.Q() + q);
          if (ofmap[at] != testing::convolution_at(c.data, n, m, p, q)) return false;
        }
      }
    }
  }
  return true;
}

/// Runs the tiles that add up to one random ofmap tile of a random layer.
void run_case(std::uint64_t seed, const Dataflow& dataflow, Fabric fabric) {
  INFO("seed " << seed);
  Random random(seed);
  const RegisterCase c = testing::random_register_case(random, dataflow, fabric);
  const std::vector<Tile> tiles = tiles_of(c.layer, c.mapping);
  auto at = static_cast<std::size_t>(random.between(0, static_cast<int>(tiles.size()) - 1));
  while (!tiles[at].first_c) --at;
  LayerOnRegisters array(c.arch, dataflow.name, c.data);
  for (;; ++at) {
    const std::vector<Pass> passes = passes_of(c, tiles[at]);
    const Cycles measured = array.run_tile(passes);
    if (measured != modelled_cycles(c, passes)) {
      INFO(passes.size() << " passes, " << c.arch.pe_array.rows << " x " << c.arch.pe_array.cols
                         << ", preload " << c.arch.pe_array.preload << ", shorten "
                         << c.arch.pe_array.shorten_edge_passes);
      CHECK(measured.count() == modelled_cycles(c, passes).count());
    }
    if (tiles[at].last_c) break;
  }
  CHECK(numbers_are_right(c, tiles[at], array.ofmap()));
  // Vectors enter no faster than the psum ports take their sums: no queue grows but while the last
  // sums of a chain wait to be read and those of the next one, which need no reading, come behind.
  const GlobalBuffer& buffer = c.arch.global_buffer;
  const int waiting = 2 * c.arch.pe_array.cols;
  const int behind = 1 + ceil_div(waiting, buffer.psum_in_words_per_cycle);
  CHECK(static_cast<int>(array.longest_psum_queue()) <=
        waiting + behind * buffer.psum_out_words_per_cycle);
}

void run_cases(const char* name, Fabric fabric) {
  const auto cases = static_cast<std::uint64_t>(testing::cases(2500));
  for (std::uint64_t seed = 0; seed < cases; ++seed) run_case(seed, *find_dataflow(name), fabric);
}

}  // namespace

TEST_CASE("Every dataflow has a register-level array", "[register]") {
  for (const Dataflow& dataflow : all_dataflows()) {
    INFO(dataflow.name);
    REQUIRE(sim::register_level::has_register_level_array(dataflow.name));
    run_case(1, dataflow, Fabric::broadcast);
    run_case(1, dataflow, Fabric::systolic);
  }
}

TEST_CASE("ws on buses takes the cycles that its closed form says", "[register]") {
  run_cases("ws", Fabric::broadcast);
}
TEST_CASE("ws on a systolic fabric takes the cycles that its closed form says", "[register]") {
  run_cases("ws", Fabric::systolic);
}
TEST_CASE("os on buses takes the cycles that its closed form says", "[register]") {
  run_cases("os", Fabric::broadcast);
}
TEST_CASE("os on a systolic fabric takes the cycles that its closed form says", "[register]") {
  run_cases("os", Fabric::systolic);
}
TEST_CASE("ws_gemm on buses takes the cycles that its closed form says", "[register]") {
  run_cases("ws_gemm", Fabric::broadcast);
}
TEST_CASE("ws_gemm on a systolic fabric takes the cycles that its closed form says", "[register]") {
  run_cases("ws_gemm", Fabric::systolic);
}
TEST_CASE("os_gemm on buses takes the cycles that its closed form says", "[register]") {
  run_cases("os_gemm", Fabric::broadcast);
}
TEST_CASE("os_gemm on a systolic fabric takes the cycles that its closed form says", "[register]") {
  run_cases("os_gemm", Fabric::systolic);
}
TEST_CASE("is_gemm on buses takes the cycles that its closed form says", "[register]") {
  run_cases("is_gemm", Fabric::broadcast);
}
TEST_CASE("is_gemm on a systolic fabric takes the cycles that its closed form says", "[register]") {
  run_cases("is_gemm", Fabric::systolic);
}
TEST_CASE("rs on buses takes the cycles that its closed form says", "[register]") {
  run_cases("rs", Fabric::broadcast);
}
TEST_CASE("rs on a systolic fabric takes the cycles that its closed form says", "[register]") {
  run_cases("rs", Fabric::systolic);
}
