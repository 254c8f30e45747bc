#pragma once

#include <vector>

#include "models/numeric/calibrate.hpp"
#include "models/numeric/workload.hpp"

namespace ridgeline {

/// The quantisation whose words span `range`. Symmetric: scale = largest magnitude / largest word.
/// Asymmetric, which int16 words never are: 256 words from lowest to highest, zero always one of
/// them (Jacob et al., CVPR 2018, section 3): scale = (highest - lowest) / 255, zero_point =
/// round(-128 - lowest / scale).
[[nodiscard]] Quantization quantization_of(ValueRange range, Precision precision, bool asymmetric);

/// The quantisation of every tensor, by TensorId, from the ranges of those that own their memory.
/// Tensors inside a concatenation share its quantisation. Max pooling and copies keep their input's
/// unless they write into a concatenation; a softmax spans 0 to 1 (or -1 to 1). For fp32 all scales
/// are 1. What the network's file fixes comes before all of this.
[[nodiscard]] std::vector<Quantization> tensor_quantizations(const LoweredNetwork& lowered,
                                                             const WorkloadRequest& request,
                                                             const std::vector<ValueRange>& ranges);

/// The numbers of layer `index`, given the quantisations of all tensors.
/// @throws InputError naming the layer if its accumulator could overflow.
[[nodiscard]] LayerParameters layer_parameters(const LoweredNetwork& lowered, std::size_t index,
                                               const WorkloadRequest& request,
                                               const std::vector<Quantization>& quantizations,
                                               LayerCalibration calibration);

/// A picture in words of `precision`.
[[nodiscard]] AnyTensor quantize_tensor(Tensor<float> real, Precision precision,
                                        const Quantization& quantization);

}  // namespace ridgeline
