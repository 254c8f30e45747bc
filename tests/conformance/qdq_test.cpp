#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/conformance/words_case.hpp"

/// Quantised networks in the form of pairs of QuantizeLinear and DequantizeLinear around operators
/// on real numbers. The input is real; its words are those that ONNX specifies.
namespace ridgeline::onnx_tests {
namespace {

using testing::Random;

/// A convolution with an int32 bias, "c", whose weights are words of a DequantizeLinear.
ExactSums put_convolution(Random& random, ModelBuilder& model, const Input& x, const Words& w) {
  const std::int64_t M = w.dims[0];
  std::vector<std::int32_t> bias;
  std::vector<float> scales;
  for (std::size_t m = 0; m < static_cast<std::size_t>(M); ++m) {
    bias.push_back(random.between(-9'000, 9'000));
    scales.push_back(static_cast<float>(x.words.scale(0) * w.scale(m)));
  }
  put_words(model, "w", w);
  model.words("b", {M}, bias, onnx::TensorProto::INT32);
  model.weights("b_s", {{M}, scales});
  put(model.node("DequantizeLinear", {"w", "w_s", "w_z"}, "w_d"), "axis", std::int64_t{0});
  put(model.node("DequantizeLinear", {"b", "b_s"}, "b_d"), "axis", std::int64_t{0});
  Sliding s = random_sliding(random);
  s.group = x.words.dims[1] / w.dims[1];
  put_sliding(model.node("Conv", {"x_d", "w_d", "b_d"}, "c"), s);
  return convolve_words(x.words, w, bias, s);
}

Agreement any_conv(std::uint64_t seed) {
  INFO("seed " << seed);
  Random random(seed);
  const std::int64_t G = random.between(1, 3), C = random.between(1, 4);
  const std::int64_t M = G * random.between(1, 4);
  const Input x = random_input(random, {random.between(1, 2), G * C, random.between(7, 10), 8});
  const Words w = random_words(random, {M, C, random.between(1, 3), random.between(1, 3)},
                               random.one_in(2) ? static_cast<std::size_t>(M) : 1);
  ModelBuilder model = model_of(x);
  Reals reals = reals_of(put_convolution(random, model, x, w), x.words, w);
  std::string last = "c";
  if (random.one_in(2)) {
    last = "r";
    model.node("Relu", {"c"}, last);
    reals.clamp(0, HUGE_VAL);
  }
  const Words y = fitting_words(random, reals.largest());
  quantise_output(model, last, y);
  return run_words(model, x.reals, reals.values, reals.terms, y, seed % 4 == 0);
}

/// c = Conv(x); y = Relu(c + x) with words between, the sum fused into the convolution.
Agreement any_residual(std::uint64_t seed) {
  INFO("seed " << seed);
  Random random(seed);
  const std::int64_t C = random.between(1, 6);
  const Input x = random_input(random, {1, C, 6, 7});
  Words w = random_words(random, {C, C, 1, 1});
  ModelBuilder model = model_of(x);
  put_words(model, "w", w);
  model.node("DequantizeLinear", {"w", "w_s", "w_z"}, "w_d");
  model.node("Conv", {"x_d", "w_d"}, "c");
  const Reals c = reals_of(convolve_words(x.words, w, {}, {}), x.words, w);
  // The convolution's own words must not lie near a tie: a step there is not one step behind it.
  const Words like = fitting_words(random, c.largest());
  put_pair(model, "c", "c_d", like);
  model.node("Add", {"c_d", "x_d"}, "sum");
  model.node("Relu", {"sum"}, "r");
  const std::vector<double> left = reals_of(words_for(c.values, like, {}));
  const std::vector<double> right = reals_of(x.words);
  Reals sums;
  for (std::size_t i = 0; i < left.size(); ++i)
    sums.add(std::max(0.0, left[i] + right[i]), std::abs(left[i]) + std::abs(right[i]));
  const Words y = fitting_words(random, sums.largest());
  quantise_output(model, "r", y);
  return run_words(model, x.reals, sums.values, sums.terms, y, seed % 4 == 0);
}

/// Words of one scale that become words of another: through a Relu, a max pool, or at once.
Agreement any_requantisation(std::uint64_t seed) {
  INFO("seed " << seed);
  Random random(seed);
  const Input x = random_input(random, {1, random.between(1, 5), 6, 7});
  const Words w = random_words(random, {random.between(1, 5), x.words.dims[1], 1, 1});
  ModelBuilder model = model_of(x);
  put_words(model, "w", w);
  model.node("DequantizeLinear", {"w", "w_s", "w_z"}, "w_d");
  model.node("Conv", {"x_d", "w_d"}, "c");
  const Reals c = reals_of(convolve_words(x.words, w, {}, {}), x.words, w);
  const Words like = fitting_words(random, c.largest() / random.between(1, 3));
  put_pair(model, "c", "c_d", like);
  const auto between = static_cast<std::size_t>(random.between(0, 2));
  const std::vector<double> before = reals_of(words_for(c.values, like, {}));
  Reals reals;
  for (const double value : before) reals.add(value, value);
  if (between == 0) reals.clamp(0, HUGE_VAL);
  if (between == 1) {
    const Array pooled =
        pool({{1, w.dims[0], 6, 7}, {before.begin(), before.end()}}, 2, 2, {.max = true});
    reals = {};
    for (const float value : pooled.values) reals.add(value, std::abs(value) + like.scale(0));
    put(model.node("MaxPool", {"c_d"}, "m"), "kernel_shape", std::vector<std::int64_t>{2, 2});
  }
  if (between == 0) model.node("Relu", {"c_d"}, "m");
  const Words y = fitting_words(random, reals.largest());
  quantise_output(model, between == 2 ? "c_d" : "m", y);
  return run_words(model, x.reals, reals.values, reals.terms, y, seed % 4 == 0);
}

Agreement any_pool(std::uint64_t seed) {
  INFO("seed " << seed);
  Random random(seed);
  const Input x = random_input(random, {1, random.between(1, 5), 6, 7});
  const std::vector<double> reals = reals_of(x.words);
  const Array real_x{x.words.dims, {reals.begin(), reals.end()}};
  ModelBuilder model = model_of(x);
  Sliding s{.max = random.one_in(2)};
  std::int64_t R = random.between(1, 3), S = random.between(1, 3);
  if (!s.max && random.one_in(2)) {
    model.node("GlobalAveragePool", {"x_d"}, "p");
    R = 6;
    S = 7;
  } else {
    put(model.node(s.max ? "MaxPool" : "AveragePool", {"x_d"}, "p"), "kernel_shape",
        std::vector<std::int64_t>{R, S});
  }
  const Array pooled = pool(real_x, R, S, s);
  Reals result;
  // The oracle's pools give floats, so their own rounding counts too; hence whole sums of words.
  for (const float value : pooled.values) result.add(value, std::abs(value) + x.words.scale(0));
  const Words y = fitting_words(random, result.largest());
  quantise_output(model, "p", y);
  return run_words(model, x.reals, result.values, result.terms, y, seed % 4 == 0);
}

/// y = Concat(x, Relu(x)) with a scale each.
Agreement any_concat(std::uint64_t seed) {
  INFO("seed " << seed);
  Random random(seed);
  const std::int64_t C = random.between(1, 5);
  const Input x = random_input(random, {1, C, 5, 6});
  std::vector<double> left = reals_of(x.words), right = left;
  for (double& value : right) value = std::max(0.0, value);
  const double largest = *std::ranges::max_element(left);
  const Words like = fitting_words(random, largest), y = fitting_words(random, largest);
  ModelBuilder model = model_of(x);
  model.node("Relu", {"x_d"}, "r");
  put_pair(model, "r", "r_d", like);
  put(model.node("Concat", {"x_d", "r_d"}, "both"), "axis", std::int64_t{1});
  quantise_output(model, "both", y);
  right = reals_of(words_for(right, like, {}));
  Reals joined;
  for (const auto* part : {&left, &right})
    for (const double value : *part) joined.add(value, value);
  return run_words(model, x.reals, joined.values, joined.terms, y, seed % 4 == 0);
}

void run_all(const char* what, Agreement (*any)(std::uint64_t), std::uint64_t cases) {
  Agreement all;
  for (std::uint64_t seed = 1; seed <= cases; ++seed) all += any(seed);
  report(what, all);
}

}  // namespace

TEST_CASE("A convolution between pairs gives ONNX's words", "[conformance]") {
  run_all("QDQ Conv", &any_conv, 200);
}

TEST_CASE("A residual addition between pairs gives ONNX's words", "[conformance]") {
  run_all("QDQ residual", &any_residual, 100);
}

TEST_CASE("Words become words of another scale as ONNX specifies it", "[conformance]") {
  run_all("QDQ requantisation", &any_requantisation, 100);
}

TEST_CASE("A pool between pairs gives ONNX's words", "[conformance]") {
  run_all("QDQ pool", &any_pool, 100);
}

TEST_CASE("Parts of a concatenation with different scales are requantised", "[conformance]") {
  run_all("QDQ Concat", &any_concat, 100);
}

}  // namespace ridgeline::onnx_tests
