#include "sim/papers/study.hpp"

#include <utility>
#include <vector>

#include "models/network/lowering.hpp"

namespace ridgeline::papers {

LoweredNetwork study_network(Network network, double zeros) {
  LoweredNetwork lowered = lower(std::move(network));
  for (LoweredLayer& layer : lowered.layers) {
    if (runs_on_array(layer.kind)) layer.zero_weight_fraction = zeros;
  }
  return lowered;
}

RunStats on_the_array(RunStats run) {
  std::erase_if(run.layers,
                [](const LayerStats& layer) { return layer.mapping.dataflow == nullptr; });
  return run;
}

}  // namespace ridgeline::papers
