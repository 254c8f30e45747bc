#include "models/numeric/calibrate.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/base/error.hpp"
#include "models/network/layer_precision.hpp"
#include "models/numeric/clamp.hpp"
#include "models/numeric/convolution_sums.hpp"
#include "models/numeric/picture.hpp"
#include "models/numeric/reference_ops.hpp"
#include "models/numeric/seen_values.hpp"
#include "models/numeric/tensor_store.hpp"
#include "models/numeric/trained_weights.hpp"
#include "models/numeric/unit_variance.hpp"
#include "models/numeric/weights.hpp"

namespace ridgeline {
namespace {

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

Moments moments_of(const LoweredLayer& layer, const LayerSums& sums) {
  Moments measured;
  for (int m = 0; m < layer.shape.M; ++m) measured.add(sums.of_filter(m));
  return measured;
}

/// Makes the filters anew in words of one scale for all of them, BatchNorm's factors folded into
/// the words: the largest scale that a filter has on its own.
void use_one_scale(const LoweredNetwork& lowered, std::size_t index, const WorkloadRequest& request,
                   const ChannelScaling& scaling, LayerCalibration& result) {
  if (request.precision == Precision::fp32) return;
  const double scale = *std::ranges::max_element(result.filter_scales);
  if (scale == 0) return;
  for (const Range block : filter_blocks(lowered.layers[index].shape)) {
    const Tensor<float> raw = raw_filters(lowered, index, request, block);
    store_scaled_filters(raw, block.begin, scaling.factor, scale, result.filters);
  }
  for (double& own : result.filter_scales) own = own == 0 ? 0 : scale;
}

/// One fp32 run of the network for each input, the request's own first.
class Calibrator {
 public:
  Calibrator(const LoweredNetwork& lowered, const WorkloadRequest& request)
      : lowered_(lowered),
        request_(request),
        own_(lowered.layers.size()),
        tensors_(lowered.tensors.size(), SeenValues(request.calibration)),
        before_add_(lowered.layers.size(), SeenValues(request.calibration)) {}

  Calibration calibrate();

 private:
  /// What the run on the network's own input leaves for the others.
  struct Layer {
    ChannelScaling scaling{};
    LayerCalibration result{};
  };

  void run(const Tensor<float>& input, bool own);
  Tensor<float> run_on_array(std::size_t index, bool own, const Tensor<float>& input,
                             const Tensor<float>* residual);
  LayerSums make_and_convolve(std::size_t index, bool own, const Tensor<float>& input);
  void put(TensorStore& tensors, TensorId id, Tensor<float> tensor);
  void measure(SeenValues& seen, std::span<const float> values, TensorId id) const;
  [[nodiscard]] LayerPrecision precision_of_layer(std::size_t index) const {
    return layer_precision(lowered_, lowered_.layers[index], request_.precision);
  }

  const LoweredNetwork& lowered_;
  const WorkloadRequest& request_;
  std::vector<Layer> own_;
  std::vector<SeenValues> tensors_;     ///< by TensorId, of those that own their memory
  std::vector<SeenValues> before_add_;  ///< by layer
  std::vector<Tensor<float>> outputs_;
  bool measures_ = true;  ///< ranges come from the present run
};

/// The layer's sums with its raw weights; filters of the run's precision if this is the first.
LayerSums Calibrator::make_and_convolve(std::size_t index, bool own, const Tensor<float>& input) {
  const ConvShape& shape = lowered_.layers[index].shape;
  LayerCalibration& result = own_[index].result;
  LayerSums sums{.blocks = filter_blocks(shape), .of_block = {}};
  if (own) result.filters = make_filter_tensor(shape, precision_of_layer(index));
  for (const Range block : sums.blocks) {
    const Tensor<float> raw = raw_filters(lowered_, index, request_, block);
    if (own) store_filters(raw, block.begin, result.filters, result.filter_scales);
    ConvShape part = shape;
    part.M = block.size();
    sums.of_block.push_back(reference::convolution_sums<float>(part, input.data, raw.data));
  }
  return sums;
}

Tensor<float> Calibrator::run_on_array(std::size_t index, bool own, const Tensor<float>& input,
                                       const Tensor<float>* residual) {
  const LoweredLayer& layer = lowered_.layers[index];
  const LayerSums sums = make_and_convolve(index, own, input);
  ChannelScaling& scaling = own_[index].scaling;
  if (own) {
    scaling = request_.weights
                  ? trained_scaling(lowered_, index, *request_.weights)
                  : unit_variance_scaling(lowered_, index, request_.seed, moments_of(layer, sums));
    apply_scaling(scaling, own_[index].result);
    if (request_.calibration.weight_scales == WeightScales::tensor)
      use_one_scale(lowered_, index, request_, scaling, own_[index].result);
  }
  Tensor<float> output = scaled_output(layer, sums, scaling);
  if (residual != nullptr) {
    measure(before_add_[index], output.data, layer.output);
    const auto bounds = sum_bounds<float>(layer, {});
    for (std::size_t i = 0; i < output.data.size(); ++i) {
      output.data[i] = bounds(output.data[i] + residual->data[i]);
    }
  }
  return output;
}

void Calibrator::measure(SeenValues& seen, std::span<const float> values, TensorId id) const {
  const bool finite = measures_ ? seen.add(values) : std::isfinite(largest_magnitude(values));
  if (finite) return;
  throw InputError({.file = lowered_.network.name,
                    .place = lowered_.tensors[static_cast<std::size_t>(id)].name,
                    .what = "its values are beyond float32 with these weights and this input",
                    .allowed = "finite values"});
}

void Calibrator::put(TensorStore& tensors, TensorId id, Tensor<float> tensor) {
  const TensorId owner = lowered_.tensors[static_cast<std::size_t>(id)].storage;
  measure(tensors_[static_cast<std::size_t>(owner)], tensor.data, id);
  tensors.put(id, std::move(tensor));
}

void Calibrator::run(const Tensor<float>& input, bool own) {
  measures_ = !own || request_.calibration_inputs.empty();
  TensorStore tensors(lowered_, Precision::fp32);
  put(tensors, 0, input);
  for (std::size_t i = 0; i < lowered_.layers.size(); ++i) {
    const LoweredLayer& layer = lowered_.layers[i];
    const auto& ifmap = std::get<Tensor<float>>(tensors.get(layer.input));
    const auto* residual =
        layer.residual ? &std::get<Tensor<float>>(tensors.get(*layer.residual)) : nullptr;
    Tensor<float> output;
    if (runs_on_array(layer.kind)) {
      output = run_on_array(i, own, ifmap, residual);
    } else {
      const Op& op = lowered_.network.nodes[static_cast<std::size_t>(layer.node)].op;
      output = reference::run({op, layer, LayerParameters{}}, ifmap, residual);
    }
    if (own && request_.keep_real_outputs) outputs_.push_back(output);
    put(tensors, layer.output, std::move(output));
    tensors.drop_unread_after(i);
  }
}

Calibration Calibrator::calibrate() {
  Calibration calibration{.picture = request_.picture
                                         ? *request_.picture
                                         : make_picture(lowered_.network.input(), request_.seed)};
  run(calibration.picture, true);
  for (const Tensor<float>& input : request_.calibration_inputs) run(input, false);
  for (std::size_t id = 0; id < tensors_.size(); ++id) {
    const auto words = tensor_precision(lowered_, static_cast<TensorId>(id), request_.precision);
    calibration.ranges.push_back(tensors_[id].range(words));
  }
  for (std::size_t i = 0; i < own_.size(); ++i) {
    calibration.layers.push_back(std::move(own_[i].result));
    calibration.layers.back().before_add = before_add_[i].range(precision_of_layer(i).output);
  }
  calibration.real_outputs = std::move(outputs_);
  return calibration;
}

}  // namespace

Calibration calibrate(const LoweredNetwork& lowered, const WorkloadRequest& request) {
  return Calibrator(lowered, request).calibrate();
}

}  // namespace ridgeline
