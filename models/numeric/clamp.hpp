#pragma once

#include <cmath>
#include <limits>

#include "models/network/lowering.hpp"
#include "models/numeric/lrn_softmax.hpp"
#include "models/numeric/requantize.hpp"
#include "models/numeric/workload.hpp"

/// A layer's clamps (ReLU, ReLU6, Clip) as bounds of its words. They are constants of the layer,
/// like its requantisation factors, so the simulation and the reference engine share them; each
/// applies them in its own loops.
namespace ridgeline {

template <class T>
struct WordBounds {
  T lowest, highest;

  /// Not-a-number passes through.
  [[nodiscard]] T operator()(T x) const {
    const T y = x < lowest ? lowest : x;
    return y > highest ? highest : y;
  }
};

/// The real number `bound` as a word: rounded to nearest and limited to what words can hold.
template <class T>
[[nodiscard]] T bound_word(float bound, double scale) {
  if constexpr (std::is_floating_point_v<T>) {
    return bound;
  } else {
    const double word = static_cast<double>(bound) / scale;
    const auto most = static_cast<double>(kWordMax<T>);
    return static_cast<T>(round_half_up(std::fmin(std::fmax(word, -most), most)));
  }
}

/// The bounds of `clamp`, or of the words themselves where there is none.
template <class T>
[[nodiscard]] WordBounds<T> word_bounds(bool clamps, const ClampOp& clamp, double scale) {
  constexpr float kNone = std::numeric_limits<float>::infinity();
  const ClampOp bounds = clamps ? clamp : ClampOp{-kNone, kNone};
  return {bound_word<T>(bounds.lowest, scale), bound_word<T>(bounds.highest, scale)};
}

/// Of the layer itself, before a fused addition.
template <class T>
[[nodiscard]] WordBounds<T> own_bounds(const LoweredLayer& layer,
                                       const LayerParameters& parameters) {
  return word_bounds<T>(layer.relu, layer.clamp,
                        layer.residual && runs_on_array(layer.kind) ? parameters.value_scale
                                                                    : parameters.output_scale);
}
/// Of an addition, fused or not.
template <class T>
[[nodiscard]] WordBounds<T> sum_bounds(const LoweredLayer& layer,
                                       const LayerParameters& parameters) {
  return word_bounds<T>(layer.relu_after_add, layer.clamp_after_add, parameters.output_scale);
}

}  // namespace ridgeline
