#pragma once

#include <cstdint>

/// Scalar formulas of the vector unit's real-valued operations, shared by the reference engine and
/// the simulation like the rounding rule is; the loops around them are written twice.
namespace ridgeline {

/// One element of LRN: x / (k + alpha / size * sum_of_squares)^beta.
[[nodiscard]] double lrn_element(double x, double sum_of_squares, int size, double alpha,
                                 double beta, double k);
/// exp(x - largest), one term of a softmax.
[[nodiscard]] double softmax_term(double x, double largest);
/// Nearest integer, ties towards plus infinity, as in requantize.hpp.
[[nodiscard]] std::int64_t round_half_up(double x);

}  // namespace ridgeline
