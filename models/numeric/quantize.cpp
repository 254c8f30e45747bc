#include "models/numeric/quantize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>

#include "models/base/error.hpp"
#include "models/network/layer_precision.hpp"
#include "models/numeric/clamp.hpp"
#include "models/numeric/fixed_words.hpp"
#include "models/numeric/lrn_softmax.hpp"

namespace ridgeline {
namespace {

double largest_word(Precision precision) {
  return static_cast<double>(precision == Precision::int8 ? kWordMax<std::int8_t>
                                                          : kWordMax<std::int16_t>);
}

/// The largest magnitude of a word less its zero point.
double largest_operand(const Quantization& q, Precision precision) {
  const double highest = largest_word(precision), lowest = -highest - (q.whole_range ? 1 : 0);
  return std::max(highest - q.zero_point, q.zero_point - lowest);
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

/// What the products of one filter can add up to, whatever the ifmap.
double largest_sum(const ConvShape& shape, Precision precision, const Quantization& input,
                   std::optional<std::int32_t> filter_zero) {
  const Quantization filter{.zero_point = filter_zero.value_or(0),
                            .whole_range = filter_zero.has_value()};
  const auto taps = static_cast<double>(shape.filter_elements() / shape.M);
  return taps * largest_operand(input, precision) * largest_operand(filter, precision);
}

/// The bias in units of the accumulator.
std::int64_t quantize_bias(const LoweredNetwork& lowered, const LoweredLayer& layer,
                           Precision precision, double bias, double sum) {
  if (sum + std::abs(bias) + 1 >= std::ldexp(1.0, accumulator_bits(precision))) {
    refuse(lowered, layer,
           fmt::format("its accumulator could overflow: {} products and a bias of {:.0f} reach "
                       "{:.4g}",
                       layer.shape.filter_elements() / layer.shape.M, bias, sum + std::abs(bias)),
           precision);
  }
  return round_half_up(bias);
}

/// Gives the words of filter m another unit; they are rounded again.
void widen_unit(const ConvShape& shape, std::size_t m, double unit, LayerCalibration& calibration) {
  const auto taps = static_cast<std::size_t>(shape.filter_elements() / shape.M);
  double& scale = calibration.filter_scales[m];
  const double ratio = scale / unit;
  std::visit(
      [&]<class T>(Tensor<T>& filters) {
        for (T& w : std::span(filters.data).subspan(m * taps, taps))
          w = static_cast<T>(round_half_up(static_cast<double>(w) * ratio));
      },
      calibration.filters);
  scale = unit;
}

/// Widens the unit of filters whose bias would be too many of it: channels that hardly depend on
/// the input, as trained networks have. Filters with a common unit get a common one again.
void make_room_for_biases(const ConvShape& shape, Precision precision, const Quantization& input,
                          WeightScales scales, LayerCalibration& calibration) {
  const double room =
      std::ldexp(1.0, accumulator_bits(precision)) - largest_sum(shape, precision, input, {}) - 2;
  if (room < 1) return;
  std::vector<double> needed;
  for (const double bias : calibration.bias)
    needed.push_back(2 * std::abs(bias) / room / input.scale);
  if (scales == WeightScales::tensor) {
    double most = 0;
    for (std::size_t m = 0; m < needed.size(); ++m)
      if (calibration.filter_scales[m] > 0) most = std::max(most, needed[m]);
    std::ranges::fill(needed, most);
  }
  for (std::size_t m = 0; m < needed.size(); ++m) {
    const double scale = calibration.filter_scales[m];
    if (scale > 0 && scale < needed[m]) widen_unit(shape, m, needed[m], calibration);
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
                                           Precision precision, const Quantization& input,
                                           const Quantization& value,
                                           const LayerCalibration& calibration) {
  std::vector<ChannelRecord> records(calibration.bias.size());
  for (std::size_t m = 0; m < records.size(); ++m) {
    if (precision == Precision::fp32) {
      records[m].bias_fp32 = static_cast<float>(calibration.bias[m]);
      continue;
    }
    // A filter of zeros has no unit of its own; its channel is its bias.
    const double filter_scale = calibration.filter_scales[m];
    const double unit = filter_scale > 0 ? input.scale * filter_scale : value.scale;
    std::optional<std::int32_t> filter_zero;
    if (!calibration.filter_zeros.empty()) filter_zero = calibration.filter_zeros[m];
    records[m].bias = quantize_bias(lowered, layer, precision, calibration.bias[m] / unit,
                                    largest_sum(layer.shape, precision, input, filter_zero));
    records[m].factor =
        to_fixed_point(checked_factor(lowered, layer, precision, unit / value.scale));
  }
  return records;
}

/// Whether the layer only selects among its input's words.
bool keeps_words(LayerKind kind) {
  return kind == LayerKind::max_pool || kind == LayerKind::copy;
}

}  // namespace

Quantization quantization_of(ValueRange range, Precision precision, bool asymmetric) {
  const double lowest = std::min(0.0, range.lowest), highest = std::max(0.0, range.highest);
  if (!asymmetric || precision != Precision::int8) {
    const double largest = std::max(-lowest, highest);
    return {.scale = (largest > 0 ? largest : 1) / largest_word(precision)};
  }
  const double span = highest - lowest;
  const double scale = (span > 0 ? span : 1) / 255;
  const double zero = std::clamp(-128 - lowest / scale, -128.0, 127.0);
  return {.scale = scale,
          .zero_point = static_cast<std::int32_t>(round_half_up(zero)),
          .whole_range = true};
}

std::vector<Quantization> tensor_quantizations(const LoweredNetwork& lowered,
                                               const WorkloadRequest& request,
                                               const std::vector<ValueRange>& ranges) {
  std::vector<Quantization> all(lowered.tensors.size());
  if (request.precision == Precision::fp32) return all;
  const bool asymmetric = request.calibration.asymmetric;
  const auto owner_of = [&](TensorId id) {
    return static_cast<std::size_t>(lowered.tensors[static_cast<std::size_t>(id)].storage);
  };
  const auto words_of = [&](std::size_t id) {
    return tensor_precision(lowered, static_cast<TensorId>(id), request.precision);
  };
  const auto fixed_of = [&](std::size_t id) {
    return fixed_quantization(request, lowered.tensors[id].node, words_of(id));
  };
  for (std::size_t id = 0; id < all.size(); ++id)
    all[id] = fixed_of(id).value_or(quantization_of(ranges[id], words_of(id), asymmetric));
  for (const LoweredLayer& layer : lowered.layers) {
    const auto output = static_cast<std::size_t>(layer.output);
    if (owner_of(layer.output) != output || fixed_of(output)) continue;
    const auto input = owner_of(layer.input);
    if (keeps_words(layer.kind) && words_of(input) == words_of(output)) all[output] = all[input];
    if (layer.kind == LayerKind::softmax)
      all[output] = quantization_of({0, 1}, words_of(output), asymmetric);
  }
  for (std::size_t id = 0; id < all.size(); ++id) {
    all[id] = all[owner_of(static_cast<TensorId>(id))];
  }
  return all;
}

LayerParameters layer_parameters(const LoweredNetwork& lowered, std::size_t index,
                                 const WorkloadRequest& request,
                                 const std::vector<Quantization>& quantizations,
                                 LayerCalibration calibration) {
  const LoweredLayer& layer = lowered.layers[index];
  const LayerPrecision precision = layer_precision(lowered, layer, request.precision);
  const bool integers = precision != Precision::fp32;
  LayerParameters parameters{.input = quantizations[static_cast<std::size_t>(layer.input)],
                             .output = quantizations[static_cast<std::size_t>(layer.output)],
                             .int8_output = precision.output == Precision::int8};
  const Quantization &input = parameters.input, &output = parameters.output;
  if (integers && !runs_on_array(layer.kind))
    (void)checked_factor(lowered, layer, precision, parameters.rescale());
  parameters.value = input;  // what an addition adds the residual to
  if (runs_on_array(layer.kind)) {
    parameters.value = output;
    if (layer.residual && integers)
      parameters.value = fixed_quantization(request, layer.pre_add_node, precision.output)
                             .value_or(quantization_of(calibration.before_add, precision.output,
                                                       request.calibration.asymmetric));
    put_fixed_filters(lowered, index, request, input, calibration);
    if (integers && calibration.filter_zeros.empty())
      make_room_for_biases(layer.shape, precision, input, request.calibration.weight_scales,
                           calibration);
    parameters.channels =
        channel_records(lowered, layer, precision, input, parameters.value, calibration);
    parameters.filters = std::move(calibration.filters);
    parameters.filter_zeros = std::move(calibration.filter_zeros);
    if (integers) parameters.filter_scales = std::move(calibration.filter_scales);
  }
  if (layer.residual && integers) {
    parameters.residual = quantizations[static_cast<std::size_t>(*layer.residual)];
    parameters.add = to_fixed_point_pair(
        checked_factor(lowered, layer, precision, parameters.value.scale / output.scale),
        checked_factor(lowered, layer, precision, parameters.residual.scale / output.scale));
  }
  return parameters;
}

AnyTensor quantize_tensor(Tensor<float> real, Precision precision,
                          const Quantization& quantization) {
  if (precision == Precision::fp32) return real;
  AnyTensor tensor = make_tensor(precision, real.shape);
  std::visit(
      [&]<class T>(Tensor<T>& words) {
        if constexpr (!std::is_same_v<T, float>) {
          const WordBounds<T> bounds = word_bounds<T>(false, {}, quantization);
          for (std::size_t i = 0; i < real.data.size(); ++i) {
            words.data[i] = bounds.narrow(round_half_up(real.data[i] / quantization.scale) +
                                          quantization.zero_point);
          }
        }
      },
      tensor);
  return tensor;
}

}  // namespace ridgeline
