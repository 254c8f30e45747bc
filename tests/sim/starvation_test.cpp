// A machine that starves cannot be used again, so each of these has a process of its own: ctest
// runs every test case in one.

#include <catch2/catch.hpp>

#include "models/base/error.hpp"
#include "sim/hw/job.hpp"
#include "sim/run.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;

namespace {

std::string starve(const sim::FaultHook& fault) {
  NetworkBuilder net("one", "a test", {.C = 8, .H = 16, .W = 16});
  net.conv("conv", net.input(), {.M = 32, .window = {.R = 3, .S = 3}});
  const LoweredNetwork lowered = lower(std::move(net).build());
  try {
    (void)sim::run_without_data(testing::small_architecture(), lowered, Precision::int8, 1,
                                {.fault = fault});
  } catch (const SimulationError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("A tile that the DMA never loads starves the array, and the error says who waits",
          "[sim][alone]") {
  const std::string message = starve([](std::vector<sim::LayerJob>& jobs, std::span<std::byte>) {
    REQUIRE(jobs[0].loads.size() > 2);
    jobs[0].loads.pop_back();
  });
  CHECK(message.find("layer conv: the machine starved with work left") == 0);
  CHECK(message.find("the PE array waits for a tile from the load DMA") != std::string::npos);
  CHECK(message.find("the store DMA waits for an ofmap tile") != std::string::npos);
}

TEST_CASE("A half that is never given back stops the DMA, and the error says so", "[sim][alone]") {
  const std::string message = starve([](std::vector<sim::LayerJob>& jobs, std::span<std::byte>) {
    REQUIRE(jobs[0].tiles.size() > 3);
    for (Tile& tile : jobs[0].tiles) tile.release_ifmap = tile.release_filter = false;
  });
  CHECK(message.find("the load DMA waits for a free") != std::string::npos);
}
