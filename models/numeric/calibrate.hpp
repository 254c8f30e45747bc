#pragma once

#include <vector>

#include "models/network/lowering.hpp"
#include "models/numeric/tensor.hpp"
#include "models/numeric/workload.hpp"

namespace ridgeline {

/// What calibration finds out about a convolution or fully connected layer; empty for others.
struct LayerCalibration {
  AnyTensor filters;                         ///< words of the run's precision
  std::vector<std::int32_t> filter_zeros{};  ///< their zero points; none: symmetric words
  std::vector<double> filter_scales;  ///< real value of one unit of filter m's words; 1 for fp32
  std::vector<double> bias;           ///< real value, BatchNorm folded in
  ValueRange before_add{};            ///< of what enters a fused addition
};

struct Calibration {
  Tensor<float> picture;
  /// What the words of each tensor that owns its memory are to span, by TensorId; 0 for others.
  std::vector<ValueRange> ranges{};
  std::vector<LayerCalibration> layers{};
  /// The output of each layer over the picture, in real numbers, if the request asks for them.
  std::vector<Tensor<float>> real_outputs{};
};

/// Runs the network once in fp32 on its picture, layer by layer. Each convolution's output is
/// measured before the next layer runs and scaled:
/// - without BatchNorm to unit variance over the whole layer ("All you need is a good init",
///   Mishkin and Matas, ICLR 2016, section 3); the bias, if any, is normal, deviation 0.1;
/// - with BatchNorm, mean and variance of every channel are those measured over the whole layer;
///   gamma is uniform in 0.48..1.44 (mean square one), beta is normal, deviation 0.1.
/// Trained weights are not scaled; the run only measures what they make of the picture.
/// Statistics of each channel on its own would centre every channel: in a network that was not
/// trained, each layer then makes a rounding error 1.21 times larger beside the signal ("A mean
/// field theory of batch normalization", Yang et al., ICLR 2019), and after SqueezeNext's 110
/// layers int8 has nothing in common with fp32 (measured: 10 dB; half of the words before the last
/// layer saturated). A variance below 1/16 of the mean square is raised to that, so that an output
/// that is nearly constant is not blown up.
/// The picture is the request's, or a seeded one. If the request has inputs to calibrate on, the
/// network that this run has made runs on each of them too, and the ranges are theirs together;
/// filters, scaling and real outputs are always those of the picture. Raw weights are made again
/// for each input, so that the memory does not grow with their number.
[[nodiscard]] Calibration calibrate(const LoweredNetwork& lowered, const WorkloadRequest& request);

}  // namespace ridgeline
