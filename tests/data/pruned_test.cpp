#include <memory>

#include "models/input/network_input.hpp"
#include "models/network/onnx/onnx_import.hpp"
#include "models/network/weight_matching.hpp"
#include "models/network/zoo/zoo.hpp"
#include "sim/run.hpp"
#include "tests/arch_configs/config_files.hpp"
#include "tests/support/data_folder.hpp"

/// The pruned SqueezeNet v1.0 of Deep Compression: what its zeros save on the simulated machine.
namespace ridgeline {
namespace {

using testing::data_file;

struct Pruned {
  std::shared_ptr<const std::vector<NodeWeights>> weights;
  Workload workload;
};

Pruned pruned_network(const std::filesystem::path& folder) {
  const Network network = zoo::make("squeezenet_v1.0");
  const SourceText file = data_file(folder / "squeezenet_v1.0" / "squeezenet_v1.0.onnx");
  Pruned pruned{.weights = std::make_shared<const std::vector<NodeWeights>>(
                    weights_for(network, parse_onnx(file), file.path)),
                .workload = {}};
  const NetworkInput input = read_network_input(data_file(folder / "images" / "chelsea_227.ppm"),
                                                network, network.preprocessing);
  pruned.workload =
      make_workload(lower(network), {.picture = input.tensor, .weights = pruned.weights});
  return pruned;
}

RunStats checked_run(const std::string& preset, const Pruned& pruned,
                     const sim::RunOptions& options) {
  sim::RunResult result = sim::run_with_data(config_files::load(preset), pruned.workload, options);
  sim::check(result, pruned.workload);
  for (const LayerStats& layer : result.stats.layers) {
    INFO(layer.name);
    CHECK(layer.check.compared > 0);
    CHECK(layer.check.passed());
  }
  return result.stats;
}

}  // namespace

TEST_CASE("Two thirds of the pruned weights are zero, and os skips them without a wrong number",
          "[data]") {
  const auto folder = testing::data_folder();
  if (!folder) return;
  const Pruned pruned = pruned_network(*folder);
  const RunStats run =
      checked_run("squeezelerator_16x16", pruned, {.dataflow = "os", .weights = pruned.weights});
  const LayerStats total = total_of(run);
  CHECK(total.sparsity.weights_counted == 1'244'448);
  // 415,921 weights are not zero in the file; int8 rounds some of them to zero.
  CHECK(total.sparsity.zero_weights >= 1'244'448 - 415'921);
  CHECK(total.sparsity.zero_weight_fraction() == Approx(0.666).margin(0.02));
  for (const LayerStats& layer : run.layers) {
    if (layer.dataflow != "os") continue;
    INFO(layer.name);
    CHECK(layer.macs_skipped == Macs(layer.sparsity.macs_zero_weight));
    CHECK(layer.sparsity.cycles_saved > 0);
    CHECK(layer.sparsity.energy_saved > Energy(0));
  }
  const RunStats again = sim::run_without_data(run.arch, pruned.workload.lowered, Precision::int8,
                                               1, {.dataflow = "os", .weights = pruned.weights});
  for (std::size_t i = 0; i < run.layers.size(); ++i) {
    CHECK(again.layers[i].cycles == run.layers[i].cycles);
    CHECK(again.layers[i].sparsity.zero_weights == run.layers[i].sparsity.zero_weights);
  }
}

TEST_CASE("Knowing the zeros, auto takes os where it is faster, and beats either dataflow",
          "[data]") {
  const auto folder = testing::data_folder();
  if (!folder) return;
  const Pruned pruned = pruned_network(*folder);
  const auto cycles = [&](const char* dataflow) {
    const RunStats run = checked_run("squeezelerator_16x16", pruned,
                                     {.dataflow = dataflow, .weights = pruned.weights});
    return total_of(run).cycles.total();
  };
  const Cycles best = cycles("auto");
  CHECK(best < cycles("os"));
  CHECK(best < cycles("ws"));
}

TEST_CASE("Eyeriss gates and codes what the picture leaves at zero", "[data]") {
  const auto folder = testing::data_folder();
  if (!folder) return;
  const Pruned pruned = pruned_network(*folder);
  const LayerStats total = total_of(checked_run("eyeriss_v1", pruned, {}));
  CHECK(total.sparsity.zero_ifmap_fraction() > 0.2);
  CHECK(total.sparsity.macs_gated == total.sparsity.macs_zero_activation);
  CHECK(total.sparsity.dram_bytes_saved > 0);
  CHECK(total.sparsity.energy_saved > Energy(0));
}

}  // namespace ridgeline
