#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/network/lowering.hpp"
#include "models/network/quantization.hpp"
#include "models/network/trained_network.hpp"
#include "models/numeric/calibration_options.hpp"
#include "models/numeric/operand_zeros.hpp"
#include "models/numeric/requantize.hpp"
#include "models/numeric/tensor.hpp"

/// A workload is a lowered network with its numbers: weights, scales, requantisation factors and
/// the input picture, in the precision of the run. The simulation and the reference engine both
/// start from it and share nothing else.
namespace ridgeline {

/// What the vector unit applies to output channel m of a convolution, in this order:
///   y = clamp(scale_and_round(psum + bias, factor) + zero point), to the bounds of the layer's
///   clamp or of the words (clamp.hpp).
/// In fp32: y = psum + bias_fp32; the layer's clamp.
struct ChannelRecord {
  std::int64_t bias = 0;  ///< in units of the accumulator: input scale x filter scale
  FixedPoint factor;      ///< (input scale x filter scale) / output scale
  float bias_fp32 = 0;
};

/// Numbers of one layer; fields that its kind does not use stay empty.
struct LayerParameters {
  AnyTensor filters{};  ///< M (C/G) R S
  /// The zero point of each filter's words; none: all are symmetric. They are constants of the
  /// layer, as those of the tensors are: no channel record holds them, and no traffic is counted.
  std::vector<std::int32_t> filter_zeros{};
  std::vector<double> filter_scales{};    ///< of integers: real weight = scale x word; 0: no weight
  std::vector<ChannelRecord> channels{};  ///< one for each of M
  FixedPointPair add{};                   ///< fused or separate addition: (value, residual)
  Quantization input{}, output{}, residual{};
  Quantization value{};  ///< of what a fused addition adds the residual to
  /// The output's words are int8's, although a layer that meets words of two widths is computed in
  /// wide ones. It need not be set where all are int8.
  bool int8_output = false;

  /// copy, max and average pooling. Average pooling divides by its window's element count as well;
  /// see average_factor().
  [[nodiscard]] double rescale() const { return input.scale / output.scale; }
  /// Words of the input are words of the output.
  [[nodiscard]] bool keeps_words() const {
    return input.scale == output.scale && input.zero_point == output.zero_point;
  }
};

[[nodiscard]] inline OperandZeros operand_zeros(const LayerParameters& layer) {
  return {layer.input.zero_point, layer.filter_zeros};
}

struct Workload {
  LoweredNetwork lowered;
  Precision precision = Precision::int8;  ///< of the run; layers may have their own
  std::uint64_t seed = 1;
  std::string weights_note;  ///< how the weights were made, for the report
  AnyTensor input;
  std::vector<Quantization> quantizations;  ///< one a tensor; scale 1 for fp32
  std::vector<LayerParameters> layers;      ///< one for each of lowered.layers
  CalibrationOptions calibration{};         ///< how the quantisations were chosen
  std::int64_t calibration_inputs = 0;      ///< from how many inputs; 0: from its own
  /// What the network computes in fp32 from the same picture, layer by layer, if the request asked
  /// for it: what quantisation is judged by.
  std::vector<Tensor<float>> real_outputs{};
};

/// The factor by which average pooling requantises the sum of a window that holds `count`
/// elements (fewer at an edge that is not padded).
[[nodiscard]] FixedPoint average_factor(const LayerParameters& layer, int count);

/// What a workload is made from, beside the network.
struct WorkloadRequest {
  Precision precision = Precision::int8;
  std::uint64_t seed = 1;  ///< of the weights, and of the picture if none is given
  /// The network's input, already preprocessed; a seeded smooth picture within -1..1 if absent.
  std::optional<Tensor<float>> picture{};
  /// The network's own weights, by NodeId; seeded ones if null.
  std::shared_ptr<const std::vector<NodeWeights>> weights{};
  CalibrationOptions calibration{};
  /// Inputs whose activations the ranges are to span, preprocessed as the picture is; the picture
  /// alone if there are none.
  std::vector<Tensor<float>> calibration_inputs{};
  bool keep_real_outputs = false;  ///< four bytes for each word of each layer's output
};

/// Makes a workload. Trained weights are taken as they are, BatchNorm folded in. Others come from
/// the seed, He-normal (He et al., 2015), each convolution scaled so
/// that its output over the network's own input has unit variance: activations neither die nor
/// saturate. BatchNorm takes mean and variance of the whole layer, as measured, and seeded gammas
/// and betas; calibrate.hpp says why. Activations are calibrated in the same fp32 run, per tensor,
/// weights per output channel, both symmetric by the largest magnitude unless the request's
/// calibration says otherwise.
/// @throws InputError naming the network for a picture or an input to calibrate on of another shape
/// than its input, that holds values that are not finite, or whose largest magnitude is beyond 1e9
/// or below 1e-9 (zero is allowed); naming the layer if its accumulator could overflow: int8 sums
/// must stay below 2^31, int16 sums below 2^62; if trained weights make values that fp32 or
/// fixed-point factors cannot hold.
[[nodiscard]] Workload make_workload(LoweredNetwork lowered, WorkloadRequest request);

/// Zero weights (words that are their filter's zero point), for machines that skip them, without
/// running the network: with a scale for each channel, which weights are zero does not depend on
/// the calibration. zeros[m] counts the zero weights of filter m in every input channel: index m *
/// C/G + c.
[[nodiscard]] std::vector<std::int32_t> count_zero_weights(const AnyTensor& filters,
                                                           const OperandZeros& zeros = {});
/// The same filters as make_workload would give layer `index`, quantised, and nothing else.
[[nodiscard]] AnyTensor make_filters(const LoweredNetwork& lowered, std::size_t index,
                                     const WorkloadRequest& request);
/// The zero weights of those filters.
[[nodiscard]] std::vector<std::int32_t> count_zero_weights(const LoweredNetwork& lowered,
                                                           std::size_t index,
                                                           const WorkloadRequest& request);

}  // namespace ridgeline
