#include "sim/run.hpp"

#include <catch2/catch.hpp>

#include "models/base/error.hpp"
#include "models/network/zoo/zoo.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;

namespace {

LoweredNetwork three_layers() {
  NetworkBuilder net("three", "a test", {.C = 5, .H = 9, .W = 9});
  const Window same{.R = 3, .S = 3, .pad = {1, 1, 1, 1}};
  NodeId x = net.conv("block/a", net.input(), {.M = 8, .window = same});
  x = net.conv("block/b", x, {.M = 8, .window = same});
  net.conv("tail", x, {.M = 3});
  return lower(std::move(net).build());
}

Cycles total_cycles(const RunStats& run) {
  return total_of(run).cycles.total();
}

RunStats run_on(const Architecture& arch, const LoweredNetwork& network,
                const sim::RunOptions& options = {}) {
  return sim::run_without_data(arch, network, Precision::int8, 1, options);
}

}  // namespace

TEST_CASE("A layer that runs alone reads what the reference engine computed", "[sim][run]") {
  const Workload workload =
      make_workload(three_layers(), {.precision = Precision::int8, .seed = 3});
  for (const char* glob : {"tail", "block/*", "*"}) {
    INFO(glob);
    sim::RunResult result =
        sim::run_with_data(testing::small_architecture(), workload, {.layers = glob});
    sim::check(result, workload);
    CHECK(total_of(result.stats).check.passed());
  }
}

TEST_CASE("A glob selects the layers that it matches, in order", "[sim][run]") {
  const RunStats run = run_on(testing::small_architecture(), three_layers(), {.layers = "block/?"});
  REQUIRE(run.layers.size() == 2);
  CHECK(run.layers[0].name == "block/a");
  CHECK(run.layers[1].name == "block/b");
}

TEST_CASE("A glob that matches nothing is the user's mistake", "[sim][run]") {
  CHECK_THROWS_WITH(run_on(testing::small_architecture(), three_layers(), {.layers = "blok/a"}),
                    Catch::Contains("--layers") && Catch::Contains("did you mean 'block/a'?"));
}

TEST_CASE("A dataflow that the architecture does not offer is the user's mistake", "[sim][run]") {
  Architecture arch = testing::small_architecture();
  arch.dataflows = {"ws"};
  CHECK_THROWS_WITH(run_on(arch, three_layers(), {.dataflow = "os"}),
                    Catch::Contains("'os' is not a dataflow of small; allowed: auto, ws"));
}

TEST_CASE("A buffer that holds no tile is infeasible, with what is missing", "[sim][run]") {
  Architecture arch = testing::small_architecture();
  arch.global_buffer.bytes = Bytes(30);
  CHECK_THROWS_AS(run_on(arch, three_layers()), InfeasibleError);
  CHECK_THROWS_WITH(run_on(arch, three_layers()),
                    Catch::Contains("layer block/a: no mapping on small") &&
                        Catch::Contains("which has 30 B") && Catch::Contains("B are missing"));
}

TEST_CASE("A buffer that cuts a layer into millions of tiles is refused at once", "[sim][run]") {
  Architecture arch = testing::small_architecture();
  arch.global_buffer.bytes = Bytes(80);
  CHECK_THROWS_WITH(
      run_on(arch, lower(zoo::make("squeezenet_v1.0")), {.layers = "fire8/expand3x3"}),
      Catch::Contains("at most 2,000,000 can be simulated"));
}

TEST_CASE("auto is at least as fast as the better dataflow in every layer", "[sim][run]") {
  const LoweredNetwork network = lower(zoo::make("squeezenet_v1.1"));
  const Architecture arch = testing::small_architecture();
  const RunStats best = run_on(arch, network);
  const RunStats ws = run_on(arch, network, {.dataflow = "ws"});
  const RunStats os = run_on(arch, network, {.dataflow = "os"});
  for (std::size_t i = 0; i < best.layers.size(); ++i) {
    INFO(best.layers[i].name);
    const Cycles better = std::min(ws.layers[i].cycles.total(), os.layers[i].cycles.total());
    // It chooses by an estimate.
    CHECK(ratio(best.layers[i].cycles.total(), better) <= 1.03);
  }
}

TEST_CASE("The objective energy costs no more energy than the objective latency", "[sim][run]") {
  const LoweredNetwork network = lower(zoo::make("squeezenet_v1.1"));
  const Architecture arch = testing::small_architecture();
  const RunStats fast = run_on(arch, network, {.objective = Objective::latency});
  const RunStats frugal = run_on(arch, network, {.objective = Objective::energy});
  CHECK(total_of(frugal).energy.total() <= total_of(fast).energy.total());
  CHECK(total_cycles(frugal) >= total_cycles(fast));
}

TEST_CASE("A batch of two does twice the MACs and less than twice the DRAM traffic", "[sim][run]") {
  Architecture arch = testing::small_architecture();
  arch.global_buffer.bytes = Bytes(65536);
  const LayerStats one = total_of(run_on(arch, three_layers()));
  const LayerStats two = total_of(run_on(arch, lower(with_batch(three_layers().network, 2))));
  CHECK(two.accesses.mac + two.macs_skipped.count() ==
        2 * (one.accesses.mac + one.macs_skipped.count()));
  CHECK(two.bytes.dram_write == one.bytes.dram_write * 2);
  CHECK(two.bytes.dram_read < one.bytes.dram_read * 2);
}
