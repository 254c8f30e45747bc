#include "models/numeric/workload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/base/error.hpp"
#include "models/network/layer_precision.hpp"
#include "models/numeric/calibrate.hpp"
#include "models/numeric/fixed_words.hpp"
#include "models/numeric/quantize.hpp"
#include "models/numeric/random.hpp"
#include "models/numeric/weights.hpp"

namespace ridgeline {

FixedPoint average_factor(const LayerParameters& layer, int count) {
  return to_fixed_point(layer.rescale() / count);
}

namespace {

constexpr float kLargestMagnitude = 1e9F, kSmallestMagnitude = 1e-9F;

/// Later sums and variances must neither overflow nor vanish. `which` is what messages call it.
void check_picture(const Tensor<float>& picture, const std::string& which, const Network& network) {
  const auto refuse = [&](std::string what, std::string allowed) {
    throw InputError({.file = network.name,
                      .place = network.nodes.front().name,
                      .what = std::move(what),
                      .allowed = std::move(allowed)});
  };
  if (picture.shape != network.input())
    refuse(which + " has the shape " + extents_text(picture.shape),
           extents_text(network.input()) + ", the shape of the network's input");
  if (!std::ranges::all_of(picture.data, [](float x) { return std::isfinite(x); }))
    refuse(which + " holds a value that is not finite", "finite numbers");
  const float largest = largest_magnitude(picture.data);
  if (largest > kLargestMagnitude || (largest > 0 && largest < kSmallestMagnitude))
    refuse(fmt::format("the largest magnitude in {} is {:g}", which, largest),
           fmt::format("0, or {:g} to {:g}", kSmallestMagnitude, kLargestMagnitude));
}

std::string weights_note_of(const LoweredNetwork& lowered, const WorkloadRequest& request) {
  const char* const picture = request.picture ? "the given picture" : "a seeded smooth picture";
  const bool fixed = has_fixed_words(lowered, request);
  std::string note =
      fixed && has_words(lowered, Precision::int16, request.precision)
          ? "the given file's own words, scales and zero points for int8 words, and what they "
            "stand "
            "for as int16 ones"
      : fixed ? "the given file's own words, scales and zero points"
      : request.weights
          ? "trained, from the given file"
          : fmt::format(
                "He-normal weights from seed {} ({} equally likely quantiles), each layer "
                "scaled to unit variance on {}, BatchNorm statistics measured on it; not "
                "trained",
                request.seed, kNormalLevels, picture);
  const std::size_t inputs = request.calibration_inputs.size();
  const char* const open = fixed ? " that it leaves open" : "";
  if (inputs > 0) {
    note += fmt::format("; ranges of activations{} are those of {} given input{}", open, inputs,
                        inputs == 1 ? "" : "s");
  } else if (request.weights) {
    note += fmt::format("; ranges of activations{} are those of {}", open, picture);
  }
  return note;
}

}  // namespace

Workload make_workload(LoweredNetwork lowered, WorkloadRequest request) {
  Workload workload;
  workload.lowered = std::move(lowered);
  workload.precision = request.precision;
  workload.seed = request.seed;
  assert(!request.weights || request.weights->size() == workload.lowered.network.nodes.size());
  if (request.picture)
    check_picture(*request.picture, "the picture given", workload.lowered.network);
  for (const Tensor<float>& input : request.calibration_inputs)
    check_picture(input, "an input to calibrate on", workload.lowered.network);
  workload.weights_note = weights_note_of(workload.lowered, request);
  workload.calibration = request.calibration;
  workload.calibration_inputs = static_cast<std::int64_t>(request.calibration_inputs.size());
  Calibration calibration = calibrate(workload.lowered, request);
  workload.quantizations = tensor_quantizations(workload.lowered, request, calibration.ranges);
  workload.input = quantize_tensor(std::move(calibration.picture),
                                   tensor_precision(workload.lowered, 0, request.precision),
                                   workload.quantizations.front());
  for (std::size_t i = 0; i < workload.lowered.layers.size(); ++i) {
    workload.layers.push_back(layer_parameters(workload.lowered, i, request, workload.quantizations,
                                               std::move(calibration.layers[i])));
  }
  workload.real_outputs = std::move(calibration.real_outputs);
  return workload;
}

}  // namespace ridgeline
