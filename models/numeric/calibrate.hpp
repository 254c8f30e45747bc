#pragma once

#include <cstdint>
#include <vector>

#include "models/network/lowering.hpp"
#include "models/numeric/tensor.hpp"

namespace ridgeline {

/// What calibration finds out about a convolution or fully connected layer; empty for others.
struct LayerCalibration {
  AnyTensor filters;                  ///< words of the run's precision
  std::vector<double> filter_scales;  ///< real value of one unit of filter m's words; 1 for fp32
  std::vector<double> bias;           ///< real value, BatchNorm folded in
  double largest_before_add = 0;      ///< largest magnitude that enters a fused addition
};

struct Calibration {
  Tensor<float> picture;
  std::vector<double> largest;  ///< largest magnitude of each tensor, by TensorId
  std::vector<LayerCalibration> layers;
};

/// Runs the network once in fp32 on its picture, layer by layer. Each convolution's output is
/// measured before the next layer runs and scaled:
/// - without BatchNorm to unit variance over the whole layer ("All you need is a good init",
///   Mishkin and Matas, ICLR 2016, section 3); the bias, if any, is normal, deviation 0.1;
/// - with BatchNorm channel by channel: the measured mean and variance are the layer's statistics,
///   gamma is 1 and beta is normal, deviation 0.1. A channel of fewer than 8 positions takes the
///   statistics of the whole layer.
/// A variance that is small beside what surrounds it (the layer's mean square, the layer's
/// variance) is raised to 1/16 of that, so that a nearly constant output is not blown up.
[[nodiscard]] Calibration calibrate(const LoweredNetwork& lowered, Precision precision,
                                    std::uint64_t seed);

}  // namespace ridgeline
