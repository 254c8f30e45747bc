#include "models/cost/estimate.hpp"

#include <catch2/catch.hpp>

#include "models/network/zoo/zoo.hpp"
#include "sim/hw/job.hpp"
#include "sim/run.hpp"
#include "tests/arch_configs/config_files.hpp"

using namespace ridgeline;

TEST_CASE("The search's estimate is what the simulation measures, within 3 % over a network",
          "[cost][estimate]") {
  for (const char* preset :
       {"squeezelerator_8x8", "squeezelerator_16x16", "systolic_16x16", "systolic_12x14"}) {
    const Architecture arch = config_files::load(preset);
    for (const char* name : {"squeezenet_v1.0", "squeezenext_1.0_23v5", "mobilenet_v1"}) {
      INFO(preset << ", " << name);
      const LoweredNetwork network = lower(zoo::make(name));
      std::vector<sim::LayerJob> jobs;
      const RunStats run = sim::run_without_data(
          arch, network, Precision::int8, 1,
          {.fault = [&](std::vector<sim::LayerJob>& all, std::span<std::byte>) { jobs = all; }});
      double estimated = 0, measured = 0;
      for (std::size_t i = 0; i < jobs.size(); ++i) {
        const MappingEstimate e =
            estimate(arch, jobs[i].layer, Precision::int8, jobs[i].mapping, {});
        INFO(run.layers[i].name);
        CHECK(e.counts.dram_read == run.layers[i].accesses.dram_read);
        CHECK(e.counts.dram_write == run.layers[i].accesses.dram_write);
        estimated += static_cast<double>(e.latency().count());
        measured += static_cast<double>(run.layers[i].cycles.total().count());
      }
      CHECK(estimated == Approx(measured).epsilon(0.03));
    }
  }
}
