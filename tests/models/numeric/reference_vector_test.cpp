#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "models/numeric/lrn_softmax.hpp"
#include "models/numeric/reference.hpp"
#include "tests/models/numeric/hand_made.hpp"

namespace ridgeline {
namespace {

using hand_made::one_vector_layer;
using hand_made::tensor;

template <class T>
std::vector<T> run(const Workload& workload, std::vector<T> input,
                   std::optional<std::vector<T>> residual = {}) {
  const TensorShape shape = workload.lowered.network.input();
  const AnyTensor x = tensor(shape, std::move(input));
  if (!residual) return std::get<Tensor<T>>(reference::run_layer(workload, 0, x, nullptr)).data;
  const AnyTensor other = tensor(shape, std::move(*residual));
  return std::get<Tensor<T>>(reference::run_layer(workload, 0, x, &other)).data;
}

using Words8 = std::vector<std::int8_t>;
using Words16 = std::vector<std::int16_t>;
using Floats = std::vector<float>;

TEST_CASE("Reals are rounded half up") {
  CHECK(round_half_up(2.5) == 3);
  CHECK(round_half_up(-2.5) == -2);
  CHECK(round_half_up(-2.51) == -3);
  CHECK(round_half_up(2.49) == 2);
}

TEST_CASE("An addition of its own scales both operands and rounds once") {
  Workload workload = one_vector_layer(LayerKind::add, AddOp{}, {1, 2, 1, 2}, Precision::int8);
  workload.lowered.layers.front().residual = 0;
  workload.layers.front().add = to_fixed_point_pair(0.5, 0.25);
  const Words8 a{3, -3, 127, -100}, b{2, 2, 127, -100};
  CHECK(run(workload, a, std::optional(b)) == Words8{2, -1, 95, -75});
  workload.lowered.layers.front().relu_after_add = true;
  CHECK(run(workload, a, std::optional(b)) == Words8{2, 0, 95, 0});
  Workload real = one_vector_layer(LayerKind::add, AddOp{}, {1, 1, 1, 2}, Precision::fp32);
  real.lowered.layers.front().residual = 0;
  CHECK(run(real, Floats{1, -2}, std::optional(Floats{0.5, 1})) == Floats{1.5, -1});
}

TEST_CASE("A copy moves to another scale and applies ReLU") {
  Workload workload = one_vector_layer(LayerKind::copy, ConcatOp{}, {1, 1, 2, 2}, Precision::int16);
  const Words16 input{5, -5, 32767, -32767};
  CHECK(run(workload, input) == input);
  workload.layers.front().input.scale = 0.5;
  CHECK(run(workload, input) == Words16{3, -2, 16384, -16383});
  workload.lowered.layers.front().relu = true;
  CHECK(run(workload, input) == Words16{3, 0, 16384, 0});
}

TEST_CASE("LRN divides by the power of its neighbours, clipped at the first and last channel") {
  const LrnOp op{.size = 3, .alpha = 3, .beta = 1, .k = 1};
  const Workload workload = one_vector_layer(LayerKind::lrn, op, {1, 4, 1, 2}, Precision::fp32);
  const Floats y = run(workload, Floats{1, 0, 2, 0, 3, 0, 4, 1});
  CHECK(y[0] == Approx(1.0 / (1 + 1 + 4)));
  CHECK(y[2] == Approx(2.0 / (1 + 1 + 4 + 9)));
  CHECK(y[4] == Approx(3.0 / (1 + 4 + 9 + 16)));
  CHECK(y[6] == Approx(4.0 / (1 + 9 + 16)));
  CHECK(y[7] == Approx(1.0 / (1 + 1)));
  CHECK(y[1] == 0);
}

TEST_CASE("LRN works on the real values of integer words") {
  const LrnOp op{.size = 5, .alpha = 1e-1F, .beta = 0.75F, .k = 2};
  Workload workload = one_vector_layer(LayerKind::lrn, op, {1, 6, 1, 1}, Precision::int8);
  workload.layers.front().input.scale = 0.25;
  workload.layers.front().output.scale = 0.125;
  const Words8 input{10, -127, 40, 3, 90, -60};
  const Words8 y = run(workload, input);
  for (int c = 0; c < 6; ++c) {
    double sum = 0;
    for (int i = std::max(0, c - 2); i <= std::min(5, c + 2); ++i) {
      sum += std::pow(0.25 * input[static_cast<std::size_t>(i)], 2);
    }
    const double real =
        0.25 * input[static_cast<std::size_t>(c)] / std::pow(2 + double{0.1F} / 5 * sum, 0.75);
    CHECK(y[static_cast<std::size_t>(c)] == std::lround(real / 0.125));
  }
}

TEST_CASE("Softmax runs over the channels at each position and sums to one") {
  const Workload workload =
      one_vector_layer(LayerKind::softmax, SoftmaxOp{}, {2, 3, 1, 2}, Precision::fp32);
  Floats x(12);
  std::iota(x.begin(), x.end(), -5.0F);
  x[4] = 800;  // would overflow without the maximum
  const Floats y = run(workload, x);
  CHECK(y[1] + y[3] + y[5] == Approx(1));
  CHECK(y[1] == Approx(std::exp(-4.0) / (std::exp(-4.0) + std::exp(-2.0) + std::exp(0.0))));
  CHECK(y[4] == 1);
  CHECK(y[6] + y[8] + y[10] == Approx(1));
}

TEST_CASE("An integer softmax has words of 1/127") {
  Workload workload =
      one_vector_layer(LayerKind::softmax, SoftmaxOp{}, {1, 3, 1, 1}, Precision::int8);
  workload.layers.front().input.scale = 0.1;
  workload.layers.front().output.scale = 1.0 / 127;
  const Words8 y = run(workload, Words8{10, 20, -100});
  CHECK(y[0] == std::lround(127 * std::exp(-1.0) / (1 + std::exp(-1.0) + std::exp(-12.0))));
  CHECK(y[1] == std::lround(127 / (1 + std::exp(-1.0) + std::exp(-12.0))));
  CHECK(y[2] == 0);
}

}  // namespace
}  // namespace ridgeline
