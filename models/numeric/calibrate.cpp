#include "models/numeric/calibrate.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/base/error.hpp"
#include "models/numeric/clamp.hpp"
#include "models/numeric/convolution_sums.hpp"
#include "models/numeric/picture.hpp"
#include "models/numeric/random.hpp"
#include "models/numeric/reference_ops.hpp"
#include "models/numeric/tensor_store.hpp"
#include "models/numeric/trained_weights.hpp"
#include "models/numeric/weights.hpp"

namespace ridgeline {
namespace {

constexpr float kBiasDeviation = 0.1F;
constexpr double kSmallestShare = 1.0 / 16;  ///< of the variance in the mean square

struct Moments {
  double count = 0, sum = 0, sum_of_squares = 0;

  /// Four sums side by side, so that one addition need not wait for the one before.
  void add(std::span<const float> values) {
    constexpr std::size_t kLanes = 4;
    double sums[kLanes]{}, squares[kLanes]{};
    std::size_t i = 0;
    for (; i + kLanes <= values.size(); i += kLanes) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const double value = values[i + lane];
        sums[lane] += value;
        squares[lane] += value * value;
      }
    }
    for (; i < values.size(); ++i) {
      sums[0] += values[i];
      squares[0] += static_cast<double>(values[i]) * values[i];
    }
    count += static_cast<double>(values.size());
    for (const double part : sums) sum += part;
    for (const double part : squares) sum_of_squares += part;
  }
  [[nodiscard]] double mean() const { return sum / count; }
  [[nodiscard]] double mean_square() const { return sum_of_squares / count; }
  [[nodiscard]] double variance() const { return std::max(0.0, mean_square() - mean() * mean()); }
};

/// The sums of a layer, made block by block of its filters.
struct LayerSums {
  std::vector<Range> blocks;
  std::vector<reference::Sums<float>> of_block;

  [[nodiscard]] std::span<const float> of_filter(int m) const {
    const int block = m / blocks.front().size();
    const auto i = static_cast<std::size_t>(block);
    return of_block[i].of_filter(m - blocks[i].begin);
  }
};

bool has_bias(const Network& network, const LoweredLayer& layer) {
  return layer.batch_norm ||
         ridgeline::has_bias(network.nodes[static_cast<std::size_t>(layer.node)].op);
}

/// gamma: uniform over a range of one to three, its mean square one.
std::vector<double> make_gammas(std::size_t count, std::uint64_t key) {
  SplitMix64 random(key);
  std::vector<double> gammas(count);
  for (double& gamma : gammas) gamma = (0.5 + random.uniform()) / std::sqrt(13.0 / 12);
  return gammas;
}

ChannelScaling scaling_of(const LoweredNetwork& lowered, std::size_t index, std::uint64_t seed,
                          const LayerSums& sums) {
  const LoweredLayer& layer = lowered.layers[index];
  const auto M = static_cast<std::size_t>(layer.shape.M);
  std::vector<float> bias(M, 0.0F);
  if (has_bias(lowered.network, layer)) {
    fill_normal(sequence_key(seed, Purpose::bias, index, 0), kBiasDeviation, bias);
  }
  Moments measured;
  for (int m = 0; m < layer.shape.M; ++m) measured.add(sums.of_filter(m));
  double variance = std::max(measured.variance(), kSmallestShare * measured.mean_square());
  if (variance == 0) variance = 1;  // nothing but zeros
  ChannelScaling scaling{std::vector<double>(M, 1 / std::sqrt(variance)),
                         std::vector<double>(bias.begin(), bias.end())};
  if (!layer.batch_norm) return scaling;

  const Node& node = lowered.network.nodes[static_cast<std::size_t>(*layer.batch_norm)];
  const double epsilon = std::get<BatchNormOp>(node.op).epsilon;
  scaling.factor = make_gammas(M, sequence_key(seed, Purpose::gamma, index, 0));
  for (std::size_t m = 0; m < M; ++m) {
    scaling.factor[m] /= std::sqrt(variance + epsilon);
    scaling.offset[m] -= measured.mean() * scaling.factor[m];
  }
  return scaling;
}

/// The layer's value before a fused addition, ReLU applied if it has one.
Tensor<float> scaled_output(const LoweredLayer& layer, const LayerSums& sums,
                            const ChannelScaling& scaling) {
  Tensor<float> output(layer.output_shape);
  const std::size_t plane =
      sums.of_block.front().positions / static_cast<std::size_t>(layer.shape.N);
  const auto bounds = own_bounds<float>(layer, {});
  float* out = output.data.data();
  for (int n = 0; n < layer.shape.N; ++n) {
    for (int m = 0; m < layer.shape.M; ++m) {
      const auto factor = static_cast<float>(scaling.factor[static_cast<std::size_t>(m)]);
      const auto offset = static_cast<float>(scaling.offset[static_cast<std::size_t>(m)]);
      for (const float sum :
           sums.of_filter(m).subspan(static_cast<std::size_t>(n) * plane, plane)) {
        const float value = factor * sum + offset;
        *out++ = bounds(value);
      }
    }
  }
  return output;
}

/// Puts the scaling where the precision has room for it: into fp32 weights, into the scales of
/// integer filters.
void apply_scaling(const ChannelScaling& scaling, LayerCalibration& result) {
  result.bias = scaling.offset;
  const std::size_t M = scaling.factor.size();
  if (auto* filters = std::get_if<Tensor<float>>(&result.filters)) {
    const std::size_t words = filters->data.size() / M;
    for (std::size_t m = 0; m < M; ++m) {
      const auto factor = static_cast<float>(scaling.factor[m]);
      for (float& weight : std::span(filters->data).subspan(m * words, words)) weight *= factor;
    }
  } else {
    for (std::size_t m = 0; m < M; ++m) result.filter_scales[m] *= scaling.factor[m];
  }
}

ValueRange range_of(std::span<const float> values, const CalibrationOptions& options) {
  const double largest = largest_magnitude(values);
  if (!options.asymmetric || !std::isfinite(largest)) return {-largest, largest};
  float lowest = 0, highest = 0;
  for (const float value : values) {
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
  }
  return {lowest, highest};
}

/// Makes the layer's filters and convolves with their raw weights.
LayerSums make_and_convolve(const LoweredNetwork& lowered, std::size_t index,
                            const WorkloadRequest& request, const Tensor<float>& input,
                            LayerCalibration& result) {
  const ConvShape& shape = lowered.layers[index].shape;
  LayerSums sums{.blocks = filter_blocks(shape), .of_block = {}};
  result.filters = make_filter_tensor(shape, request.precision);
  for (const Range block : sums.blocks) {
    const Tensor<float> raw = raw_filters(lowered, index, request, block);
    store_filters(raw, block.begin, result.filters, result.filter_scales);
    ConvShape part = shape;
    part.M = block.size();
    sums.of_block.push_back(reference::convolution_sums<float>(part, input.data, raw.data));
  }
  return sums;
}

Tensor<float> calibrate_on_array(const LoweredNetwork& lowered, std::size_t index,
                                 const WorkloadRequest& request, const Tensor<float>& input,
                                 const Tensor<float>* residual, LayerCalibration& result) {
  const LoweredLayer& layer = lowered.layers[index];
  const LayerSums sums = make_and_convolve(lowered, index, request, input, result);
  const ChannelScaling scaling = request.weights ? trained_scaling(lowered, index, *request.weights)
                                                 : scaling_of(lowered, index, request.seed, sums);
  apply_scaling(scaling, result);
  Tensor<float> output = scaled_output(layer, sums, scaling);
  if (residual != nullptr) {
    result.before_add = range_of(output.data, request.calibration);
    const auto bounds = sum_bounds<float>(layer, {});
    for (std::size_t i = 0; i < output.data.size(); ++i) {
      output.data[i] = bounds(output.data[i] + residual->data[i]);
    }
  }
  return output;
}

[[noreturn]] void refuse_values(const LoweredNetwork& lowered, TensorId id) {
  throw InputError({.file = lowered.network.name,
                    .place = lowered.tensors[static_cast<std::size_t>(id)].name,
                    .what = "its values are beyond float32 with these weights and this input",
                    .allowed = "finite values"});
}

}  // namespace

Calibration calibrate(const LoweredNetwork& lowered, const WorkloadRequest& request) {
  Calibration calibration{.picture = request.picture
                                         ? *request.picture
                                         : make_picture(lowered.network.input(), request.seed),
                          .ranges = std::vector<ValueRange>(lowered.tensors.size()),
                          .layers = std::vector<LayerCalibration>(lowered.layers.size())};
  TensorStore tensors(lowered, Precision::fp32);
  const auto put = [&](TensorId id, Tensor<float> tensor) {
    const TensorId owner = lowered.tensors[static_cast<std::size_t>(id)].storage;
    const ValueRange seen = range_of(tensor.data, request.calibration);
    if (!std::isfinite(seen.lowest) || !std::isfinite(seen.highest)) refuse_values(lowered, id);
    ValueRange& range = calibration.ranges[static_cast<std::size_t>(owner)];
    range = {std::min(range.lowest, seen.lowest), std::max(range.highest, seen.highest)};
    tensors.put(id, std::move(tensor));
  };
  put(0, calibration.picture);
  for (std::size_t i = 0; i < lowered.layers.size(); ++i) {
    const LoweredLayer& layer = lowered.layers[i];
    const auto& input = std::get<Tensor<float>>(tensors.get(layer.input));
    const auto* residual =
        layer.residual ? &std::get<Tensor<float>>(tensors.get(*layer.residual)) : nullptr;
    if (runs_on_array(layer.kind)) {
      put(layer.output,
          calibrate_on_array(lowered, i, request, input, residual, calibration.layers[i]));
    } else {
      const Op& op = lowered.network.nodes[static_cast<std::size_t>(layer.node)].op;
      put(layer.output, reference::run({op, layer, LayerParameters{}}, input, residual));
    }
    tensors.drop_unread_after(i);
  }
  return calibration;
}

}  // namespace ridgeline
