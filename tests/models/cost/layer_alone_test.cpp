// The time of a layer alone, which is a sum where its array never waits, against the recurrences
// over its tiles in a run of that one layer; and layers costed one mapping after another.

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <tuple>
#include <vector>

#include "models/cost/analytic.hpp"
#include "models/mapping/dataflow.hpp"
#include "models/mapping/search.hpp"
#include "models/mapping/search_space.hpp"
#include "models/network/zoo/zoo.hpp"
#include "tests/arch_configs/config_files.hpp"

using namespace ridgeline;

namespace {

/// Mappings of a layer that the search tries: every third of those that can run.
std::vector<Mapping> mappings_of(const Architecture& arch, const LoweredLayer& layer) {
  std::vector<Mapping> mappings;
  int number = 0;
  const auto fits = [&](const Mapping& mapping) {
    if (!why_not(arch, layer, Precision::int8, mapping).empty()) return false;
    if (number++ % 3 == 0) mappings.push_back(mapping);
    return true;
  };
  const SearchSpace space(arch, layer, Precision::int8);
  if (!runs_on_array(layer.kind)) {
    space.visit_vector(fits);
    return mappings;
  }
  for (const std::string& name : arch.dataflows) space.visit_array(*find_dataflow(name), fits);
  return mappings;
}

/// Everything that a mapping of a layer costs.
auto all_of(const LayerCost& cost) {
  return std::tuple(cost.cycles, cost.counts.dram_read(), cost.counts.dram_write(),
                    cost.counts.glb_read(), cost.counts.glb_write(), cost.dram_read,
                    cost.dram_write, cost.compute, cost.vector_psums);
}

}  // namespace

TEST_CASE("An evaluator of a layer costs each mapping as if it had seen no other", "[analytic]") {
  const ZeroWeights no_zeros;
  const LoweredNetwork network = lower(zoo::make("squeezenet_v1.1"));
  for (const char* preset : {"squeezelerator_16x16", "eyeriss_v1"}) {
    const Architecture arch = config_files::load(preset);
    for (const LoweredLayer& layer : network.layers) {
      const LayerTensors tensors = plain_tensors(layer);
      std::vector<Mapping> mappings = mappings_of(arch, layer);
      LayerEvaluator evaluator(arch, layer, Precision::int8, tensors, no_zeros);
      // In the search's order one dimension at a time changes; then in another.
      for (int round = 0; round < 2; ++round) {
        for (std::size_t i = 0; i < mappings.size(); ++i) {
          INFO(layer.name << " on " << preset << ", round " << round << ", number " << i);
          const Mapping& mapping = mappings[i];
          CHECK(all_of(evaluator.cost(mapping)) ==
                all_of(analytic_cost({arch, layer, Precision::int8, mapping, tensors, no_zeros})));
        }
        std::mt19937 random(7);
        std::ranges::shuffle(mappings, random);
      }
    }
  }
}

TEST_CASE("A layer alone takes as long as a run of nothing else", "[analytic]") {
  const ZeroWeights no_zeros;
  const LoweredNetwork network = lower(zoo::make("squeezenet_v1.1"));
  int never_waits = 0;  // or hardly
  for (const char* preset : {"squeezelerator_16x16", "systolic_16x16", "eyeriss_v1"}) {
    const Architecture arch = config_files::load(preset);
    int mappings = 0;
    for (const LoweredLayer& layer : network.layers) {
      const LayerTensors tensors = plain_tensors(layer);
      for (const Mapping& mapping : mappings_of(arch, layer)) {
        INFO(layer.name << " on " << preset << ", number " << mappings);
        const LayerQuestion question{arch, layer, Precision::int8, mapping, tensors, no_zeros};
        const RunLayer run{question};
        const CycleBreakdown alone = analytic_cycles(question);
        CHECK(alone == analytic_run({&run, 1}).front().cycles);
        ++mappings;
        if (alone.dram_stall.count() * 20 < alone.total().count()) ++never_waits;
      }
    }
    CHECK(mappings > 100);
  }
  CHECK(never_waits > 100);
}
