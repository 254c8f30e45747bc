// A layer's latency follows the roofs on both sides of the ridge, with a knee between them.

#include <array>
#include <catch2/catch.hpp>
#include <cmath>

#include "models/cost/analytic/tile_cost.hpp"
#include "tests/arch_configs/config_files.hpp"
#include "tests/support/fixed_mapping.hpp"

using namespace ridgeline;

namespace {

constexpr Window kSame{.R = 3, .S = 3, .pad = {1, 1, 1, 1}};

struct Layer {
  const char* name;
  TensorShape input;
  ConvOp op;
};
std::vector<Layer> layers() {
  return {{"3x3", {.C = 64, .H = 56, .W = 56}, {.M = 128, .window = kSame}},
          {"1x1", {.C = 256, .H = 28, .W = 28}, {.M = 256}},
          {"depthwise", {.C = 128, .H = 56, .W = 56}, {.M = 128, .G = 128, .window = kSame}},
          {"strided",
           {.C = 64, .H = 56, .W = 56},
           {.M = 64, .window = {.R = 3, .S = 3, .stride = {2, 2}, .pad = {1, 1, 1, 1}}}}};
}

LoweredNetwork network_of(const Layer& layer) {
  NetworkBuilder net(layer.name, "a test", layer.input);
  net.conv("conv", net.input(), layer.op);
  return lower(std::move(net).build());
}

Architecture machine() {
  Architecture arch = config_files::load("squeezelerator_16x16");
  arch.dram.burst_bytes = 1;  // bus time is bytes over bandwidth
  return arch;
}

/// The layer at one width: its latency, the roof of what is swept, and what it takes where that is
/// as wide as can be.
struct Point {
  double latency = 0, swept = 0, other = 0;
};

/// Which sides of the ridge, far from it, some sweep has seen.
struct Sides {
  int left = 0, right = 0;
};

/// A sweep at growing widths, `step` apart, with one mapping.
struct Sweep {
  std::vector<Point> points{};
  double step = 2;
  double edges = 0;      ///< first load, last results
  bool overlaps = true;  ///< what is swept works beside everything else
};

/// Far from the ridge the latency is that of one roof, within 3 %. It is monotone, never falls
/// faster than the width grows, and is at most what both roofs take one after another.
void check_sweep(const Sweep& sweep, Sides& sides) {
  const auto& points = sweep.points;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point& p = points[i];
    INFO("point " << i << ": latency " << p.latency << ", swept roof " << p.swept << ", other "
                  << p.other);
    CHECK(p.latency >= p.swept);
    CHECK(p.latency >= p.other);
    CHECK(p.latency <= p.swept + p.other + sweep.edges);
    if (sweep.overlaps && p.swept > 4 * p.other) CHECK(p.latency <= 1.03 * p.swept);
    if (sweep.overlaps && p.other > 4 * p.swept) CHECK(p.latency <= 1.03 * p.other);
    if (i == 0) continue;
    CHECK(p.latency <= points[i - 1].latency);
    CHECK(p.latency * sweep.step * 1.005 >= points[i - 1].latency);
  }
  sides.left += points.front().swept > 4 * points.front().other ? 1 : 0;
  sides.right += points.back().other > 4 * points.back().swept ? 1 : 0;
}

double as_double(Cycles cycles) {
  return static_cast<double>(cycles.count());
}

double of_array(const CycleBreakdown& cycles) {
  return as_double(cycles.compute + cycles.fill_drain + cycles.stationary_load + cycles.glb_stall);
}

/// Nothing hides the first tile's load and the last tile's way out.
double edges_of(const Architecture& arch, const sim::LayerJob& job) {
  const LayerTensors tensors = plain_tensors(job.layer);
  const ZeroWeights no_zeros;
  const LayerQuestion question{arch, job.layer, job.precision, job.mapping, tensors, no_zeros};
  const Tile& first = job.tiles.front();
  analytic::TileCost last;
  analytic::add_results(last, question, job.tiles.back());
  return static_cast<double>(analytic::ifmap_bus(question, first) +
                             analytic::filter_bus(question, first) + arch.dram.latency.count() +
                             last.vector + last.store_bus);
}

using Ports = std::array<int GlobalBuffer::*, 4>;
constexpr Ports kPorts{&GlobalBuffer::ifmap_words_per_cycle, &GlobalBuffer::filter_words_per_cycle,
                       &GlobalBuffer::psum_in_words_per_cycle,
                       &GlobalBuffer::psum_out_words_per_cycle};

}  // namespace

TEST_CASE("At a swept DRAM bandwidth latency follows the roofs, with a smooth knee",
          "[sim][bandwidth]") {
  const double step = std::sqrt(2.0);
  Sides sides;
  for (const Layer& layer : layers()) {
    for (const char* dataflow : {"ws", "os"}) {
      INFO(layer.name << ' ' << dataflow);
      Architecture arch = machine();
      const LoweredNetwork network = network_of(layer);
      const sim::RunOptions options{.dataflow = dataflow};
      const testing::MappedRun mapped = testing::run_searched(arch, network, options);
      Sweep sweep{.step = step};
      for (int i = 0; i <= 18; ++i) {  // nearly three decades
        arch.dram.bytes_per_cycle = 0.125 * std::pow(step, i);
        const LayerStats stats = testing::run_mapped(arch, network, mapped.jobs, options).layers[0];
        const Bytes bytes = stats.bytes.dram_read + stats.bytes.dram_write;
        sweep.points.push_back(
            {.latency = as_double(stats.cycles.total()),
             .swept = static_cast<double>(bytes.count()) / arch.dram.bytes_per_cycle,
             .other = of_array(stats.cycles)});
        sweep.edges = std::max(sweep.edges, edges_of(arch, mapped.jobs[0]));
      }
      check_sweep(sweep, sides);
    }
  }
  CHECK(sides.left >= 7);
  CHECK(sides.right >= 7);
}

TEST_CASE("At a swept port of the global buffer latency follows the roofs, with a smooth knee",
          "[sim][bandwidth]") {
  Sides sides;
  for (const Layer& layer : layers()) {
    for (const char* dataflow : {"ws", "os"}) {
      Architecture wide = machine();
      wide.dram.bytes_per_cycle = 1024;
      for (const auto port : kPorts) wide.global_buffer.*port = 1024;
      const LoweredNetwork network = network_of(layer);
      const sim::RunOptions options{.dataflow = dataflow};
      const testing::MappedRun mapped = testing::run_searched(wide, network, options);
      const double other = as_double(mapped.stats.layers[0].cycles.total());
      for (std::size_t i = 0; i < kPorts.size(); ++i) {
        INFO(layer.name << ' ' << dataflow << ", port " << i);
        Architecture arch = wide;
        // The psums of os leave when a pass has ended; no more than the next load hides behind
        // that.
        const bool drain =
            dataflow == std::string("os") && kPorts[i] == &GlobalBuffer::psum_out_words_per_cycle;
        Sweep sweep{.edges = 0.01 * other, .overlaps = !drain};
        for (int width = 1; width <= 128; width *= 2) {
          arch.global_buffer.*kPorts[i] = width;
          const LayerStats stats =
              testing::run_mapped(arch, network, mapped.jobs, options).layers[0];
          const PortWords& words = stats.ports;
          const std::int64_t through[] = {words.ifmap, words.filter, words.psum_in, words.psum_out};
          sweep.points.push_back({.latency = as_double(stats.cycles.total()),
                                  .swept = static_cast<double>(through[i]) / width,
                                  .other = other});
        }
        check_sweep(sweep, sides);
      }
    }
  }
  CHECK(sides.left >= 10);
  CHECK(sides.right >= 20);
}

TEST_CASE("More banks of the same buffer leave more room, and make no layer slower",
          "[sim][bandwidth]") {
  int faster = 0;
  for (const Layer& layer : layers()) {
    for (const char* dataflow : {"ws", "os"}) {
      double best = 0, measured = 0;
      for (int banks = 4; banks <= 512; banks *= 2) {
        INFO(layer.name << ' ' << dataflow << ", " << banks << " banks");
        Architecture arch = machine();
        arch.global_buffer.bytes = Bytes(16384);
        arch.global_buffer.banks = banks;
        const testing::MappedRun run =
            testing::run_searched(arch, network_of(layer), {.dataflow = dataflow});
        const double estimated =
            as_double(testing::analytic_cost_of(arch, run.jobs[0]).cycles.total());
        const double latency = as_double(run.stats.layers[0].cycles.total());
        if (banks > 4) {
          CHECK(estimated <= best);
          CHECK(latency <= 1.03 * measured);
          faster += estimated < best ? 1 : 0;
        }
        best = estimated;
        measured = latency;
      }
    }
  }
  CHECK(faster >= 5);
}
