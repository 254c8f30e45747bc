// Feature maps that stay in the global buffer from one layer to another.

#include <catch2/catch.hpp>

#include "models/base/error.hpp"
#include "models/cost/dram_cost.hpp"
#include "models/network/zoo/zoo.hpp"
#include "sim/hw/job.hpp"
#include "sim/run.hpp"
#include "tests/arch_configs/config_files.hpp"
#include "tests/support/effort.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;
using testing::Random;

namespace {

using Jobs = std::vector<sim::LayerJob>;

/// DRAM words that a job's tiles ask for, but for maps that stay.
std::int64_t words_asked(const sim::LayerJob& job) {
  const ConvShape& shape = job.layer.shape;
  const std::int64_t record =
      channel_record_bytes(job.precision).count() / word_bytes(job.precision).count();
  std::int64_t words = 0;
  for (const Tile& tile : job.tiles) {
    const std::int64_t ofmap = std::int64_t{tile.n.size()} * tile.p.size() * tile.q.size() *
                               ofmap_channels(job.layer, tile).size();
    if (tile.load_ifmap && !job.residency.ifmap) {
      words += ifmap_block(shape, tile.p, tile.q).real_words() * tile.n.size() *
               ifmap_channels(job.layer, tile).size();
    }
    if (tile.load_filter && runs_on_array(job.layer.kind)) {
      const std::int64_t filters = ofmap_channels(job.layer, tile).size();
      words += filters * (tile.c.size() * shape.R() * shape.S() + (tile.first_c ? record : 0));
    }
    if (!tile.last_c) continue;
    if (!job.residency.ofmap) words += ofmap;
    if (job.layer.residual && !job.residency.residual) words += ofmap;
  }
  return words;
}

/// What may stay does not, and what stays takes no more than there is.
void check_plans(const Jobs& jobs, const LoweredNetwork& network) {
  Bytes kept{0};
  for (const sim::LayerJob& job : jobs) {
    const GlobalBuffer& buffer = job.arch->global_buffer;
    for (const sim::ResidentMap& map : job.keeps) {
      kept += map.held;
      CHECK(map.held == buffer.allocated(map.bytes));
    }
    CHECK(job.residency.kept == kept);
    CHECK(job.plan.kept == kept);
    CHECK(job.plan.fits(buffer));
    kept = kept - job.frees;
  }
  CHECK(kept == Bytes(0));
  const auto storage = [&](TensorId id) {
    return network.tensors[static_cast<std::size_t>(id)].storage;
  };
  for (const sim::LayerJob& job : jobs) {
    if (storage(job.layer.output) == storage(network.output)) CHECK_FALSE(job.residency.ofmap);
    if (storage(job.layer.input) == storage(0)) CHECK_FALSE(job.residency.ifmap);
  }
}

struct Traced {
  RunStats stats;
  Jobs jobs;
};

Traced run(const Architecture& arch, const LoweredNetwork& network, sim::RunOptions options = {}) {
  Traced result;
  options.fault = [&](Jobs& jobs, std::span<std::byte>) { result.jobs = jobs; };
  result.stats = sim::run_without_data(arch, network, Precision::int8, 1, options);
  return result;
}

Architecture keeping(Architecture arch, bool keep = true) {
  arch.global_buffer.keep_ofmap_on_chip = keep;
  return arch;
}

LoweredNetwork three_convolutions() {
  NetworkBuilder net("three", "a test", {.C = 4, .H = 10, .W = 10});
  const Window same{.R = 3, .S = 3, .pad = {1, 1, 1, 1}};
  const NodeId a = net.conv("a", net.input(), {.M = 8, .window = same});
  const NodeId b = net.conv("tail/b", a, {.M = 8, .window = same});
  net.conv("tail/c", b, {.M = 8, .window = same});
  return lower(std::move(net).build());
}

Architecture roomy(bool keep = true) {
  Architecture arch = keeping(testing::small_architecture(), keep);
  arch.global_buffer.bytes = Bytes(65536);
  return arch;
}

}  // namespace

TEST_CASE("Random networks with maps that stay compute exactly, and move no word too many",
          "[sim][residency][property]") {
  const int cases = testing::cases(300);
  int feasible = 0, kept = 0, parts = 0, residuals = 0;
  for (int index = 1; index <= cases; ++index) {
    const auto seed = static_cast<std::uint64_t>(index);
    INFO("seed " << seed);
    Random random(seed);
    const Architecture arch = keeping(testing::random_architecture(random));
    const Precision precision = random.pick({Precision::int8, Precision::int16, Precision::fp32});
    const Workload workload =
        make_workload(lower(testing::random_chain(random)), {.precision = precision, .seed = seed});
    Jobs jobs;
    sim::RunOptions options{
        .dataflow = testing::random_dataflow(random),
        .objective = random.pick({Objective::latency, Objective::energy, Objective::traffic}),
        .fault = [&](Jobs& all, std::span<std::byte>) { jobs = all; }};
    sim::RunResult result;
    try {
      result = sim::run_with_data(arch, workload, options);
    } catch (const InfeasibleError&) {
      continue;
    }
    ++feasible;
    sim::check(result, workload);
    check_plans(jobs, workload.lowered);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      const LayerStats& layer = result.stats.layers[i];
      INFO(layer.name << ' ' << layer.dataflow);
      CHECK(layer.check.compared == layer.output_shape.elements());
      CHECK(layer.check.first_mismatch == "");
      CHECK(layer.accesses.dram_read() + layer.accesses.dram_write() == words_asked(jobs[i]));
      kept += static_cast<int>(jobs[i].keeps.size());
      parts += jobs[i].residency.ofmap && jobs[i].output.channel_offset > 0 ? 1 : 0;
      residuals += jobs[i].residency.residual ? 1 : 0;
    }
    options.fault = nullptr;
    const RunStats again = sim::run_without_data(arch, workload.lowered, precision, seed, options);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      CHECK(again.layers[i].cycles == result.stats.layers[i].cycles);
      CHECK(again.layers[i].accesses == result.stats.layers[i].accesses);
    }
  }
  CHECK(feasible > cases * 2 / 3);
  CHECK(kept > cases * 2 / 3);
  CHECK(parts > cases / 15);
  CHECK(residuals > cases / 15);
}

TEST_CASE("DRAM traffic falls by exactly the words of the maps that stay", "[sim][residency]") {
  const LoweredNetwork network = three_convolutions();
  const sim::RunOptions options{.objective = Objective::traffic};
  const Traced with = run(roomy(), network, options);
  const Traced without = run(roomy(false), network, options);
  REQUIRE(with.jobs[1].residency ==
          Residency{.ifmap = true, .ofmap = true, .kept = Bytes(2 * 800)});
  const std::int64_t map = 8 * 10 * 10;
  const std::int64_t reads[] = {0, map, map};
  const std::int64_t writes[] = {map, map, 0};
  for (std::size_t i = 0; i < 3; ++i) {
    const AccessCounts& a = with.stats.layers[i].accesses;
    const AccessCounts& b = without.stats.layers[i].accesses;
    CHECK(a.dram_read() == b.dram_read() - reads[i]);
    CHECK(a.dram_write() == b.dram_write() - writes[i]);
    CHECK(a.mac == b.mac);
  }
  CHECK(total_of(with.stats).cycles.total() < total_of(without.stats).cycles.total());
}

TEST_CASE("A map stays only where the architecture says so, and where all its layers run",
          "[sim][residency]") {
  const LoweredNetwork network = three_convolutions();
  for (const sim::LayerJob& job : run(roomy(false), network).jobs) {
    CHECK(job.residency == Residency());
  }
  const Jobs last_two = run(roomy(), network, {.layers = "tail/*"}).jobs;
  CHECK_FALSE(last_two[0].residency.ifmap);
  CHECK(last_two[0].residency.ofmap);
  for (const sim::LayerJob& job : run(roomy(), network, {.layers = "tail/b"}).jobs) {
    CHECK(job.residency == Residency());
  }
}

TEST_CASE("A map that a layer outside the run reads is stored", "[sim][residency]") {
  NetworkBuilder net("shortcut", "a test", {.C = 4, .H = 10, .W = 10});
  const NodeId a = net.conv("head/a", net.input(), {.M = 8, .window = {.R = 3, .S = 3}});
  const NodeId b = net.conv("head/b", a, {.M = 4});
  net.conv("last", net.add("sum", net.conv("c", b, {.M = 8}), a), {.M = 2});
  const LoweredNetwork network = lower(std::move(net).build());
  CHECK(run(roomy(), network).jobs[0].residency.ofmap);
  CHECK_FALSE(run(roomy(), network, {.layers = "head/*"}).jobs[0].residency.ofmap);
}

TEST_CASE("The network's output is stored, even the part of it that a layer reads",
          "[sim][residency]") {
  NetworkBuilder net("growing", "a test", {.C = 4, .H = 10, .W = 10});
  const NodeId a = net.conv("a", net.input(), {.M = 8});
  net.concat("join", {a, net.conv("b", a, {.M = 4})});
  for (const sim::LayerJob& job : run(roomy(), lower(std::move(net).build())).jobs) {
    CHECK(job.residency == Residency());
  }
}

TEST_CASE("A tensor that is thought to stay and does not gives wrong numbers", "[sim][residency]") {
  const Workload workload =
      make_workload(three_convolutions(), {.precision = Precision::int8, .seed = 3});
  sim::RunResult result =
      sim::run_with_data(roomy(), workload, {.fault = [](Jobs& jobs, std::span<std::byte>) {
                           // The writer takes it to DRAM; the reader looks for it in the buffer.
                           REQUIRE(jobs[1].residency.ifmap);
                           jobs[0].residency.ofmap = false;
                         }});
  sim::check(result, workload);
  CHECK_FALSE(result.stats.layers[1].check.passed());
}

TEST_CASE("Networks whose maps stay are faster, and move fewer words, on every Squeezelerator",
          "[sim][residency]") {
  for (const char* preset :
       {"squeezelerator_8x8", "squeezelerator_16x16", "squeezelerator_32x32"}) {
    const Architecture arch = config_files::load(preset);
    for (const char* name : {"squeezenet_v1.0", "squeezenet_v1.1", "squeezenext_1.0_23v5",
                             "mobilenet_v1", "tiny_darknet"}) {
      const LoweredNetwork network = lower(zoo::make(name));
      const LayerStats with = total_of(run(keeping(arch), network).stats);
      const LayerStats without = total_of(run(arch, network).stats);
      INFO(preset << ' ' << name << ": " << with.cycles.total().count() << " cycles instead of "
                  << without.cycles.total().count());
      CHECK(with.cycles.total() <= without.cycles.total());
      CHECK(with.bytes.dram_read + with.bytes.dram_write <
            without.bytes.dram_read + without.bytes.dram_write);
    }
  }
}
