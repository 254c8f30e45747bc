#pragma once

#include <span>

#include "models/arch/precision.hpp"
#include "models/numeric/calibration_options.hpp"
#include "models/numeric/histogram.hpp"

namespace ridgeline {

/// What calibration has seen of one tensor, over all its parts and all inputs.
class SeenValues {
 public:
  explicit SeenValues(const CalibrationOptions& options) : options_(options) {}

  /// @returns false if a value is not finite; then nothing that follows means anything.
  [[nodiscard]] bool add(std::span<const float> values);

  /// What the words of `precision` are to span, by the method of the options: symmetric -x..x, or
  /// from the lowest value to the highest.
  [[nodiscard]] ValueRange range(Precision precision) const;

 private:
  CalibrationOptions options_;
  double lowest_ = 0, highest_ = 0;
  Histogram histogram_{};  ///< of methods that need one
};

}  // namespace ridgeline
