#pragma once

#include <cstdint>
#include <optional>

#include "models/numeric/calibration_options.hpp"
#include "models/numeric/tensor.hpp"

/// What quantisation did to a network's numbers: integer words against the fp32 network's values
/// of the same input.
namespace ridgeline {

struct LoweredNetwork;
struct Workload;

/// Of one tensor, or of several together.
struct QuantizationError {
  std::int64_t words = 0;
  /// Words at an end of what words can hold, although the word nearest to fp32's value is another
  /// one: beyond that end; or short of it, unless a clamp of the layer ends there, the end stands
  /// for zero (behind a ReLU), or the layer only copies words.
  std::int64_t saturated = 0;
  double signal = 0;  ///< sum of x^2, x being fp32's value
  double noise = 0;   ///< sum of (x - what the word stands for)^2

  QuantizationError& operator+=(const QuantizationError& other);
  bool operator==(const QuantizationError&) const = default;

  [[nodiscard]] double saturated_share() const {
    return words == 0 ? 0 : static_cast<double>(saturated) / static_cast<double>(words);
  }
  /// Signal to quantisation noise ratio: 10 log10(signal / noise). None if there is no noise (each
  /// word is exact) or nothing but noise.
  [[nodiscard]] std::optional<double> sqnr_db() const;
};

/// A layer's words and what became of them.
struct LayerQuantization {
  double scale = 1;  ///< of the output's words: real = scale x (word - zero point)
  std::int32_t zero_point = 0;
  /// The smallest and largest scale of its filters; filters of zeros have none.
  std::optional<ValueRange> filter_scales{};
  QuantizationError error{};
};

/// How a run's integers were chosen, and how far its output is from fp32's.
struct RunQuantization {
  CalibrationOptions options{};
  std::int64_t inputs = 0;                    ///< that were given to calibrate on; 0: the run's own
  std::optional<QuantizationError> output{};  ///< of the network; none if only some layers ran
};

/// Compares `words`, the output of layer `index` of an integer workload, with the workload's real
/// outputs, which must be there.
[[nodiscard]] LayerQuantization layer_quantization(const Workload& workload, std::size_t index,
                                                   const AnyTensor& words);

/// Whether layer `index` writes the network's output, or a part of it.
[[nodiscard]] bool writes_output(const LoweredNetwork& network, std::size_t index);

}  // namespace ridgeline
