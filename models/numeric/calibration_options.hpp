#pragma once

#include <array>
#include <string_view>

/// How scales and zero points are chosen.
namespace ridgeline {

/// From what calibration saw of a tensor, which range its words are to span; histogram.hpp has the
/// formulas of the last two.
enum class CalibrationMethod {
  min_max,     ///< all of it
  percentile,  ///< all but the outermost values
  mse          ///< the range whose clipping and rounding errors add up to the least
};
inline constexpr std::array<std::string_view, 3> kCalibrationMethodNames{"min-max", "percentile",
                                                                         "mse"};
enum class WeightScales {
  channel,  ///< one for each output channel
  tensor    ///< one for all filters of a layer
};

inline constexpr std::array<std::string_view, 2> kWeightScalesNames{"channel", "tensor"};
/// Of CalibrationOptions::asymmetric, false first.
inline constexpr std::array<std::string_view, 2> kActivationsNames{"symmetric", "asymmetric"};

struct CalibrationOptions {
  CalibrationMethod method = CalibrationMethod::min_max;
  double percentile = 99.999;  ///< values inside the range, in per cent
  /// Activations have zero points: the range need not lie around zero. int8 only.
  bool asymmetric = false;
  /// Weights are symmetric, and their range is that of all of them, whatever the method.
  WeightScales weight_scales = WeightScales::channel;

  bool operator==(const CalibrationOptions&) const = default;
};

/// Real values from `lowest` to `highest`.
struct ValueRange {
  double lowest = 0, highest = 0;
};

}  // namespace ridgeline
