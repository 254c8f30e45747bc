#include <catch2/catch.hpp>
#include <set>

#include "models/base/error.hpp"
#include "models/cost/roofline_analysis.hpp"
#include "models/mapping/dataflow.hpp"
#include "models/mapping/pass.hpp"
#include "models/mapping/tile.hpp"
#include "sim/hw/job.hpp"
#include "sim/run.hpp"
#include "tests/support/checked_run.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;
using testing::Random;

namespace {

/// Ifmap rows (or columns) that at least one window reads.
std::int64_t used_extent(int out, int kernel, int stride, int dilation, int pad, int extent) {
  std::set<int> used;
  for (int o = 0; o < out; ++o) {
    for (int tap = 0; tap < kernel; ++tap) {
      const int at = o * stride + tap * dilation - pad;
      if (at >= 0 && at < extent) used.insert(at);
    }
  }
  return static_cast<std::int64_t>(used.size());
}

/// Words that must cross the DRAM bus whatever the mapping.
std::int64_t compulsory_words(const LoweredLayer& layer, const Residency& residency,
                              Precision precision) {
  const ConvShape& s = layer.shape;
  const Window& w = s.window;
  const TensorShape& out = layer.output_shape;
  std::int64_t words = 0;
  if (!residency.ifmap) {
    words += used_extent(out.H, w.R, w.stride[0], w.dilation[0], w.pad[0], s.H) *
             used_extent(out.W, w.S, w.stride[1], w.dilation[1], w.pad[1], s.W) * s.C * s.N;
  }
  if (!residency.ofmap) words += out.elements();
  if (layer.residual && !residency.residual) words += out.elements();
  if (runs_on_array(layer.kind)) {
    words += s.filter_elements() +
             s.M * (channel_record_bytes(precision).count() / word_bytes(precision).count());
  }
  return words;
}

/// Invariant 1: the passes of all tiles do every MAC exactly once, and each ofmap word is
/// completed exactly once.
void check_coverage(const sim::LayerJob& job) {
  const LoweredLayer& layer = job.layer;
  std::vector<int> completed(static_cast<std::size_t>(layer.output_shape.elements()));
  std::int64_t macs = 0;
  for (const Tile& tile : job.tiles) {
    if (runs_on_array(layer.kind)) {
      const PassSequence passes(layer.shape, job.pass, tile);
      for (std::int64_t i = 0; i < passes.size(); ++i) {
        macs += passes[i].macs().count();
      }
    }
    if (!tile.last_c) continue;
    const Range channels = ofmap_channels(layer, tile);
    for (int n = tile.n.begin; n < tile.n.end; ++n) {
      for (int m = channels.begin; m < channels.end; ++m) {
        for (int p = tile.p.begin; p < tile.p.end; ++p) {
          for (int q = tile.q.begin; q < tile.q.end; ++q) {
            const TensorShape& out = layer.output_shape;
            const std::int64_t at = ((std::int64_t{n} * out.C + m) * out.H + p) * out.W + q;
            ++completed[static_cast<std::size_t>(at)];
          }
        }
      }
    }
  }
  if (runs_on_array(layer.kind)) CHECK(Macs(macs) == layer.shape.macs());
  CHECK(std::ranges::all_of(completed, [](int times) { return times == 1; }));
}

/// What must move is never more than what moved, at DRAM and at each port of the buffer.
void check_compulsory(const LayerStats& stats, std::int64_t dram_words, Precision precision) {
  CHECK(stats.compulsory.dram == word_bytes(precision) * dram_words);
  for (const auto& field : PortWords::fields()) {
    INFO(field.name);
    CHECK(stats.compulsory.ports.*field.member <= stats.ports.*field.member);
  }
}

/// 4, once more: the run has a place under every roof, and what it loses adds up.
void check_roofline(const RunStats& run) {
  const RooflineAnalysis analysis = analyse_roofline(run);  // throws where a layer lies above one
  for (std::size_t i = 0; i < run.layers.size(); ++i) {
    const RooflineLayer& layer = analysis.layers[i];
    const RooflinePoint& point = run.layers[i].roofline;
    CHECK(layer.roof_macs_per_cycle == Approx(point.roof_macs_per_cycle));
    CHECK(layer.attained_macs_per_cycle == Approx(point.attained_macs_per_cycle));
    std::int64_t left = layer.waterfall.peak;
    for (const auto& loss : LossWaterfall::losses()) left -= layer.waterfall.*loss.member;
    CHECK(left == run.layers[i].accesses.mac);
    CHECK(layer.energy.macs_per_energy <= layer.energy.roof_macs_per_energy * (1 + 1e-12));
  }
}

void check_invariants(const LayerStats& stats, const sim::LayerJob& job, const Architecture& arch,
                      Precision precision) {
  // 1. MACs executed and skipped are the layer's.
  CHECK(Macs(stats.accesses.mac) + stats.macs_skipped == stats.macs);
  CHECK(stats.macs_skipped >= Macs(0));
  check_coverage(job);
  // 2. DRAM traffic is at least compulsory, and no more where the layer is one tile and its
  // windows leave no gaps.
  const std::int64_t dram = stats.accesses.dram_read() + stats.accesses.dram_write();
  const std::int64_t compulsory = compulsory_words(job.layer, job.residency, precision);
  CHECK(dram >= compulsory);
  const Window& w = job.layer.shape.window;
  const bool gapless =
      w.stride[0] <= w.R && w.stride[1] <= w.S && w.dilation[0] == 1 && w.dilation[1] == 1;
  if (job.tiles.size() == 1 && gapless) CHECK(dram == compulsory);
  // 3. Every category is a time.
  for (const auto& field : CycleBreakdown::fields()) {
    INFO(field.name);
    CHECK(stats.cycles.*field.member >= Cycles(0));
  }
  // 4. Never above a roof.
  const double own = static_cast<double>(stats.cycles.total().count());
  const double total = own + static_cast<double>(stats.overlapped.count());
  CHECK(total * arch.pes() >= static_cast<double>(stats.accesses.mac));
  const Bytes bytes = stats.bytes.dram_read + stats.bytes.dram_write;
  CHECK(total * arch.dram.bytes_per_cycle >= static_cast<double>(bytes.count()));
  CHECK(stats.roofline.attained_macs_per_cycle <= stats.roofline.roof_macs_per_cycle * (1 + 1e-12));
  CHECK(stats.utilization <= 1);
  check_compulsory(stats, compulsory, precision);
  // 7. Energy is counts times table entries.
  const EnergyTable& table = arch.energy;
  const AccessCounts& n = stats.accesses;
  const double expected = static_cast<double>(n.mac) * table.mac +
                          static_cast<double>(n.rf_read() + n.rf_write()) * table.rf +
                          static_cast<double>(n.noc()) * table.noc +
                          static_cast<double>(n.glb_read() + n.glb_write()) * table.glb +
                          static_cast<double>(n.dram_read() + n.dram_write()) * table.dram +
                          static_cast<double>(n.vector) * table.vector +
                          own * table.leakage_per_cycle;
  CHECK(stats.energy.total().count() == Approx(expected).epsilon(1e-12));
}

/// Runs one random layer on one random machine. False if no mapping exists.
bool run_case(std::uint64_t seed) {
  INFO("seed " << seed);
  Random random(seed);
  const Architecture arch = testing::random_architecture(random);
  const Precision precision =
      random.pick({Precision::int8, Precision::int8, Precision::int16, Precision::fp32});
  const LoweredNetwork lowered = lower(testing::random_network(random));
  const Workload workload = make_workload(lowered, {.precision = precision, .seed = seed});
  std::vector<sim::LayerJob> jobs;
  sim::RunOptions options{
      .dataflow = testing::random_dataflow(random),
      .objective =
          random.pick({Objective::latency, Objective::energy, Objective::edp, Objective::traffic}),
      .fault = [&](std::vector<sim::LayerJob>& all, std::span<std::byte>) { jobs = all; }};
  sim::RunResult result;
  try {
    result = sim::run_with_data(arch, workload, options);
  } catch (const InfeasibleError& error) {
    CHECK(std::string(error.what()).find("smallest tile needs") != std::string::npos);
    return false;
  }
  sim::check(result, workload);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const LayerStats& stats = result.stats.layers[i];
    INFO(stats.name << " (" << stats.op << ", " << stats.dataflow << ")");
    CHECK(stats.check.compared == stats.output_shape.elements());
    CHECK(stats.check.first_mismatch == "");
    check_invariants(stats, jobs[i], arch, precision);
  }
  check_roofline(result.stats);
  // 9. Again, and without data: the same cycles and counts.
  options.fault = nullptr;
  const RunStats again = sim::run_without_data(arch, lowered, precision, seed, options);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    CHECK(again.layers[i].cycles == result.stats.layers[i].cycles);
    CHECK(again.layers[i].accesses == result.stats.layers[i].accesses);
  }
  return true;
}

}  // namespace

// Four cases, so that they run side by side.
TEST_CASE("Random layers on random machines compute exactly and keep the invariants, part 1",
          "[sim][property]") {
  testing::run_cases(run_case, 1000, 500);
}
TEST_CASE("Random layers on random machines compute exactly and keep the invariants, part 2",
          "[sim][property]") {
  testing::run_cases(run_case, 2000, 500);
}
TEST_CASE("Random layers on random machines compute exactly and keep the invariants, part 3",
          "[sim][property]") {
  testing::run_cases(run_case, 3000, 500);
}
TEST_CASE("Random layers on random machines compute exactly and keep the invariants, part 4",
          "[sim][property]") {
  testing::run_cases(run_case, 4000, 500);
}
