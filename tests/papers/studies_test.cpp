// The studies of SqueezeNext and the Squeezelerator. That their judged figures hold is a test of
// all reproductions (tests/cli/reproduce_test.cpp).

#include <catch2/catch.hpp>

#include "models/mapping/dataflow.hpp"
#include "sim/papers/block_sweep.hpp"
#include "sim/papers/study.hpp"
#include "tests/arch_configs/config_files.hpp"

namespace ridgeline::papers {
namespace {

/// MACs and one more for each output of a convolution, as the paper counts SqueezeNets.
std::int64_t macs_with_biases(const std::string& network) {
  std::int64_t macs = 0;
  for (const LoweredLayer& layer : study_network(network).layers) {
    if (runs_on_array(layer.kind))
      macs += layer.shape.macs().count() + layer.shape.ofmap().elements();
  }
  return macs;
}

TEST_CASE("The study's SqueezeNets have the 837 and 352 million MACs of the paper's rows") {
  CHECK(macs_with_biases("squeezenet:conv10_pad=0") == 837'119'208);
  CHECK(macs_with_biases("squeezenet:version=1.1,input=224") == 351'741'288);
}

TEST_CASE("A study declares zero weights for every layer of the array, and counts those alone") {
  const LoweredNetwork network = study_network("squeezenext_1.0_23v5");
  for (const LoweredLayer& layer : network.layers) {
    CHECK(layer.zero_weight_fraction.value_or(-1) ==
          (runs_on_array(layer.kind) ? kZeroWeights : -1));
  }
  const Architecture arch = config_files::load("squeezenext_study_8x8");
  const RunStats run = sim::run_analytic(arch, network, Precision::int16, 1, {});
  const RunStats array = on_the_array(run);
  CHECK(array.layers.size() == run.layers.size() - 2);  // pool1, pool5
  for (const LayerStats& layer : array.layers) CHECK(layer.dataflow != "vector");
}

TEST_CASE("Versions 1 to 5 of SqueezeNext follow one another in time on both arrays") {
  for (const char* array : {"squeezenext_study_8x8", "squeezenext_study_16x16"}) {
    INFO(array);
    BlockMeter meter(config_files::load(array));
    double before = 1e300;
    for (const char* version : {"", "v2", "v3", "v4", "v5"}) {
      INFO(version);
      const BlockPoint point =
          meter.measure(zoo::make(std::string("squeezenext_1.0_23") + version), {});
      CHECK(point.cycles < before);
      before = point.cycles;
    }
  }
}

TEST_CASE("A network costs the same whether its mappings were found for it or for others before") {
  const Architecture arch = config_files::load("squeezenext_study_16x16");
  BlockMeter used(arch);
  for (const char* before : {"squeezenext_1.0_23", "squeezenext:blocks=3-1-2-4,conv1=5,style=B"})
    (void)used.measure(zoo::make(before), {});
  for (const char* network :
       {"squeezenext_1.0_23v5", "squeezenext:blocks=1-2-3-15,conv1=5,style=B"}) {
    INFO(network);
    const BlockPoint point = used.measure(zoo::make(network), {});
    const LoweredNetwork lowered = study_network(network);
    const LayerStats alone =
        total_of(on_the_array(sim::run_analytic(arch, lowered, Precision::int16, 1, {})));
    CHECK(point.cycles == static_cast<double>(alone.cycles.total().count()));
    CHECK(point.energy == alone.energy.total().count());
    CHECK(point.weights == static_cast<double>(total_weights(lowered.network)));
  }
}

TEST_CASE("Blocks are shared in every way that leaves each stage one") {
  BlockMeter meter(config_files::load("squeezenext_study_16x16"));
  const std::vector<BlockPoint> points = sweep_blocks(meter, 6);
  REQUIRE(points.size() == 10);
  CHECK(blocks_text(points.front().blocks) == "1-1-1-3");
  CHECK(blocks_text(points.back().blocks) == "3-1-1-1");
  for (const BlockPoint& point : points) {
    CHECK(point.network == "squeezenext:blocks=" + blocks_text(point.blocks) + ",conv1=5,style=B");
    CHECK((point.cycles > 0 && point.energy > 0));
  }
}

TEST_CASE("The distance to a front is what all costs would have to lose") {
  const auto point = [](double cycles, double energy, double weights) {
    return BlockPoint{.cycles = cycles, .energy = energy, .weights = weights};
  };
  const std::vector<BlockPoint> points{point(1, 4, 1), point(2, 2, 1), point(4, 1, 1),
                                       point(3, 3, 1), point(2, 2, 2)};
  const std::vector<std::size_t> front = front_of(points);
  CHECK(front == std::vector<std::size_t>{0, 1, 2});
  const Distance behind = distance_to(points, front, point(4, 3, 1.25));
  CHECK(behind.dominated);
  CHECK(behind.to == 1);
  CHECK(behind.part == Approx(0.2));
  const Distance beside = distance_to(points, front, points[4]);  // as good in two costs
  CHECK((beside.dominated && beside.part == 0 && beside.to == 1));
  CHECK_FALSE(distance_to(points, front, points[0]).dominated);
  CHECK_FALSE(distance_to(points, front, point(0.5, 9, 9)).dominated);
}

}  // namespace
}  // namespace ridgeline::papers
