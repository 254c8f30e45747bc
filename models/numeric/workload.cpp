#include "models/numeric/workload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/base/error.hpp"
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

/// Later sums and variances must neither overflow nor vanish.
void check_picture(const Tensor<float>& picture, const Network& network) {
  const auto refuse = [&](std::string what, std::string allowed) {
    throw InputError({.file = network.name,
                      .place = network.nodes.front().name,
                      .what = std::move(what),
                      .allowed = std::move(allowed)});
  };
  if (picture.shape != network.input())
    refuse("the picture given has the shape " + extents_text(picture.shape),
           extents_text(network.input()) + ", the shape of the network's input");
  if (!std::ranges::all_of(picture.data, [](float x) { return std::isfinite(x); }))
    refuse("the picture given holds a value that is not finite", "finite numbers");
  const float largest = largest_magnitude(picture.data);
  if (largest > kLargestMagnitude || (largest > 0 && largest < kSmallestMagnitude))
    refuse(fmt::format("the largest magnitude in the picture given is {:g}", largest),
           fmt::format("0, or {:g} to {:g}", kSmallestMagnitude, kLargestMagnitude));
}

}  // namespace

Workload make_workload(LoweredNetwork lowered, WorkloadRequest request) {
  Workload workload;
  workload.lowered = std::move(lowered);
  workload.precision = request.precision;
  workload.seed = request.seed;
  assert(!request.weights || request.weights->size() == workload.lowered.network.nodes.size());
  const bool given = request.picture.has_value();
  if (given) check_picture(*request.picture, workload.lowered.network);
  const char* const picture = given ? "the given picture" : "a seeded smooth picture";
  workload.weights_note =
      request.weights && has_fixed_words(request)
          ? fmt::format(
                "the given file's own words, scales and zero points; ranges of activations "
                "that it leaves open are those of {}",
                picture)
      : request.weights
          ? fmt::format("trained, from the given file; ranges of activations are those of {}",
                        picture)
          : fmt::format(
                "He-normal weights from seed {} ({} equally likely quantiles), each layer "
                "scaled to unit variance on {}, BatchNorm statistics measured on it; not "
                "trained",
                request.seed, kNormalLevels, picture);
  Calibration calibration = calibrate(workload.lowered, request);
  workload.quantizations = tensor_quantizations(workload.lowered, request, calibration.ranges);
  workload.input = quantize_tensor(std::move(calibration.picture), request.precision,
                                   workload.quantizations.front());
  for (std::size_t i = 0; i < workload.lowered.layers.size(); ++i) {
    workload.layers.push_back(layer_parameters(workload.lowered, i, request, workload.quantizations,
                                               std::move(calibration.layers[i])));
  }
  return workload;
}

}  // namespace ridgeline
