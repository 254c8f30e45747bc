#include "models/numeric/quantize.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cmath>

#include "models/base/error.hpp"
#include "models/numeric/lrn_softmax.hpp"

namespace ridgeline {
namespace {

double largest_word(Precision precision) {
  return static_cast<double>(precision == Precision::int8 ? kWordMax<std::int8_t>
                                                          : kWordMax<std::int16_t>);
}

double scale_for(double largest, Precision precision) {
  return (largest > 0 ? largest : 1) / largest_word(precision);
}

/// Sums of int8 products stay in 32 bits and those of int16 in 64, with a spare bit in the latter.
int accumulator_bits(Precision precision) {
  return precision == Precision::int8 ? 31 : 62;
}

[[noreturn]] void refuse(const LoweredNetwork& lowered, const LoweredLayer& layer, std::string what,
                         Precision precision) {
  throw InputError({.file = lowered.network.name,
                    .place = layer.name,
                    .what = std::move(what),
                    .allowed = fmt::format("sums below 2^{} in {}", accumulator_bits(precision),
                                           precision_name(precision)),
                    .nearest = {}});
}

/// The bias in units of the accumulator.
std::int64_t quantize_bias(const LoweredNetwork& lowered, const LoweredLayer& layer,
                           Precision precision, double bias) {
  const double word = largest_word(precision);
  const double taps = static_cast<double>(layer.shape.filter_elements() / layer.shape.M);
  const double limit = std::ldexp(1.0, accumulator_bits(precision));
  const double largest_sum = taps * word * word;
  if (largest_sum + std::abs(bias) + 1 >= limit) {
    refuse(lowered, layer,
           fmt::format("its accumulator could overflow: {:.0f} products and a bias of {:.0f} reach "
                       "{:.4g}",
                       taps, bias, largest_sum + std::abs(bias)),
           precision);
  }
  return round_half_up(bias);
}

/// Widens the unit of filters whose bias would be too many of it: channels that hardly depend on
/// the input, as trained networks have. The words are rounded again.
void make_room_for_biases(const ConvShape& shape, Precision precision, double input_scale,
                          LayerCalibration& calibration) {
  const double word = largest_word(precision);
  const auto taps = static_cast<std::size_t>(shape.filter_elements() / shape.M);
  const double room =
      std::ldexp(1.0, accumulator_bits(precision)) - static_cast<double>(taps) * word * word - 2;
  if (room < 1) return;
  for (std::size_t m = 0; m < calibration.bias.size(); ++m) {
    const double needed = 2 * std::abs(calibration.bias[m]) / room / input_scale;
    double& scale = calibration.filter_scales[m];
    if (scale == 0 || scale >= needed) continue;
    const double ratio = scale / needed;
    std::visit(
        [&]<class T>(Tensor<T>& filters) {
          for (T& w : std::span(filters.data).subspan(m * taps, taps))
            w = static_cast<T>(round_half_up(static_cast<double>(w) * ratio));
        },
        calibration.filters);
    scale = needed;
  }
}

/// A factor that fixed-point numbers can hold.
double checked_factor(const LoweredNetwork& lowered, const LoweredLayer& layer, Precision precision,
                      double factor) {
  constexpr double kLimit = 0x1p22;
  if (factor < kLimit) return factor;
  throw InputError(
      {.file = lowered.network.name,
       .place = layer.name,
       .what = fmt::format("its output is {:.3g} times smaller than what it is made of", factor),
       .allowed = fmt::format("less than {} in {}", kLimit, precision_name(precision))});
}

std::vector<ChannelRecord> channel_records(const LoweredNetwork& lowered, const LoweredLayer& layer,
                                           Precision precision, double input_scale,
                                           double value_scale,
                                           const LayerCalibration& calibration) {
  std::vector<ChannelRecord> records(calibration.bias.size());
  for (std::size_t m = 0; m < records.size(); ++m) {
    if (precision == Precision::fp32) {
      records[m].bias_fp32 = static_cast<float>(calibration.bias[m]);
      continue;
    }
    // A filter of zeros has no unit of its own; its channel is its bias.
    const double filter_scale = calibration.filter_scales[m];
    const double unit = filter_scale > 0 ? input_scale * filter_scale : value_scale;
    records[m].bias = quantize_bias(lowered, layer, precision, calibration.bias[m] / unit);
    records[m].factor =
        to_fixed_point(checked_factor(lowered, layer, precision, unit / value_scale));
  }
  return records;
}

/// Whether the layer only selects among its input's words.
bool keeps_words(LayerKind kind) {
  return kind == LayerKind::max_pool || kind == LayerKind::copy;
}

}  // namespace

std::vector<double> tensor_scales(const LoweredNetwork& lowered, Precision precision,
                                  const std::vector<double>& largest) {
  std::vector<double> scales(lowered.tensors.size(), 1.0);
  if (precision == Precision::fp32) return scales;
  const auto owner_of = [&](TensorId id) {
    return static_cast<std::size_t>(lowered.tensors[static_cast<std::size_t>(id)].storage);
  };
  for (std::size_t id = 0; id < scales.size(); ++id) scales[id] = scale_for(largest[id], precision);
  for (const LoweredLayer& layer : lowered.layers) {
    const auto output = static_cast<std::size_t>(layer.output);
    if (owner_of(layer.output) != output) continue;
    if (keeps_words(layer.kind)) scales[output] = scales[owner_of(layer.input)];
    if (layer.kind == LayerKind::softmax) scales[output] = 1 / largest_word(precision);
  }
  for (std::size_t id = 0; id < scales.size(); ++id) {
    scales[id] = scales[owner_of(static_cast<TensorId>(id))];
  }
  return scales;
}

LayerParameters layer_parameters(const LoweredNetwork& lowered, std::size_t index,
                                 Precision precision, const std::vector<double>& scales,
                                 LayerCalibration calibration) {
  const LoweredLayer& layer = lowered.layers[index];
  const double input = scales[static_cast<std::size_t>(layer.input)];
  const double output = scales[static_cast<std::size_t>(layer.output)];
  const bool integers = precision != Precision::fp32;
  LayerParameters parameters{.filters = {},
                             .channels = {},
                             .add = {},
                             .rescale = input / output,
                             .input_scale = input,
                             .output_scale = output};
  if (integers && !runs_on_array(layer.kind))
    (void)checked_factor(lowered, layer, precision, parameters.rescale);
  double value = input;  // the scale of what an addition adds the residual to
  if (runs_on_array(layer.kind)) {
    value = output;
    if (layer.residual && integers) value = scale_for(calibration.largest_before_add, precision);
    parameters.value_scale = value;
    if (integers) make_room_for_biases(layer.shape, precision, input, calibration);
    parameters.channels = channel_records(lowered, layer, precision, input, value, calibration);
    parameters.filters = std::move(calibration.filters);
  }
  if (layer.residual && integers) {
    const double residual = scales[static_cast<std::size_t>(*layer.residual)];
    parameters.add =
        to_fixed_point_pair(checked_factor(lowered, layer, precision, value / output),
                            checked_factor(lowered, layer, precision, residual / output));
  }
  return parameters;
}

AnyTensor quantize_tensor(Tensor<float> real, Precision precision, double scale) {
  if (precision == Precision::fp32) return real;
  AnyTensor tensor = make_tensor(precision, real.shape);
  std::visit(
      [&]<class T>(Tensor<T>& words) {
        if constexpr (!std::is_same_v<T, float>) {
          for (std::size_t i = 0; i < real.data.size(); ++i) {
            words.data[i] = clamp_to_word<T>(round_half_up(real.data[i] / scale));
          }
        }
      },
      tensor);
  return tensor;
}

}  // namespace ridgeline
