#include "models/numeric/calibrate.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/numeric/convolution_sums.hpp"
#include "models/numeric/picture.hpp"
#include "models/numeric/random.hpp"
#include "models/numeric/reference_ops.hpp"
#include "models/numeric/tensor_store.hpp"
#include "models/numeric/weights.hpp"

namespace ridgeline {
namespace {

constexpr float kBiasDeviation = 0.1F;
constexpr double kSmallestShare = 1.0 / 16;  ///< of a variance in what surrounds it
constexpr std::size_t kFewestPositions = 8;  ///< for statistics of a channel of its own

struct Moments {
  double count = 0, sum = 0, sum_of_squares = 0;

  Moments& operator+=(const Moments& other) {
    count += other.count;
    sum += other.sum;
    sum_of_squares += other.sum_of_squares;
    return *this;
  }
  [[nodiscard]] double mean() const { return sum / count; }
  [[nodiscard]] double mean_square() const { return sum_of_squares / count; }
  [[nodiscard]] double variance() const { return std::max(0.0, mean_square() - mean() * mean()); }
};

Moments moments_of(std::span<const float> values) {
  constexpr std::size_t kLanes = 4;  // independent sums, so that one need not wait for the other
  Moments lanes[kLanes];
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = values[i];
    lanes[i % kLanes] += {1, value, value * value};
  }
  Moments total;
  for (const Moments& lane : lanes) total += lane;
  return total;
}

/// The layer's value is factor x sum + offset, channel by channel.
struct ChannelScaling {
  std::vector<double> factor, offset;
};

bool has_bias(const Network& network, const LoweredLayer& layer) {
  const Op& op = network.nodes[static_cast<std::size_t>(layer.node)].op;
  if (layer.batch_norm) return true;
  if (const auto* conv = std::get_if<ConvOp>(&op)) return conv->bias;
  return std::get<FullyConnectedOp>(op).bias;
}

ChannelScaling scaling_of(const LoweredNetwork& lowered, std::size_t index, std::uint64_t seed,
                          const reference::Sums<float>& sums) {
  const LoweredLayer& layer = lowered.layers[index];
  const auto M = static_cast<std::size_t>(layer.shape.M);
  std::vector<float> bias(M, 0.0F);
  if (has_bias(lowered.network, layer)) {
    fill_normal(sequence_key(seed, Purpose::bias, index, 0), kBiasDeviation, bias);
  }
  std::vector<Moments> channels;
  Moments whole;
  for (int m = 0; m < layer.shape.M; ++m) {
    channels.push_back(moments_of(sums.of_filter(m)));
    whole += channels.back();
  }
  double variance = std::max(whole.variance(), kSmallestShare * whole.mean_square());
  if (variance == 0) variance = 1;  // nothing but zeros
  ChannelScaling scaling{std::vector<double>(M, 1 / std::sqrt(variance)),
                         std::vector<double>(bias.begin(), bias.end())};
  if (!layer.batch_norm) return scaling;

  const Node& node = lowered.network.nodes[static_cast<std::size_t>(*layer.batch_norm)];
  const double epsilon = std::get<BatchNormOp>(node.op).epsilon;
  for (std::size_t m = 0; m < M; ++m) {
    const Moments& measured = sums.positions < kFewestPositions ? whole : channels[m];
    const double of_channel = std::max(measured.variance(), kSmallestShare * variance);
    scaling.factor[m] = 1 / std::sqrt(of_channel + epsilon);
    scaling.offset[m] -= measured.mean() * scaling.factor[m];
  }
  return scaling;
}

double largest_magnitude(std::span<const float> values) {
  float largest = 0;
  for (const float value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

/// The layer's value before a fused addition, ReLU applied if it has one.
Tensor<float> scaled_output(const LoweredLayer& layer, const reference::Sums<float>& sums,
                            const ChannelScaling& scaling) {
  Tensor<float> output(layer.output_shape);
  const std::size_t plane = sums.positions / static_cast<std::size_t>(layer.shape.N);
  float* out = output.data.data();
  for (int n = 0; n < layer.shape.N; ++n) {
    for (int m = 0; m < layer.shape.M; ++m) {
      const auto factor = static_cast<float>(scaling.factor[static_cast<std::size_t>(m)]);
      const auto offset = static_cast<float>(scaling.offset[static_cast<std::size_t>(m)]);
      for (const float sum :
           sums.of_filter(m).subspan(static_cast<std::size_t>(n) * plane, plane)) {
        const float value = factor * sum + offset;
        *out++ = layer.relu ? reference::relu(value) : value;
      }
    }
  }
  return output;
}

/// Puts the scaling where the precision has room for it: into fp32 weights, into the scales of
/// integer filters.
void store_filters(Tensor<float> raw, Precision precision, const ChannelScaling& scaling,
                   LayerCalibration& result) {
  const std::size_t M = scaling.factor.size();
  if (precision == Precision::fp32) {
    const std::size_t words = raw.data.size() / M;
    for (std::size_t i = 0; i < raw.data.size(); ++i) {
      raw.data[i] *= static_cast<float>(scaling.factor[i / words]);
    }
    result.filters = std::move(raw);
    result.filter_scales.assign(M, 1.0);
    return;
  }
  QuantizedFilters quantized = quantize_filters(raw, precision);
  result.filters = std::move(quantized.words);
  result.filter_scales = std::move(quantized.scales);
  for (std::size_t m = 0; m < M; ++m) result.filter_scales[m] *= scaling.factor[m];
}

Tensor<float> calibrate_on_array(const LoweredNetwork& lowered, std::size_t index,
                                 Precision precision, std::uint64_t seed,
                                 const Tensor<float>& input, const Tensor<float>* residual,
                                 LayerCalibration& result) {
  const LoweredLayer& layer = lowered.layers[index];
  Tensor<float> raw = raw_filters(lowered, index, seed);
  const auto sums = reference::convolution_sums<float>(layer.shape, input.data, raw.data);
  const ChannelScaling scaling = scaling_of(lowered, index, seed, sums);
  result.bias = scaling.offset;
  store_filters(std::move(raw), precision, scaling, result);
  Tensor<float> output = scaled_output(layer, sums, scaling);
  if (residual != nullptr) {
    result.largest_before_add = largest_magnitude(output.data);
    for (std::size_t i = 0; i < output.data.size(); ++i) {
      const float sum = output.data[i] + residual->data[i];
      output.data[i] = layer.relu_after_add ? reference::relu(sum) : sum;
    }
  }
  return output;
}

}  // namespace

Calibration calibrate(const LoweredNetwork& lowered, Precision precision, std::uint64_t seed) {
  Calibration calibration;
  calibration.picture = make_picture(lowered.network.input(), seed);
  calibration.layers.resize(lowered.layers.size());
  TensorStore tensors(lowered, Precision::fp32);
  tensors.put(0, calibration.picture);
  for (std::size_t i = 0; i < lowered.layers.size(); ++i) {
    const LoweredLayer& layer = lowered.layers[i];
    const auto& input = std::get<Tensor<float>>(tensors.get(layer.input));
    const auto* residual =
        layer.residual ? &std::get<Tensor<float>>(tensors.get(*layer.residual)) : nullptr;
    if (runs_on_array(layer.kind)) {
      tensors.put(layer.output, calibrate_on_array(lowered, i, precision, seed, input, residual,
                                                   calibration.layers[i]));
    } else {
      const Op& op = lowered.network.nodes[static_cast<std::size_t>(layer.node)].op;
      tensors.put(layer.output, reference::run({op, layer, LayerParameters{}}, input, residual));
    }
  }
  for (const AnyTensor& tensor : std::move(tensors).take()) {
    calibration.largest.push_back(largest_magnitude(std::get<Tensor<float>>(tensor).data));
  }
  return calibration;
}

}  // namespace ridgeline
