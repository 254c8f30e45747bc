#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// How much each axis of a sweep matters to one metric, in the metric's logarithm, so that a factor
/// of two counts the same wherever it is.
namespace ridgeline {

/// One axis over all points that were added.
struct AxisSensitivity {
  struct Level {
    std::uint64_t points = 0;
    double geometric_mean = 0;  ///< of the metric; 0 without points
  };
  /// Of the variance of y = ln(metric), what the axis alone explains: the correlation ratio
  ///   eta^2 = sum over its values v of n_v (mean_v(y) - mean(y))^2 / sum of (y - mean(y))^2
  /// (K. Pearson, On the general theory of skew correlation and non-linear regression, 1905). On a
  /// full grid it is the first-order index V(E(Y | X_i)) / V(Y) of I. M. Sobol' (1993; Saltelli et
  /// al., Global Sensitivity Analysis: The Primer, 2008, section 1.2.8; both recalled), and what
  /// the shares of all axes leave to 1 is due to axes acting together. In a random sample of n
  /// points an axis of k values without any effect has (k - 1) / (n - 1) on average. 0 if the
  /// metric never changes.
  double share = 0;
  double spread = 1;            ///< largest over smallest geometric mean
  std::vector<Level> levels{};  ///< one a value of the axis, in their order
};

/// Sums over points as they come: memory grows with the axes' values alone.
class Sensitivity {
 public:
  /// @param levels how many values each axis has
  explicit Sensitivity(std::span<const std::size_t> levels);
  /// A point with value number levels[i] of axis i. One whose metric is not positive has no
  /// logarithm and is left out.
  void add(std::span<const std::uint32_t> levels, double metric);
  [[nodiscard]] std::vector<AxisSensitivity> axes() const;
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  /// Count, mean and squared deviations, updated as B. P. Welford has it (Technometrics 4(3), 1962;
  /// recalled): no difference of large sums.
  struct Moments {
    std::uint64_t count = 0;
    double mean = 0, squares = 0;
    void add(double value);
  };
  Moments all_;
  std::vector<std::vector<Moments>> axes_;
  std::uint64_t left_out_ = 0;
};

}  // namespace ridgeline
