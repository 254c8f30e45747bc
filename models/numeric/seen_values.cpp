#include "models/numeric/seen_values.hpp"

#include <algorithm>
#include <cmath>

#include "models/numeric/requantize.hpp"
#include "models/numeric/weights.hpp"

namespace ridgeline {

bool SeenValues::add(std::span<const float> values) {
  const double largest = largest_magnitude(values);
  if (!std::isfinite(largest)) return false;
  if (!options_.asymmetric) {
    highest_ = std::max(highest_, largest);
    lowest_ = -highest_;
  } else {
    float lowest = 0, highest = 0;
    for (const float value : values) {
      lowest = std::min(lowest, value);
      highest = std::max(highest, value);
    }
    lowest_ = std::min(lowest_, double{lowest});
    highest_ = std::max(highest_, double{highest});
  }
  if (options_.method != CalibrationMethod::min_max) histogram_.add(values);
  return true;
}

ValueRange SeenValues::range(Precision precision) const {
  const int half = static_cast<int>(precision == Precision::int8 ? kWordMax<std::int8_t>
                                                                 : kWordMax<std::int16_t>);
  const bool asymmetric = options_.asymmetric && precision == Precision::int8;
  const int steps = 2 * half + (asymmetric ? 2 : 1);
  switch (options_.method) {
    case CalibrationMethod::min_max:
      break;
    case CalibrationMethod::percentile:
      return histogram_.percentile_range(options_.percentile, asymmetric);
    case CalibrationMethod::mse:
      return histogram_.least_error_range(steps, asymmetric);
  }
  return {lowest_, highest_};
}

}  // namespace ridgeline
