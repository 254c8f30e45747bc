#include "models/numeric/workload.hpp"

#include <fmt/format.h>

#include "models/numeric/calibrate.hpp"
#include "models/numeric/quantize.hpp"
#include "models/numeric/random.hpp"

namespace ridgeline {

FixedPoint average_factor(const LayerParameters& layer, int count) {
  return to_fixed_point(layer.rescale / count);
}

Workload make_workload(LoweredNetwork lowered, Precision precision, std::uint64_t seed) {
  Workload workload;
  workload.lowered = std::move(lowered);
  workload.precision = precision;
  workload.seed = seed;
  workload.weights_note = fmt::format(
      "He-normal weights from seed {} ({} equally likely quantiles), each layer scaled to unit "
      "variance on a seeded smooth picture, BatchNorm statistics measured on it; not trained",
      seed, kNormalLevels);
  Calibration calibration = calibrate(workload.lowered, precision, seed);
  workload.scales = tensor_scales(workload.lowered, precision, calibration.largest);
  workload.input =
      quantize_tensor(std::move(calibration.picture), precision, workload.scales.front());
  for (std::size_t i = 0; i < workload.lowered.layers.size(); ++i) {
    workload.layers.push_back(layer_parameters(workload.lowered, i, precision, workload.scales,
                                               std::move(calibration.layers[i])));
  }
  return workload;
}

}  // namespace ridgeline
