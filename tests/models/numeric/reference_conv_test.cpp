#include <catch2/catch.hpp>
#include <cmath>

#include "models/numeric/compare.hpp"
#include "models/numeric/reference.hpp"
#include "tests/models/numeric/hand_made.hpp"
#include "tests/models/numeric/oracle.hpp"

namespace ridgeline {
namespace {

using hand_made::one_layer;
using hand_made::tensor;
using oracle::Random;

constexpr Precision precision_for(std::int8_t) {
  return Precision::int8;
}
constexpr Precision precision_for(std::int16_t) {
  return Precision::int16;
}
constexpr Precision precision_for(float) {
  return Precision::fp32;
}

/// A convolution with random words, biases and factors that bring most sums into range; every
/// combination of a fused addition and the two ReLUs.
template <class T>
struct RandomConvolution {
  Workload workload;
  Tensor<T> input;
  std::optional<Tensor<T>> residual;

  explicit RandomConvolution(Random& random) {
    const ConvShape shape = oracle::random_layer(random);
    workload = one_layer(LayerKind::conv, ConvOp{}, shape, shape.ofmap(), precision_for(T{}));
    LoweredLayer& layer = workload.lowered.layers.front();
    layer.relu = oracle::draw(random, 0, 1) == 1;
    layer.relu_after_add = oracle::draw(random, 0, 1) == 1;
    input = tensor(shape.ifmap(), oracle::random_words<T>(random, shape.ifmap().elements()));
    LayerParameters& parameters = workload.layers.front();
    parameters.filters = tensor({shape.M, shape.C_per_group(), shape.R(), shape.S()},
                                oracle::random_words<T>(random, shape.filter_elements()));
    const double word = std::is_same_v<T, float> ? 1 : static_cast<double>(kWordMax<std::int8_t>);
    const double largest = sizeof(T) == 1 ? word : 32767;
    const double taps = static_cast<double>(shape.filter_elements() / shape.M);
    for (int m = 0; m < shape.M; ++m) {
      const double spread = largest * std::sqrt(taps) / 2;
      parameters.channels.push_back(
          {.bias = static_cast<std::int64_t>(oracle::draw(random, -9, 9) * largest * spread / 9),
           .factor = to_fixed_point(1 / spread / oracle::draw(random, 1, 3)),
           .bias_fp32 = static_cast<float>(oracle::draw(random, -9, 9)) / 7});
    }
    if (oracle::draw(random, 0, 1) == 1) {
      layer.residual = 0;
      residual = tensor(layer.output_shape,
                        oracle::random_words<T>(random, layer.output_shape.elements()));
      parameters.add = to_fixed_point_pair(oracle::draw(random, 1, 9) / 7.0, 0.6);
    }
  }

  [[nodiscard]] AnyTensor run() const {
    const AnyTensor other = residual ? AnyTensor(*residual) : AnyTensor();
    return reference::run_layer(workload, 0, input, residual ? &other : nullptr);
  }
};

/// The output that the headers promise, by division in 128 bits instead of shifts.
template <class T>
T expected_word(std::int64_t sum, const RandomConvolution<T>& c, int m, std::size_t index) {
  const auto clamped = [](Int128 x, int shift) {
    const Int128 unit = static_cast<Int128>(1) << shift;
    Int128 quotient = (x + unit / 2) / unit;
    if ((x + unit / 2) % unit < 0) --quotient;
    const Int128 limit = sizeof(T) == 1 ? 127 : 32767;
    return static_cast<std::int64_t>(quotient > limit    ? limit
                                     : quotient < -limit ? -limit
                                                         : quotient);
  };
  const LoweredLayer& layer = c.workload.lowered.layers.front();
  const LayerParameters& parameters = c.workload.layers.front();
  const ChannelRecord& channel = parameters.channels[static_cast<std::size_t>(m)];
  std::int64_t y = clamped(static_cast<Int128>(sum + channel.bias) * channel.factor.multiplier,
                           channel.factor.shift);
  if (layer.relu && y < 0) y = 0;
  if (c.residual) {
    y = clamped(static_cast<Int128>(y) * parameters.add.left +
                    static_cast<Int128>(c.residual->data[index]) * parameters.add.right,
                parameters.add.shift);
    if (layer.relu_after_add && y < 0) y = 0;
  }
  return static_cast<T>(y);
}

template <class T>
void check_integers(std::uint64_t seed) {
  Random random(seed);
  std::int64_t inside = 0, words = 0;
  for (int i = 0; i < 300; ++i) {
    const RandomConvolution<T> c(random);
    const LoweredLayer& layer = c.workload.lowered.layers.front();
    INFO("seed " << seed << ", layer " << i << ": " << oracle::describe(layer.shape));
    const auto sums = oracle::convolution<std::int64_t>(
        layer.shape, c.input.data, std::get<Tensor<T>>(c.workload.layers.front().filters).data);
    Tensor<T> expected(layer.output_shape);
    const std::size_t plane = sums.size() / static_cast<std::size_t>(layer.shape.N * layer.shape.M);
    for (std::size_t j = 0; j < sums.size(); ++j) {
      const int m = static_cast<int>(j / plane) % layer.shape.M;
      expected.data[j] = expected_word(sums[j], c, m, j);
      inside += std::abs(int{expected.data[j]}) < (sizeof(T) == 1 ? 127 : 32767) ? 1 : 0;
    }
    words += static_cast<std::int64_t>(sums.size());
    const TensorCheck check = compare(c.run(), expected);
    INFO(check.first_mismatch);
    REQUIRE(check.passed());
  }
  CHECK(inside > words / 2);  // else the test would look at saturated words only
}

TEST_CASE("An int8 convolution is bias, rounding, ReLU and residual as promised") {
  check_integers<std::int8_t>(21);
}

TEST_CASE("An int16 convolution is bias, rounding, ReLU and residual as promised") {
  check_integers<std::int16_t>(22);
}

/// The fp32 layer with its taps added in the opposite order and the bias first, in float.
std::vector<float> reversed_sums(const RandomConvolution<float>& c) {
  const LoweredLayer& layer = c.workload.lowered.layers.front();
  const LayerParameters& parameters = c.workload.layers.front();
  ConvShape flipped = layer.shape;  // a flipped ifmap and flipped filters: the same products
  std::swap(flipped.window.pad[0], flipped.window.pad[2]);
  std::swap(flipped.window.pad[1], flipped.window.pad[3]);
  flipped.window.stride = {1, 1};
  std::vector<float> ifmap = c.input.data;
  std::vector<float> filters = std::get<Tensor<float>>(parameters.filters).data;
  if (flipped.G > 1) return {};
  const auto image = static_cast<std::ptrdiff_t>(ifmap.size()) / flipped.N;
  for (auto at = ifmap.begin(); at != ifmap.end(); at += image) std::reverse(at, at + image);
  const auto filter = static_cast<std::ptrdiff_t>(filters.size()) / flipped.M;
  for (auto at = filters.begin(); at != filters.end(); at += filter) std::reverse(at, at + filter);
  return oracle::convolution<float>(flipped, ifmap, filters);
}

TEST_CASE("An fp32 convolution adds its bias last, then ReLU, then the residual") {
  Random random(23);
  for (int i = 0; i < 300; ++i) {
    const RandomConvolution<float> c(random);
    const LoweredLayer& layer = c.workload.lowered.layers.front();
    const LayerParameters& parameters = c.workload.layers.front();
    INFO("seed 23, layer " << i << ": " << oracle::describe(layer.shape));
    Tensor<float> expected(layer.output_shape);
    expected.data = oracle::convolution<float>(layer.shape, c.input.data,
                                               std::get<Tensor<float>>(parameters.filters).data);
    const std::size_t plane =
        expected.data.size() / static_cast<std::size_t>(layer.shape.N * layer.shape.M);
    for (std::size_t j = 0; j < expected.data.size(); ++j) {
      const auto m = j / plane % static_cast<std::size_t>(layer.shape.M);
      float& y = expected.data[j];
      y += parameters.channels[m].bias_fp32;
      if (layer.relu) y = std::max(y, 0.0F);
      if (c.residual) y += c.residual->data[j];
      if (c.residual && layer.relu_after_add) y = std::max(y, 0.0F);
    }
    const TensorCheck check = compare(c.run(), expected);
    INFO(check.first_mismatch);
    REQUIRE(check.passed());
  }
}

TEST_CASE("The summation bound holds for the opposite order and is not generous") {
  Random random(24);
  double closest = 0;
  int checked = 0;
  for (int i = 0; i < 200; ++i) {
    const RandomConvolution<float> c(random);
    const LoweredLayer& layer = c.workload.lowered.layers.front();
    if (layer.shape.window.stride != std::array<int, 2>{1, 1}) continue;
    const std::vector<float> sums = reversed_sums(c);
    if (sums.empty()) continue;
    INFO("seed 24, layer " << i << ": " << oracle::describe(layer.shape));
    const AnyTensor other = c.residual ? AnyTensor(*c.residual) : AnyTensor();
    const std::vector<float> bound =
        reference::summation_bound(c.workload, 0, c.input, c.residual ? &other : nullptr);
    const auto expected = std::get<Tensor<float>>(c.run());
    REQUIRE(bound.size() == expected.data.size());
    const std::size_t plane = static_cast<std::size_t>(layer.shape.P() * layer.shape.Q());
    Tensor<float> produced(layer.output_shape);
    for (std::size_t j = 0; j < sums.size(); ++j) {
      const std::size_t mirrored = j / plane * plane + plane - 1 - j % plane;
      const auto m = j / plane % static_cast<std::size_t>(layer.shape.M);
      float y = sums[mirrored] + c.workload.layers.front().channels[m].bias_fp32;
      if (layer.relu) y = std::max(y, 0.0F);
      if (c.residual) y += c.residual->data[j];
      if (c.residual && layer.relu_after_add) y = std::max(y, 0.0F);
      produced.data[j] = y;
      if (bound[j] > 0) {
        closest = std::max(closest, std::abs(double{y} - expected.data[j]) / bound[j]);
      }
    }
    const TensorCheck check = compare(produced, expected, bound);
    INFO(check.first_mismatch);
    REQUIRE(check.passed());
    ++checked;
  }
  CHECK(checked > 10);
  CHECK(closest > 0.05);
}

TEST_CASE("The summation bound of a fused addition allows for rounding its result") {
  const ConvShape shape;
  Workload workload = one_layer(LayerKind::conv, ConvOp{}, shape, shape.ofmap(), Precision::fp32);
  workload.lowered.layers.front().residual = 0;
  workload.layers.front().filters = tensor<float>({1, 1, 1, 1}, {0.5F});
  workload.layers.front().channels = {{.bias = 0, .factor = {}, .bias_fp32 = -1}};
  const AnyTensor input = tensor<float>({1, 1, 1, 1}, {2}), residual = tensor<float>({}, {-4096});
  const double u = 0x1p-24;
  const double sum = 2 * 2 * u * (1 + 1);  // two roundings of |2 x 0.5| + |-1|, in either order
  CHECK(reference::summation_bound(workload, 0, input, nullptr).front() == Approx(sum));
  CHECK(reference::summation_bound(workload, 0, input, &residual).front() ==
        Approx(sum + 2 * u * (1 + 1 + 4096)));
}

TEST_CASE("A fully connected layer reads a whole feature map") {
  ConvShape shape;
  shape.N = 2;
  shape.C = 12;
  shape.M = 1;
  Workload workload = one_layer(LayerKind::fully_connected, FullyConnectedOp{.M = 1}, shape,
                                {2, 1, 1, 1}, Precision::int16);
  std::vector<std::int16_t> words(12);
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = static_cast<std::int16_t>(i);
  workload.layers.front().filters = tensor({1, 12, 1, 1}, words);
  workload.layers.front().channels = {{.bias = 4, .factor = to_fixed_point(1)}};
  std::vector<std::int16_t> input(24, 1);
  input[23] = 3;
  const AnyTensor output = reference::run_layer(workload, 0, tensor({2, 3, 2, 2}, input), nullptr);
  CHECK(std::get<Tensor<std::int16_t>>(output).data == std::vector<std::int16_t>{70, 92});
}

}  // namespace
}  // namespace ridgeline
