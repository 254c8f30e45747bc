#include <catch2/catch.hpp>
#include <cmath>

#include "tests/conformance/words_case.hpp"

/// Quantised networks in the form of operators on words, where ONNX's own tests are thin.
namespace ridgeline::onnx_tests {
namespace {

using testing::Random;

std::vector<std::int32_t> random_bias(Random& random, std::int64_t M) {
  std::vector<std::int32_t> bias;
  for (std::int64_t m = 0; m < M; ++m) bias.push_back(random.between(-20'000, 20'000));
  return bias;
}

Agreement any_qlinear_conv(std::uint64_t seed) {
  INFO("seed " << seed);
  Random random(seed);
  const std::int64_t G = random.between(1, 3), C = random.between(1, 4);
  const std::int64_t M = G * random.between(1, 5);
  const bool exact = random.one_in(4), channels = random.one_in(2);
  Words x = random_words(
      random, {random.between(1, 2), G * C, random.between(7, 11), random.between(7, 11)});
  Words w = random_words(random, {M, C, random.between(1, 3), random.between(1, 3)},
                         channels ? static_cast<std::size_t>(M) : 1);
  if (exact) {
    make_exact(x);
    make_exact(w);
  }
  const auto bias = random.one_in(2) ? random_bias(random, M) : std::vector<std::int32_t>{};
  Sliding s = random_sliding(random);
  s.group = G;
  const Reals reals = reals_of(convolve_words(x, w, bias, s), x, w);
  const Words y = fitting_words(random, reals.largest(), exact);
  ModelBuilder model(x.dims, 10);
  set_input_type(model, x.type);
  Words scale_of_x = x;
  scale_of_x.values.clear();
  put_words(model, "x", scale_of_x);
  put_words(model, "w", w);
  put_words(model, "y", y);
  std::vector<std::string> inputs{"x", "x_s", "x_z", "w", "w_s", "w_z", "y_s", "y_z"};
  if (!bias.empty()) {
    model.words("b", {M}, bias, onnx::TensorProto::INT32);
    inputs.emplace_back("b");
  }
  put_sliding(model.node("QLinearConv", inputs), s);
  return run_words(model, as_floats(x), reals.values, reals.terms, y, seed % 4 == 0);
}

Agreement any_qlinear_mat_mul(std::uint64_t seed) {
  INFO("seed " << seed);
  Random random(seed);
  const std::int64_t N = random.between(1, 4), K = random.between(1, 40), M = random.between(1, 9);
  const Words x = random_words(random, {N, K, 1, 1});
  const Words w =
      random_words(random, {M, K, 1, 1}, random.one_in(2) ? static_cast<std::size_t>(M) : 1);
  const Reals reals = reals_of(convolve_words(x, w, {}, {}), x, w);
  const Words y = fitting_words(random, reals.largest());
  Words columns = w, scale_of_x = x;
  columns.dims = {K, M};
  for (std::int64_t k = 0; k < K; ++k)
    for (std::int64_t m = 0; m < M; ++m)
      columns.values[static_cast<std::size_t>(k * M + m)] =
          w.values[static_cast<std::size_t>(m * K + k)];
  scale_of_x.values.clear();
  ModelBuilder model({N, K}, 10);
  set_input_type(model, x.type);
  put_words(model, "x", scale_of_x);
  put_words(model, "w", columns);
  put_words(model, "y", y);
  model.node("QLinearMatMul", {"x", "x_s", "x_z", "w", "w_s", "w_z", "y_s", "y_z"});
  return run_words(model, as_floats(x), reals.values, reals.terms, y, seed % 4 == 0);
}

}  // namespace

TEST_CASE("QLinearConv of any types, scales and windows gives ONNX's words", "[conformance]") {
  Agreement all;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) all += any_qlinear_conv(seed);
  report("QLinearConv", all);
}

TEST_CASE("QLinearMatMul of any types and scales gives ONNX's words", "[conformance]") {
  Agreement all;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) all += any_qlinear_mat_mul(seed);
  report("QLinearMatMul", all);
}

TEST_CASE("Integer products are exact", "[conformance]") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    const std::int64_t C = random.between(1, 4), M = random.between(1, 6);
    Words x = random_words(random, {1, C, random.between(5, 9), random.between(5, 9)});
    Words w = random_words(random, {M, C, random.between(1, 3), random.between(1, 3)},
                           random.one_in(2) ? static_cast<std::size_t>(M) : 1);
    const Sliding s = random_sliding(random);
    const ExactSums sums = convolve_words(x, w, {}, s);
    ModelBuilder model(x.dims, 10);
    set_input_type(model, x.type);
    put_words(model, "w", w);
    model.words("x_z", {}, x.zeros, x.type);
    put_sliding(model.node("ConvInteger", {"x", "w", "x_z", "w_z"}), s);
    const TrainedNetwork trained = model.parse();
    CHECK(trained.outputs[0].elements == ElementType::int32);
    const std::vector<float> expected(sums.values.begin(), sums.values.end());
    CHECK(by_reference(trained, as_floats(x)) == expected);
    if (seed % 4 == 0) CHECK(by_machine(trained, as_floats(x)) == expected);
  }
}

}  // namespace ridgeline::onnx_tests
