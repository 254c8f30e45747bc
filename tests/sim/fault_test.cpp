// The check can fail: each test plants one fault of the kind that a wrong address, tile, halo or
// factor would be, and expects the layer and the first wrong element to be named.

#include <catch2/catch.hpp>

#include "models/numeric/vector_datapath.hpp"
#include "sim/hw/job.hpp"
#include "sim/run.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;

namespace {

/// Two convolutions; the second takes several tiles of every dimension on a small machine.
Workload two_layers() {
  NetworkBuilder net("two", "a test", {.C = 6, .H = 13, .W = 11});
  const NodeId first = net.relu(
      "relu1",
      net.conv("first", net.input(), {.M = 24, .window = {.R = 3, .S = 3, .pad = {1, 1, 1, 1}}}));
  net.relu("relu2",
           net.conv("second", first, {.M = 12, .window = {.R = 3, .S = 3, .pad = {1, 1, 1, 1}}}));
  return make_workload(lower(std::move(net).build()), {.precision = Precision::int8, .seed = 7});
}

/// Runs with the fault and returns the statistics of both layers.
std::vector<LayerStats> run_with(const sim::FaultHook& fault, const char* dataflow = "ws") {
  const Workload workload = two_layers();
  sim::RunResult result = sim::run_with_data(testing::small_architecture(), workload,
                                             {.dataflow = dataflow, .fault = fault});
  sim::check(result, workload);
  return result.stats.layers;
}

void expect_caught_in_second(const std::vector<LayerStats>& layers) {
  CHECK(layers[0].check.passed());
  CHECK(layers[1].name == "second");
  CHECK_FALSE(layers[1].check.passed());
  CHECK(layers[1].check.first_mismatch.find("ofmap[0,") == 0);
  CHECK(layers[1].check.first_mismatch.find("expected") != std::string::npos);
}

}  // namespace

TEST_CASE("Without a fault both layers pass, in several tiles", "[sim][fault]") {
  const auto layers = run_with([](std::vector<sim::LayerJob>& jobs, std::span<std::byte>) {
    REQUIRE(jobs[1].tiles.size() > 3);
  });
  CHECK(layers[0].check.passed());
  CHECK(layers[1].check.passed());
}

TEST_CASE("A weight flipped in DRAM is caught", "[sim][fault]") {
  expect_caught_in_second(
      run_with([](std::vector<sim::LayerJob>& jobs, std::span<std::byte> memory) {
        memory[static_cast<std::size_t>(jobs[1].filters_address) + 100] ^= std::byte{0x40};
      }));
}

TEST_CASE("A halo that is off by one row is caught", "[sim][fault]") {
  for (const char* dataflow : {"ws", "os"}) {
    expect_caught_in_second(run_with(
        [](std::vector<sim::LayerJob>& jobs, std::span<std::byte>) {
          jobs[1].layer.shape.window.pad[0] += 1;
          jobs[1].layer.shape.window.pad[2] -= 1;
        },
        dataflow));
  }
}

TEST_CASE("Swapped blocks of output channels are caught", "[sim][fault]") {
  expect_caught_in_second(run_with([](std::vector<sim::LayerJob>& jobs, std::span<std::byte>) {
    // The DMA loads the filters of the block behind, and the other way round.
    auto& loads = jobs[1].loads;
    for (Tile& tile : loads) {
      const int size = tile.m.size();
      tile.m = tile.m.begin == 0 ? Range{size, 2 * size} : Range{0, size};
    }
  }));
}

TEST_CASE("A wrong requantisation shift is caught", "[sim][fault]") {
  expect_caught_in_second(
      run_with([](std::vector<sim::LayerJob>& jobs, std::span<std::byte> memory) {
        // A channel record is the bias and, in the last of its bytes, the shift.
        const std::int64_t record = channel_record_bytes(Precision::int8).count();
        auto& shift = memory[static_cast<std::size_t>(jobs[1].records_address + 3 * record - 1)];
        shift = static_cast<std::byte>(std::to_integer<int>(shift) + 1);
      }));
}

TEST_CASE("A lost tile is caught", "[sim][fault]") {
  expect_caught_in_second(run_with([](std::vector<sim::LayerJob>& jobs, std::span<std::byte>) {
    sim::LayerJob& job = jobs[1];
    // The ofmap tile before the last one is never made: its tiles drop out of every list. Its
    // neighbours bring their own operands, so that nothing is left waiting.
    std::size_t last = job.tiles.size() - 1;
    while (!job.tiles[last - 1].last_c) --last;
    std::size_t first = last - 1;
    while (first > 0 && !job.tiles[first].first_c) --first;
    for (auto* list : {&job.loads, &job.tiles}) {
      list->erase(list->begin() + static_cast<std::ptrdiff_t>(first),
                  list->begin() + static_cast<std::ptrdiff_t>(last));
      for (Tile& tile : *list) {
        tile.load_ifmap = tile.load_filter = true;
        tile.release_ifmap = tile.release_filter = true;
      }
    }
  }));
}
