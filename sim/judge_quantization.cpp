#include "models/network/layer_names.hpp"
#include "models/numeric/quantization_error.hpp"
#include "sim/run.hpp"

namespace ridgeline::sim {

void judge_quantization(RunResult& result, const Workload& workload) {
  const auto& layers = workload.lowered.layers;
  QuantizationError output;
  for (LayerStats& stats : result.stats.layers) {
    const std::size_t index = layer_index(workload.lowered, stats.name);
    const AnyTensor& words = result.tensors[static_cast<std::size_t>(layers[index].output)];
    stats.quantization = layer_quantization(workload, index, words);
    if (writes_output(workload.lowered, index)) output += stats.quantization->error;
  }
  RunQuantization& run = result.stats.quantization.emplace();
  run.options = workload.calibration;
  run.inputs = workload.calibration_inputs;
  if (result.stats.layers.size() == layers.size()) run.output = output;
}

}  // namespace ridgeline::sim
