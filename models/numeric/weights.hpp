#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/network/lowering.hpp"
#include "models/numeric/tensor.hpp"
#include "models/numeric/workload.hpp"

/// Raw weights of a layer and how they become words. "Raw" means before calibration: He-normal
/// (standard deviation sqrt(2 / (C/G R S)), He et al., 2015), a function of seed, layer and filter
/// only. Scaling factors found by calibration never touch the words of an integer filter; they go
/// into the filter's scale.
namespace ridgeline {

/// Largest absolute value; zero of none.
[[nodiscard]] float largest_magnitude(std::span<const float> values);

/// Filters to be made at once, so that the raw weights of a large layer need not all be in memory.
/// A grouped layer is not divided.
[[nodiscard]] std::vector<Range> filter_blocks(const ConvShape& shape);

/// Raw weights of filters [block.begin, block.end) of convolution or fully connected layer `index`,
/// M (C/G) R S. A BatchNorm that runs as a depthwise 1x1 convolution has weights of one.
[[nodiscard]] Tensor<float> raw_filters(const LoweredNetwork& lowered, std::size_t index,
                                        std::uint64_t seed, Range block);

/// The request's own weights, or those of its seed.
[[nodiscard]] Tensor<float> raw_filters(const LoweredNetwork& lowered, std::size_t index,
                                        const WorkloadRequest& request, Range block);

/// Room for all filters of a layer, in the words of `precision`.
[[nodiscard]] AnyTensor make_filter_tensor(const ConvShape& shape, Precision precision);
/// Writes `raw` into `filters`, beginning with filter `first`, and appends one scale a filter: real
/// weight = scale x word. The largest magnitude of each filter becomes +-127 or +-32767; the others
/// are rounded to nearest, ties towards plus infinity. fp32 keeps raw weights, with scales of
/// one. A filter of zeros has the scale zero.
void store_filters(const Tensor<float>& raw, int first, AnyTensor& filters,
                   std::vector<double>& scales);
/// The same with a given scale: word = raw weight x factor of its filter / scale, rounded. No
/// factor may make a weight that is larger than the largest word's.
void store_scaled_filters(const Tensor<float>& raw, int first, std::span<const double> factors,
                          double scale, AnyTensor& filters);

}  // namespace ridgeline
