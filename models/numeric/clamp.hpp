#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "models/network/lowering.hpp"
#include "models/numeric/lrn_softmax.hpp"
#include "models/numeric/requantize.hpp"
#include "models/numeric/workload.hpp"

/// A layer's clamps (ReLU, ReLU6, Clip) as bounds of its words. They are constants of the layer,
/// like its requantisation factors, so the simulation and the reference engine share them; each
/// applies them in its own loops.
namespace ridgeline {

/// Within what words can hold, so that a wider number needs no other clamp.
template <class T>
struct WordBounds {
  T lowest, highest;

  /// Not-a-number passes through.
  [[nodiscard]] T operator()(T x) const {
    const T y = x < lowest ? lowest : x;
    return y > highest ? highest : y;
  }
  [[nodiscard]] T narrow(std::int64_t x) const {
    return static_cast<T>(std::clamp<std::int64_t>(x, lowest, highest));
  }
};

/// The highest and lowest words that a tensor may hold. T may be wider than the tensor's words.
template <class T>
[[nodiscard]] constexpr std::int64_t highest_word(bool int8_words = false) {
  return int8_words ? kWordMax<std::int8_t> : kWordMax<T>;
}
template <class T>
[[nodiscard]] constexpr std::int64_t lowest_word(const Quantization& q, bool int8_words = false) {
  return -highest_word<T>(int8_words) - (q.whole_range ? 1 : 0);
}

/// The real number `bound` as a word: rounded to nearest and limited to what words can hold.
template <class T>
[[nodiscard]] T bound_word(float bound, const Quantization& q, bool int8_words = false) {
  if constexpr (std::is_floating_point_v<T>) {
    return bound;
  } else {
    const double word = static_cast<double>(bound) / q.scale + q.zero_point;
    const auto least = static_cast<double>(lowest_word<T>(q, int8_words));
    const auto most = static_cast<double>(highest_word<T>(int8_words));
    return static_cast<T>(round_half_up(std::fmin(std::fmax(word, least), most)));
  }
}

/// The bounds of `clamp`, or of the words themselves where there is none.
template <class T>
[[nodiscard]] WordBounds<T> word_bounds(bool clamps, const ClampOp& clamp, const Quantization& q,
                                        bool int8_words = false) {
  constexpr float kNone = std::numeric_limits<float>::infinity();
  const ClampOp bounds = clamps ? clamp : ClampOp{-kNone, kNone};
  return {bound_word<T>(bounds.lowest, q, int8_words),
          bound_word<T>(bounds.highest, q, int8_words)};
}

/// How the words are to be read that the layer makes before a fused addition.
[[nodiscard]] inline const Quantization& own_quantization(const LoweredLayer& layer,
                                                          const LayerParameters& parameters) {
  return layer.residual && runs_on_array(layer.kind) ? parameters.value : parameters.output;
}
/// Of the layer itself, before a fused addition.
template <class T>
[[nodiscard]] WordBounds<T> own_bounds(const LoweredLayer& layer,
                                       const LayerParameters& parameters) {
  return word_bounds<T>(layer.relu, layer.clamp, own_quantization(layer, parameters),
                        parameters.int8_output);
}
/// Of an addition, fused or not.
template <class T>
[[nodiscard]] WordBounds<T> sum_bounds(const LoweredLayer& layer,
                                       const LayerParameters& parameters) {
  return word_bounds<T>(layer.relu_after_add, layer.clamp_after_add, parameters.output,
                        parameters.int8_output);
}

}  // namespace ridgeline
