#include <catch2/catch.hpp>
#include <cmath>

#include "models/network/network.hpp"
#include "models/numeric/reference.hpp"
#include "tests/models/numeric/hand_made.hpp"
#include "tests/models/numeric/oracle.hpp"
#include "tests/support/zero_points.hpp"

namespace ridgeline {
namespace {

using testing::Random;

std::vector<double> real_values(const Tensor<std::int8_t>& words, const Quantization& q) {
  std::vector<double> values;
  for (const std::int8_t word : words.data) values.push_back(q.real(word));
  return values;
}

Tensor<std::int8_t> random_tensor(Random& random, TensorShape shape) {
  Tensor<std::int8_t> tensor(shape);
  for (std::int8_t& word : tensor.data) word = static_cast<std::int8_t>(random.between(-128, 127));
  return tensor;
}

/// A convolution of words at random, each with its own zero points, against the definition over
/// real numbers: one rounding to the output's step and the factor's 2^-24 lie between them.
void check_convolution(std::uint64_t seed) {
  INFO("seed " << seed);
  Random random(seed);
  oracle::Random shapes(seed);
  const ConvShape shape = oracle::random_layer(shapes);
  INFO(oracle::describe(shape));
  Workload workload =
      hand_made::one_layer(LayerKind::conv, ConvOp{}, shape, shape.ofmap(), Precision::int8);
  LayerParameters& layer = workload.layers.front();
  workload.input = random_tensor(random, shape.ifmap());
  layer.filters = random_tensor(random, {shape.M, shape.C_per_group(), shape.R(), shape.S()});
  const double products = static_cast<double>(shape.filter_elements() / shape.M);
  layer.input = {.scale = 0.03, .zero_point = random.between(-128, 127), .whole_range = true};
  layer.output = {.scale = 1.5 * std::sqrt(products),
                  .zero_point = random.between(-128, 127),
                  .whole_range = true};
  const double weight_scale = 0.02;
  std::vector<double> filters, bias;
  const std::size_t words = std::get<Tensor<std::int8_t>>(layer.filters).data.size();
  for (int m = 0; m < shape.M; ++m) {
    layer.filter_zeros.push_back(random.between(-128, 127));
    const std::int64_t b = random.between(-10000, 10000);
    bias.push_back(static_cast<double>(b) * layer.input.scale * weight_scale);
    layer.channels.push_back(
        {.bias = b,
         .factor = to_fixed_point(layer.input.scale * weight_scale / layer.output.scale)});
  }
  const auto per_filter = words / static_cast<std::size_t>(shape.M);
  for (std::size_t i = 0; i < words; ++i)
    filters.push_back(weight_scale * (std::get<Tensor<std::int8_t>>(layer.filters).data[i] -
                                      layer.filter_zeros[i / per_filter]));
  const auto& input = std::get<Tensor<std::int8_t>>(workload.input);
  const std::vector<double> sums =
      oracle::convolution<double>(shape, real_values(input, layer.input), filters);
  const AnyTensor output = reference::run_layer(workload, 0, workload.input, nullptr);
  const std::vector<double> actual =
      real_values(std::get<Tensor<std::int8_t>>(output), layer.output);
  const std::size_t plane =
      static_cast<std::size_t>(shape.P()) * static_cast<std::size_t>(shape.Q());
  const double lowest = layer.output.real(-128), highest = layer.output.real(127);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const double value = sums[i] + bias[i / plane % static_cast<std::size_t>(shape.M)];
    const double expected = std::clamp(value, lowest, highest);
    const double allowed = layer.output.scale * 0.5000001 + std::abs(value) * 0x1p-23;
    if (std::abs(actual[i] - expected) > allowed) {
      INFO("element " << i << ": " << actual[i] << " instead of " << expected);
      FAIL_CHECK("too far");
      return;
    }
  }
}

}  // namespace

TEST_CASE("A convolution with zero points is that of the real numbers, rounded once") {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) check_convolution(seed);
}

TEST_CASE("Padding is zero in real numbers, whatever the ifmap's zero point") {
  ConvShape shape{.H = 1, .W = 1, .window = {.R = 3, .S = 3, .pad = {1, 1, 1, 1}}};
  Workload workload =
      hand_made::one_layer(LayerKind::conv, ConvOp{}, shape, shape.ofmap(), Precision::int8);
  LayerParameters& layer = workload.layers.front();
  layer.input = {.zero_point = -100, .whole_range = true};
  layer.output = {.zero_point = 3, .whole_range = true};
  layer.filters = hand_made::tensor<std::int8_t>({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  layer.filter_zeros = {2};
  layer.channels = {{.bias = 10, .factor = to_fixed_point(1)}};
  const AnyTensor input = hand_made::tensor<std::int8_t>({1, 1, 1, 1}, {-96});
  const AnyTensor output = reference::run_layer(workload, 0, input, nullptr);
  CHECK(int{std::get<Tensor<std::int8_t>>(output).data.front()} == (5 - 2) * 4 + 10 + 3);
}

TEST_CASE("Weights that are their filter's zero point count as zeros") {
  const AnyTensor filters = hand_made::tensor<std::int8_t>({2, 1, 1, 3}, {0, 5, 5, 0, 5, 0});
  const std::vector<std::int32_t> points{5, 0};
  CHECK(count_zero_weights(filters, {.filters = points}) == std::vector<std::int32_t>{2, 2});
  CHECK(count_zero_weights(filters) == std::vector<std::int32_t>{1, 2});
}

TEST_CASE("An average, an addition and a copy take zero points off and put them back") {
  const TensorShape shape{1, 1, 1, 2};
  const Quantization in{.scale = 0.5, .zero_point = -10, .whole_range = true};
  const Quantization out{.scale = 0.25, .zero_point = 20, .whole_range = true};
  const AnyTensor x = hand_made::tensor<std::int8_t>(shape, {-6, 0});  // 2 and 5
  const auto run = [&](LayerKind kind, Op op, const AnyTensor* residual) {
    Workload workload = hand_made::one_vector_layer(kind, std::move(op), shape, Precision::int8);
    workload.layers.front().input = in;
    workload.layers.front().residual = {.scale = 1, .zero_point = 1, .whole_range = true};
    workload.layers.front().output = out;
    workload.layers.front().add = to_fixed_point_pair(in.scale / out.scale, 1 / out.scale);
    if (residual != nullptr) workload.lowered.layers.front().residual = 0;
    return std::get<Tensor<std::int8_t>>(reference::run_layer(workload, 0, x, residual)).data;
  };
  CHECK(run(LayerKind::copy, ClampOp{}, nullptr) == std::vector<std::int8_t>{28, 40});
  CHECK(run(LayerKind::average_pool, PoolOp{.kind = PoolKind::average}, nullptr) ==
        std::vector<std::int8_t>{28, 40});
  const AnyTensor other = hand_made::tensor<std::int8_t>(shape, {0, 3});  // -1 and 2
  CHECK(run(LayerKind::add, AddOp{}, &other) == std::vector<std::int8_t>{24, 48});
}

}  // namespace ridgeline
