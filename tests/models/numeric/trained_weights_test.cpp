#include "models/numeric/trained_weights.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/numeric/reference.hpp"
#include "models/numeric/workload.hpp"

namespace ridgeline {
namespace {

/// conv (3 filters of 2x1x1, with bias) -> BatchNorm; the picture is two pixels.
struct Case {
  Network network;
  std::vector<NodeWeights> weights{};
  Tensor<float> picture{TensorShape{.C = 2, .W = 2}};
};

Case make_case() {
  NetworkBuilder net("net", "a test", {.C = 2, .W = 2});
  net.batch_norm("norm", net.conv("conv", net.input(), {.M = 3}));
  Case one{.network = std::move(net).build()};
  one.weights = {
      {},
      {.filters = {1, 2, 3, -4, 5, 6}, .bias = {0.5F, 1, -2}},
      {.gamma = {2, -1, 0}, .beta = {1, 2, 3}, .mean = {1, 0.5F, 9}, .variance = {4, 1, 2}}};
  one.picture.data = {1, -2, 0.5F, 3};
  return one;
}

Workload workload_of(const Case& one, Precision precision) {
  return make_workload(lower(one.network),
                       {.precision = precision,
                        .picture = one.picture,
                        .weights = std::make_shared<const std::vector<NodeWeights>>(one.weights)});
}

/// gamma (w x + b - mean) / sqrt(variance + epsilon) + beta, in double.
double expected(const Case& one, std::size_t m, std::size_t q) {
  const NodeWeights &conv = one.weights[1], &norm = one.weights[2];
  double y = static_cast<double>(conv.bias[m]) - norm.mean[m];
  for (std::size_t c = 0; c < 2; ++c)
    y += static_cast<double>(conv.filters[m * 2 + c]) * one.picture.data[c * 2 + q];
  return norm.gamma[m] * y / std::sqrt(norm.variance[m] + 1e-5) + norm.beta[m];
}

void check(const Case& one, Precision precision, double tolerance) {
  const Workload workload = workload_of(one, precision);
  const AnyTensor output = reference::run_network(workload).back();
  for (std::size_t i = 0; i < 6; ++i) {
    const double word =
        std::visit([&](const auto& t) { return static_cast<double>(t.data[i]); }, output);
    INFO("element " << i << " in " << precision_name(precision));
    CHECK(std::abs(word * workload.quantizations.back().scale - expected(one, i / 2, i % 2)) <=
          tolerance);
  }
}

TEST_CASE("Trained BatchNorm folds in, with a negative gamma and one of zero") {
  const Case one = make_case();
  check(one, Precision::fp32, 1e-5);
  check(one, Precision::int16, 2e-3);
  check(one, Precision::int8, 0.3);  // values reach 18: a step is 0.14
}

TEST_CASE("A channel that hardly depends on its input keeps its bias in integers") {
  Case one = make_case();
  for (const std::size_t at : {2U, 3U}) one.weights[1].filters[at] *= 1e-12F;
  one.weights[2].mean[1] = 10;
  check(one, Precision::fp32, 1e-5);
  check(one, Precision::int8, 0.3);
  check(one, Precision::int16, 2e-3);
}

TEST_CASE("A filter of zeros makes its bias") {
  Case one = make_case();
  for (const std::size_t at : {0U, 1U}) one.weights[1].filters[at] = 0;
  check(one, Precision::int8, 0.3);
  check(one, Precision::int16, 2e-3);
}

}  // namespace
}  // namespace ridgeline
