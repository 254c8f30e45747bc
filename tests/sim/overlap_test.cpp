// Layers that follow one another overlap on a double-buffered machine.

#include <catch2/catch.hpp>

#include "models/base/error.hpp"
#include "models/network/zoo/zoo.hpp"
#include "sim/run.hpp"
#include "tests/arch_configs/config_files.hpp"
#include "tests/support/effort.hpp"
#include "tests/support/fixed_mapping.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;

namespace {

constexpr Window kSame{.R = 3, .S = 3, .pad = {1, 1, 1, 1}};

Architecture machine(bool double_buffer = true) {
  Architecture arch = testing::small_architecture();
  arch.global_buffer.bytes = Bytes(65536);
  arch.global_buffer.double_buffer = double_buffer;
  return arch;
}

RunStats run(const Architecture& arch, const LoweredNetwork& network,
             const sim::RunOptions& options) {
  return sim::run_without_data(arch, network, Precision::int8, 1, options);
}

/// Each layer is one tile.
RunStats run_whole(const Architecture& arch, const LoweredNetwork& network,
                   const std::string& layers = {}) {
  return run(arch, network,
             {.dataflow = "ws",
              .layers = layers,
              .trace = true,
              .fault = [](auto& jobs, std::span<std::byte>) { testing::make_one_tile(jobs); }});
}

Cycles latency(const RunStats& stats) {
  return total_of(stats).cycles.total();
}

/// Each layer in a run of its own.
Cycles latency_alone(const Architecture& arch, const LoweredNetwork& network) {
  Cycles sum;
  for (const LoweredLayer& layer : network.layers)
    sum += latency(run(arch, network, {.layers = layer.name}));
  return sum;
}

/// `first`, and `second` that reads it.
LoweredNetwork chain() {
  NetworkBuilder net("chain", "a test", {.C = 8, .H = 8, .W = 8});
  const NodeId first = net.conv("first", net.input(), {.M = 8, .window = kSame});
  net.conv("second", first, {.M = 16, .window = kSame});
  return lower(std::move(net).build());
}

/// `left` and `right` both read the input.
LoweredNetwork two_readers() {
  NetworkBuilder net("fork", "a test", {.C = 8, .H = 8, .W = 8});
  const NodeId left = net.conv("left", net.input(), {.M = 8, .window = kSame});
  net.concat("join", {left, net.conv("right", net.input(), {.M = 8, .window = kSame})});
  return lower(std::move(net).build());
}

}  // namespace

TEST_CASE("Filters of the next layer come while this one works; its ifmap waits for the last store",
          "[sim][overlap]") {
  const RunStats alone = run_whole(machine(), chain(), "second");
  const RunStats both = run_whole(machine(), chain());
  const LayerStats& second = both.layers[1];
  // 16 x 72 weights and 16 x 8 bytes of records at 16 a cycle.
  const Cycles filters((16 * 72 + 16 * 8) / 16);
  CHECK(second.cycles.total().count() == (latency(alone) - filters).count());
  CHECK(second.overlapped == filters);
  CHECK(second.accesses == alone.layers[0].accesses);
  CHECK(both.layers[0].overlapped == Cycles(0));
  Cycles stored, ifmap(1'000'000), first_filter(1'000'000);
  for (const TraceSlice& slice : both.trace.slices) {
    if (slice.track == Track::store_dma && slice.layer == 0) stored = slice.end;
    if (slice.track != Track::dram_bus || slice.layer == 0) continue;
    if (slice.what == "ifmap") ifmap = std::min(ifmap, slice.begin);
    if (slice.what == "filter") first_filter = std::min(first_filter, slice.begin);
  }
  CHECK(ifmap == stored);
  CHECK(first_filter + filters < stored);
}

TEST_CASE("A layer that does not read the one before works while that one is stored",
          "[sim][overlap]") {
  const RunStats both = run_whole(machine(), two_readers());
  // 64 positions and 8 channels on 4 lanes, then 16 bytes a cycle.
  const Cycles vector(64 * 8 / 4), store(64 * 8 / 16);
  CHECK(both.layers[0].overlapped == vector + store);
  CHECK(both.layers[0].cycles.vector_stall == Cycles(0));
  // Its operands are there already when the array is free: nothing but the last tile's way out.
  CHECK(both.layers[1].cycles.dram_stall == store);
  CHECK(both.layers[1].cycles.vector_stall == vector);
}

TEST_CASE("Without double buffering layers do not overlap", "[sim][overlap]") {
  for (const LoweredNetwork& network : {chain(), two_readers()}) {
    const RunStats both = run(machine(false), network, {});
    CHECK(latency(both) == latency_alone(machine(false), network));
    for (const LayerStats& layer : both.layers) CHECK(layer.overlapped == Cycles(0));
  }
}

TEST_CASE("What the running layer holds is not there for the next one's filters",
          "[sim][overlap]") {
  NetworkBuilder net("shrinking", "a test", {.C = 8, .H = 8, .W = 8});
  net.conv("second", net.conv("first", net.input(), {.M = 16, .window = kSame}),
           {.M = 8, .window = kSame});
  const LoweredNetwork network = lower(std::move(net).build());
  // Ifmap, filters with records, and psums of the first layer fill the buffer. The second one's
  // 1,216 B of filters have room once the array is done with the first one's ifmap and filters.
  for (const bool full : {true, false}) {
    Architecture arch = machine();
    if (full) arch.global_buffer.bytes = Bytes(512 + 1280 + 4096);
    const RunStats both = run_whole(arch, network);
    Cycles array_done, first_filter(1'000'000);
    for (const TraceSlice& slice : both.trace.slices) {
      if (slice.layer == 0 && slice.what == "fill_drain") array_done = slice.end;
      if (slice.layer == 1 && slice.what == "filter") {
        first_filter = std::min(first_filter, slice.begin);
      }
    }
    CHECK((full ? first_filter == array_done : first_filter < array_done));
    CHECK(both.layers[1].overlapped == Cycles(1216 / 16));
  }
}

TEST_CASE("A run is never slower than its layers alone", "[sim][overlap]") {
  for (const char* preset : {"squeezelerator_16x16", "systolic_16x16"}) {
    const Architecture arch = config_files::load(preset);
    for (const char* name : {"squeezenet_v1.1", "squeezenext_1.0_23v5"}) {
      INFO(preset << ' ' << name);
      const LoweredNetwork network = lower(zoo::make(name));
      const Cycles together = latency(run(arch, network, {}));
      CHECK(together < latency_alone(arch, network));
    }
  }
}

TEST_CASE("Random layers are hardly ever slower together than each alone",
          "[sim][overlap][property]") {
  // The bus serves requests as they come. Early ones put it out of step with the tiles of some
  // layer now and then: see docs/model.md.
  const int cases = testing::cases(400);
  int overlapped = 0, slower = 0;
  for (int index = 1; index <= cases; ++index) {
    const auto seed = static_cast<std::uint64_t>(index);
    INFO("seed " << seed);
    testing::Random random(seed);
    Architecture arch = testing::random_architecture(random);
    arch.global_buffer.keep_ofmap_on_chip = false;
    const LoweredNetwork network = lower(testing::random_network(random));
    try {
      const std::int64_t together = latency(run(arch, network, {})).count();
      const std::int64_t alone = latency_alone(arch, network).count();
      CHECK(together * 100 <= alone * 101);
      slower += together > alone ? 1 : 0;
      overlapped += together < alone ? 1 : 0;
      if (!arch.global_buffer.double_buffer) CHECK(together == alone);
    } catch (const InfeasibleError&) {
    }
  }
  CHECK(overlapped > cases / 8);
  CHECK(slower <= 2);
}
