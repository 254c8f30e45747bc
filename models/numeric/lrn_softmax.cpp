#include "models/numeric/lrn_softmax.hpp"

#include <cmath>

namespace ridgeline {

double lrn_element(double x, double sum_of_squares, int size, double alpha, double beta, double k) {
  return x / std::pow(k + alpha / size * sum_of_squares, beta);
}

double softmax_term(double x, double largest) {
  return std::exp(x - largest);
}

std::int64_t round_half_up(double x) {
  return static_cast<std::int64_t>(std::floor(x + 0.5));
}

}  // namespace ridgeline
