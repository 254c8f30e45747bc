#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/network/lowering.hpp"
#include "models/numeric/tensor.hpp"

/// Raw weights of a layer and how they become words. "Raw" means before calibration: He-normal
/// (standard deviation sqrt(2 / (C/G R S)), He et al., 2015), a function of seed, layer and filter
/// only. Scaling factors found by calibration never touch the words of an integer filter; they go
/// into the filter's scale.
namespace ridgeline {

/// Raw weights M (C/G) R S of convolution or fully connected layer `index`. A BatchNorm that runs
/// as a depthwise 1x1 convolution has weights of one.
[[nodiscard]] Tensor<float> raw_filters(const LoweredNetwork& lowered, std::size_t index,
                                        std::uint64_t seed);

/// Integer filters: real weight = scales[m] x word, the largest magnitude of each filter being
/// +-127 or +-32767. Rounded to nearest, ties towards plus infinity.
struct QuantizedFilters {
  AnyTensor words;
  std::vector<double> scales;  ///< one for each of M
};
[[nodiscard]] QuantizedFilters quantize_filters(const Tensor<float>& raw, Precision precision);

}  // namespace ridgeline
