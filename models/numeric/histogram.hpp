#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/numeric/calibration_options.hpp"

namespace ridgeline {

/// A histogram whose buckets do not depend on what it holds, so that values may come in any order
/// and from several inputs: 64 buckets to each power of two, for each sign. A bucket knows how many
/// values it holds, their sum and the sum of their squares, so that the error of clipping at a
/// bucket's edge is exact.
class Histogram {
 public:
  /// Finite values; others are left out.
  void add(std::span<const float> values);

  /// The range outside of which lie at most 100 - `percentile` per cent of the values, zeros
  /// counted: of their magnitudes (symmetric: -x..x), or half of it on either side. It ends at a
  /// bucket's edge, less than 1/64 beyond the percentile, and never beyond the largest value. All
  /// of the values if nothing but zero would be left.
  [[nodiscard]] ValueRange percentile_range(double percentile, bool asymmetric) const;

  /// The range whose mean square error is the least, of those that end at the largest value or at a
  /// bucket's edge down to 1/64 of it (asymmetric: at every fourth edge on either side). With the
  /// step D = 2 a / (steps - 1) for the range -a..a of `steps` words, or (highest - lowest) /
  /// (steps - 1), the error is
  ///   sum over x beyond the range of (|x| - its end)^2                 clipping
  ///   + sum over |x| < D / 2 of x^2                                    rounding to zero
  ///   + D^2 / 12 for each other value that is not zero                 rounding
  /// (Banner, Nahshan, Soudry, "Post training 4-bit quantization of convolutional networks for
  /// rapid-deployment", NeurIPS 2019, section 3: clipping error plus step^2 / 12. They take the
  /// values to have a Laplace distribution; here they are counted, and zero, which is a word, makes
  /// no error).
  [[nodiscard]] ValueRange least_error_range(int steps, bool asymmetric) const;

 private:
  struct Bucket {
    std::int64_t count = 0;
    double sum = 0, squares = 0;  ///< of magnitudes
  };
  /// The values of one sign, by magnitude.
  struct Side {
    std::vector<Bucket> buckets;
    std::uint32_t first = 0;  ///< key of the first bucket
    double largest = 0;

    Bucket& at(std::uint32_t key);
  };
  struct Tail;

  [[nodiscard]] static Tail tail_of(const Side& side);
  /// Values of both signs by their magnitude.
  [[nodiscard]] Side magnitudes() const;
  [[nodiscard]] static double end_with_outside(const Side& side, double allowed);

  Side positive_, negative_;
  std::int64_t count_ = 0;
};

}  // namespace ridgeline
