#include <fmt/format.h>

#include <catch2/catch.hpp>

#include <map>

#include "models/base/error.hpp"
#include "models/mapping/dataflow.hpp"
#include "models/network/zoo/zoo.hpp"
#include "sim/run.hpp"
#include "tests/arch_configs/config_files.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;

namespace {

RunStats traced(const Architecture& arch, const LoweredNetwork& network,
                sim::RunOptions options = {}) {
  options.trace = true;
  return sim::run_without_data(arch, network, Precision::int8, 1, options);
}

/// Slices of one track and depth follow one another; each lies in the one above it.
void check_nesting(const Trace& trace) {
  std::vector<TraceSlice> open;
  Track track = Track::load_dma;
  bool nests = true;
  for (const TraceSlice& slice : trace.slices) {
    if (slice.track != track) open.clear();
    track = slice.track;
    while (!open.empty() && open.back().end <= slice.begin) open.pop_back();
    nests = nests && slice.begin < slice.end && slice.begin >= Cycles(0);
    for (const TraceSlice& around : open) {
      const bool inside =
          around.depth < slice.depth && slice.end <= around.end && around.layer == slice.layer;
      if (nests && !inside) {
        UNSCOPED_INFO(track_name(track) << ": '" << slice.what << "' at " << slice.begin.count());
      }
      nests = nests && inside;
    }
    open.push_back(slice);
  }
  CHECK(nests);
}

/// The array's categories of every layer are those of its report, and fill the layer's slice.
void check_sums(const RunStats& run) {
  std::vector<CycleBreakdown> sums(run.layers.size());
  std::vector<Cycles> layer_slices(run.layers.size());
  for (const TraceSlice& slice : run.trace.slices) {
    if (slice.track != Track::pe_array) continue;
    if (slice.depth == 0) layer_slices[slice.layer] += slice.end - slice.begin;
    for (const auto& field : CycleBreakdown::fields()) {
      if (slice.what == field.name) sums[slice.layer].*field.member += slice.end - slice.begin;
    }
  }
  for (std::size_t i = 0; i < run.layers.size(); ++i) {
    INFO(run.layers[i].name);
    CHECK(sums[i] == run.layers[i].cycles);
    CHECK(layer_slices[i] == run.layers[i].cycles.total());
  }
}

/// The words that a track moved.
std::int64_t words_on(const Trace& trace, Track track) {
  std::int64_t words = 0;
  for (const TraceSlice& slice : trace.slices) words += slice.track == track ? slice.words : 0;
  return words;
}

Cycles busy_on(const Trace& trace, Track track) {
  Cycles busy;
  for (const TraceSlice& slice : trace.slices) {
    if (slice.track == track) busy += slice.end - slice.begin;
  }
  return busy;
}

void check_trace(const RunStats& run) {
  INFO(run.network << " on " << run.arch.name << ", " << run.dataflow);
  const LayerStats total = total_of(run);
  check_nesting(run.trace);
  check_sums(run);
  CHECK(run.trace.end() == total.cycles.total());
  const AccessCounts& counts = total.accesses;
  CHECK(words_on(run.trace, Track::dram_bus) == counts.dram_read() + counts.dram_write());
  CHECK(words_on(run.trace, Track::load_dma) == counts.dram_read());
  CHECK(words_on(run.trace, Track::store_dma) == counts.dram_write());
}

LoweredNetwork small_network() {
  NetworkBuilder net("small", "a test", {.C = 5, .H = 9, .W = 9});
  const Window same{.R = 3, .S = 3, .pad = {1, 1, 1, 1}};
  const NodeId a = net.conv("block/a", net.input(), {.M = 8, .window = same});
  const NodeId b = net.conv("block/b", a, {.M = 8, .window = same});
  net.pool("pool", net.add("sum", a, b), {.window = {.R = 2, .S = 2, .stride = {2, 2}}});
  return lower(std::move(net).build());
}

}  // namespace

TEST_CASE("A trace nests and adds up to the report, for networks and dataflows", "[sim][trace]") {
  for (const char* name : {"squeezenet_v1.1", "squeezenext_1.0_23v5", "mobilenet_v1"}) {
    const LoweredNetwork network = lower(zoo::make(name));
    for (const char* preset : {"squeezelerator_8x8", "squeezelerator_32x32"}) {
      for (const char* dataflow : {"ws", "os", "auto"}) {
        check_trace(traced(config_files::load(preset), network, {.dataflow = dataflow}));
      }
    }
  }
}

TEST_CASE("A trace nests and adds up to the report, for random layers", "[sim][trace]") {
  testing::Random random(20240607);
  int feasible = 0;
  for (int i = 0; i < 200; ++i) {
    INFO("case " << i);
    const LoweredNetwork network = lower(testing::random_network(random));
    try {
      const RunStats run = traced(testing::random_architecture(random), network);
      check_trace(run);
      ++feasible;
    } catch (const InfeasibleError&) {
    }
  }
  CHECK(feasible > 100);
}

TEST_CASE("The trace of one tile shows every unit's latency, cycle by cycle", "[sim][trace]") {
  NetworkBuilder net("tiny", "a test", {.C = 4, .H = 8, .W = 8});
  net.conv("conv", net.input(), {.M = 4});
  const Mapping one_tile{.dataflow = find_dataflow("ws"), .tile = {.M = 4, .C = 4, .P = 8, .Q = 8}};
  const RunStats run = traced(testing::small_architecture(), lower(std::move(net).build()),
                              {.mappings = {{"conv", one_tile}}});
  std::vector<std::string> lines;
  for (const TraceSlice& s : run.trace.slices) {
    lines.push_back(
        fmt::format("{} {} {}-{}", track_name(s.track), s.what, s.begin.count(), s.end.count()));
  }
  // 256 B of ifmap, 16 B of filters (one burst) and 32 B of records at 16 B a cycle, each request
  // 100 cycles on its way; 16 weights at 4 a cycle; 64 positions; C - 1 down the adder chain; 256
  // words on 4 lanes; 256 B to store.
  CHECK(lines == std::vector<std::string>{
                     "load_dma tile 0-20", "dram_bus filter 0-4", "dram_bus ifmap 4-20",
                     "dram_bus ofmap 255-271", "pe_array layer 0-271", "pe_array tile 0-191",
                     "pe_array dram_stall 0-120", "pe_array stationary_load 120-124",
                     "pe_array compute 124-188", "pe_array fill_drain 188-191",
                     "pe_array vector_stall 191-255", "pe_array dram_stall 255-271",
                     "vector_unit tile 191-255", "store_dma tile 255-271", "ifmap_0 tile 120-191",
                     "filter_0 tile 104-191", "psum_0 tile 120-271"});
}

TEST_CASE("A run that is not traced has no slices, and the same cycles", "[sim][trace]") {
  const Architecture arch = testing::small_architecture();
  const RunStats with = traced(arch, small_network());
  const RunStats without = sim::run_without_data(arch, small_network(), Precision::int8, 1, {});
  CHECK(without.trace.empty());
  CHECK(without.trace.layers.empty());
  for (std::size_t i = 0; i < with.layers.size(); ++i) {
    CHECK(with.layers[i].cycles == without.layers[i].cycles);
  }
}

TEST_CASE("With data or without, first run or second, the trace is the same", "[sim][trace]") {
  const Architecture arch = testing::small_architecture();
  const Trace without = traced(arch, small_network()).trace;
  const Workload workload =
      make_workload(small_network(), {.precision = Precision::int8, .seed = 1});
  const Trace with = sim::run_with_data(arch, workload, {.trace = true}).stats.trace;
  CHECK(with.slices == without.slices);
}

TEST_CASE("A glob traces the layers that it matches", "[sim][trace]") {
  const RunStats run =
      traced(testing::small_architecture(), small_network(), {.layers = "block/*"});
  REQUIRE(run.trace.layers.size() == 2);
  CHECK(run.trace.layers[1].name == "block/b");
  check_trace(run);
}

TEST_CASE("Units are as busy as their work takes", "[sim][trace]") {
  const Architecture arch = testing::small_architecture();
  const RunStats run = traced(arch, small_network());
  const LayerStats total = total_of(run);
  std::int64_t outputs = 0;
  for (const LayerStats& layer : run.layers) outputs += layer.output_shape.elements();
  CHECK(words_on(run.trace, Track::vector_unit) == outputs);
  // Each tile rounds up to whole cycles of all lanes.
  const auto lane_cycles = total.accesses.vector / arch.vector_unit.lanes;
  CHECK(busy_on(run.trace, Track::vector_unit).count() >= lane_cycles);
  CHECK(busy_on(run.trace, Track::vector_unit) < total.cycles.total());
  // Whole bursts may take longer than the bytes that were asked for.
  const Bytes bytes = total.bytes.dram_read + total.bytes.dram_write;
  CHECK(static_cast<double>(busy_on(run.trace, Track::dram_bus).count()) *
            arch.dram.bytes_per_cycle >=
        static_cast<double>(bytes.count()));
  CHECK(busy_on(run.trace, Track::load_dma) + busy_on(run.trace, Track::store_dma) >=
        busy_on(run.trace, Track::dram_bus));
}

TEST_CASE("The array finds a tile's words in the buffer while it runs the passes", "[sim][trace]") {
  const RunStats run = traced(testing::small_architecture(), small_network());
  std::map<Cycles, int> halves_in_use;  // changes, of ifmap and filters
  for (const TraceSlice& slice : run.trace.slices) {
    if (slice.track < Track::ifmap_0 || slice.track > Track::filter_3) continue;
    ++halves_in_use[slice.begin];
    --halves_in_use[slice.end];
  }
  int in_use = 0;
  for (auto& [time, change] : halves_in_use) change = in_use += change;
  std::size_t seen = 0;
  for (const TraceSlice& slice : run.trace.slices) {
    if (slice.what != "compute") continue;
    ++seen;
    for (const Cycles at : {slice.begin, slice.end - Cycles(1)}) {
      CHECK(std::prev(halves_in_use.upper_bound(at))->second >= 2);
    }
  }
  CHECK(seen > 2);
}
