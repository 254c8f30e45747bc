#pragma once

#include <vector>

#include "models/numeric/calibrate.hpp"
#include "models/numeric/workload.hpp"

namespace ridgeline {

/// The scale of every tensor, by TensorId: largest magnitude / largest word. Tensors inside a
/// concatenation share its scale. Max pooling and copies keep their input's scale unless they
/// write into a concatenation; a softmax has 1 / largest word. For fp32 all scales are 1.
[[nodiscard]] std::vector<double> tensor_scales(const LoweredNetwork& lowered, Precision precision,
                                                const std::vector<double>& largest);

/// The numbers of layer `index`, given all scales.
/// @throws InputError naming the layer if its accumulator could overflow.
[[nodiscard]] LayerParameters layer_parameters(const LoweredNetwork& lowered, std::size_t index,
                                               Precision precision,
                                               const std::vector<double>& scales,
                                               LayerCalibration calibration);

/// A picture in words of `precision`.
[[nodiscard]] AnyTensor quantize_tensor(Tensor<float> real, Precision precision, double scale);

}  // namespace ridgeline
