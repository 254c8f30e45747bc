// Whole networks through the simulated machine, every layer's output against the reference.
// The part tagged [long] is the full matrix; ctest keeps it under the label "long".

#include <catch2/catch.hpp>

#include "models/network/zoo/zoo.hpp"
#include "sim/run.hpp"
#include "tests/arch_configs/config_files.hpp"

using namespace ridgeline;

namespace {

const std::vector<std::string> kAllPresets = {
    "squeezelerator_8x8",    "squeezelerator_16x16",    "squeezelerator_32x32",
    "squeezelerator_8x8_ws", "squeezelerator_16x16_ws", "squeezelerator_32x32_ws",
    "squeezelerator_8x8_os", "squeezelerator_16x16_os", "squeezelerator_32x32_os",
    "systolic_8x8",          "systolic_16x16",          "systolic_32x32",
    "systolic_12x14"};
const std::vector<std::string> kStudied = {"squeezenet_v1.0", "squeezenet_v1.1",
                                           "squeezenext_1.0_23v5"};

/// Runs and checks one combination; without data the cycles must be the same.
void validate(const Workload& workload, const std::string& preset, const std::string& dataflow) {
  INFO(workload.lowered.network.name << " on " << preset << ", " << dataflow << ", "
                                     << precision_name(workload.precision));
  const Architecture arch = config_files::load(preset);
  const sim::RunOptions options{.dataflow = dataflow};
  sim::RunResult result = sim::run_with_data(arch, workload, options);
  sim::check(result, workload);
  const RunStats without =
      sim::run_without_data(arch, workload.lowered, workload.precision, workload.seed, options);
  std::int64_t mismatches = 0;
  bool same_cycles = true;
  std::string first;
  for (std::size_t i = 0; i < result.stats.layers.size(); ++i) {
    const LayerStats& layer = result.stats.layers[i];
    mismatches += layer.check.mismatches;
    if (first.empty() && !layer.check.passed()) first = layer.name + layer.check.first_mismatch;
    same_cycles = same_cycles && layer.cycles == without.layers[i].cycles;
    CHECK(layer.check.compared == layer.output_shape.elements());
  }
  INFO(first);
  CHECK(mismatches == 0);
  CHECK(same_cycles);
}

Workload workload_of(const std::string& network, Precision precision) {
  return make_workload(lower(zoo::make(network)), {.precision = precision, .seed = 1});
}

void validate_dataflows(const std::string& network, Precision precision,
                        const std::vector<std::string>& dataflows) {
  const Workload workload = workload_of(network, precision);
  for (const std::string& dataflow : dataflows) {
    validate(workload, "squeezelerator_16x16", dataflow);
  }
}

}  // namespace

TEST_CASE("Every network computes exactly in int8 under the best dataflow", "[sim][network]") {
  for (const zoo::Entry& entry : zoo::list()) {
    if (entry.name == "vgg16") continue;  // 15 G MACs: in the full matrix
    validate_dataflows(entry.name, Precision::int8, {"auto"});
  }
}

TEST_CASE("The studied networks compute exactly in int8 and int16 under each dataflow",
          "[sim][network]") {
  for (const std::string& network : kStudied) {
    validate_dataflows(network, Precision::int8, {"ws", "os"});
    validate_dataflows(network, Precision::int16, {"ws", "os", "auto"});
  }
}

TEST_CASE("A network computes exactly as matrix products, in every precision", "[sim][network]") {
  for (const Precision precision : {Precision::int8, Precision::int16, Precision::fp32}) {
    const Workload workload = workload_of("squeezenet_v1.1", precision);
    for (const char* dataflow : {"ws_gemm", "os_gemm", "is_gemm"}) {
      validate(workload, "systolic_16x16", dataflow);
    }
  }
}

TEST_CASE("SqueezeNext computes exactly on every preset", "[sim][network]") {
  const Workload workload = workload_of("squeezenext_1.0_23v5", Precision::int8);
  for (const std::string& preset : kAllPresets) validate(workload, preset, "auto");
}

TEST_CASE("The studied networks stay within the bound of summation in fp32", "[sim][network]") {
  for (const std::string& network : kStudied) {
    validate_dataflows(network, Precision::fp32, {"auto"});
  }
}

TEST_CASE("Full matrix: every network in int8 and int16 under each dataflow",
          "[.][long][network]") {
  for (const zoo::Entry& entry : zoo::list()) {
    for (const Precision precision : {Precision::int8, Precision::int16}) {
      validate_dataflows(entry.name, precision, {"ws", "os", "auto"});
    }
  }
}

TEST_CASE("Full matrix: the studied networks on every preset in every precision",
          "[.][long][network]") {
  for (const std::string& network : kStudied) {
    for (const Precision precision : {Precision::int8, Precision::int16, Precision::fp32}) {
      const Workload workload = workload_of(network, precision);
      for (const std::string& preset : kAllPresets) validate(workload, preset, "auto");
    }
  }
}

TEST_CASE("Full matrix: every network within the bound in fp32 under each dataflow",
          "[.][long][network]") {
  for (const zoo::Entry& entry : zoo::list()) {
    if (entry.name == "vgg16") continue;  // its weights and their copy in DRAM take over 1 GB
    validate_dataflows(entry.name, Precision::fp32, {"ws", "os", "auto"});
  }
}
