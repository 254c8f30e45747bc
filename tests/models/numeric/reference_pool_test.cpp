#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "models/numeric/reference.hpp"
#include "tests/models/numeric/hand_made.hpp"
#include "tests/models/numeric/oracle.hpp"

namespace ridgeline {
namespace {

using hand_made::one_layer;
using hand_made::tensor;

Workload pool(PoolOp op, TensorShape input, TensorShape output, Precision precision) {
  const ConvShape shape{
      .N = input.N, .M = input.C, .C = input.C, .H = input.H, .W = input.W, .window = op.window};
  return one_layer(op.kind == PoolKind::max ? LayerKind::max_pool : LayerKind::average_pool, op,
                   shape, output, precision);
}

template <class T>
std::vector<T> pooled(const Workload& workload, std::vector<T> input) {
  const AnyTensor x = tensor(workload.lowered.network.input(), std::move(input));
  return std::get<Tensor<T>>(reference::run_layer(workload, 0, x, nullptr)).data;
}

using Bytes8 = std::vector<std::int8_t>;
using Floats = std::vector<float>;

TEST_CASE("Padding never wins a maximum") {
  const PoolOp op{.kind = PoolKind::max, .window = {.R = 3, .S = 3, .pad = {1, 1, 1, 1}}};
  const Workload workload = pool(op, {1, 1, 2, 2}, {1, 1, 2, 2}, Precision::int8);
  CHECK(pooled(workload, Bytes8{-5, -7, -9, -11}) == Bytes8{-5, -5, -5, -5});
}

TEST_CASE("A pool in ceil mode takes what its last windows still meet") {
  const PoolOp op{
      .kind = PoolKind::max, .window = {.R = 2, .S = 2, .stride = {2, 2}}, .ceil_mode = true};
  const Workload workload = pool(op, {1, 1, 3, 3}, {1, 1, 2, 2}, Precision::int8);
  CHECK(pooled(workload, Bytes8{1, 2, 3, 4, 5, 6, 7, 8, -9}) == Bytes8{5, 6, 8, -9});
}

TEST_CASE("A max pool rescales, rounds, saturates and applies ReLU in that order") {
  const PoolOp op{.kind = PoolKind::max, .window = {.S = 2, .stride = {1, 2}}};
  Workload workload = pool(op, {1, 1, 1, 8}, {1, 1, 1, 4}, Precision::int8);
  const Bytes8 input{1, 3, -3, -5, 100, 2, -100, -90};
  CHECK(pooled(workload, input) == Bytes8{3, -3, 100, -90});
  workload.layers.front().input.scale = 1.5;
  CHECK(pooled(workload, input) == Bytes8{5, -4, 127, -127});
  workload.lowered.layers.front().relu = true;
  CHECK(pooled(workload, input) == Bytes8{5, 0, 127, 0});
}

TEST_CASE("An average counts the elements that it meets, or its padding too if told so") {
  PoolOp op{.kind = PoolKind::average,
            .window = {.R = 2, .S = 2, .stride = {2, 2}, .pad = {1, 1, 1, 1}}};
  const Floats input{1, 2, 3, 4, 5, 6, 7, 8, 9};
  Workload workload = pool(op, {1, 1, 3, 3}, {1, 1, 2, 2}, Precision::fp32);
  CHECK(pooled(workload, input) == Floats{1, 2.5, 5.5, 7});
  op.count_include_pad = true;
  workload = pool(op, {1, 1, 3, 3}, {1, 1, 2, 2}, Precision::fp32);
  CHECK(pooled(workload, input) == Floats{0.25, 1.25, 2.75, 7});
}

TEST_CASE("Counted padding ends where the padding ends, also in ceil mode") {
  const PoolOp op{.kind = PoolKind::average,
                  .window = {.R = 1, .S = 4, .stride = {1, 2}, .pad = {0, 0, 0, 1}},
                  .ceil_mode = true,
                  .count_include_pad = true};
  // Six columns and one of padding: the last window reaches one column further than that.
  const Workload workload = pool(op, {1, 1, 1, 6}, {1, 1, 1, 3}, Precision::fp32);
  CHECK(pooled(workload, Floats{1, 2, 3, 4, 5, 6}) == Floats{2.5, 4.5, 11.0F / 3});
}

TEST_CASE("An integer average rounds the exact sum once") {
  const PoolOp op{.kind = PoolKind::average, .window = {.S = 3, .stride = {1, 3}}};
  Workload workload = pool(op, {1, 1, 1, 9}, {1, 1, 1, 3}, Precision::int8);
  const Bytes8 input{1, 1, 2, -1, -1, -2, 127, 127, 126};
  CHECK(pooled(workload, input) == Bytes8{1, -1, 127});
  workload.layers.front().input.scale = 1.5;  // sums of 4, -4 and 380, halved
  CHECK(pooled(workload, input) == Bytes8{2, -2, 127});
  CHECK(average_factor(workload.layers.front(), 3) == to_fixed_point(0.5));
}

/// A pool by the definition: the maximum or the rounded average of what each window meets.
std::vector<std::int16_t> pool_oracle(const ConvShape& shape, bool is_max,
                                      const std::vector<std::int16_t>& input) {
  std::vector<std::int16_t> output;
  const auto& [top, left, bottom, right] = shape.window.pad;
  for (int nc = 0; nc < shape.N * shape.C; ++nc)
    for (int p = 0; p < shape.P(); ++p)
      for (int q = 0; q < shape.Q(); ++q) {
        std::vector<int> words;
        for (int r = 0; r < shape.R(); ++r)
          for (int s = 0; s < shape.S(); ++s) {
            const int h = p * shape.window.stride[0] - top + r * shape.window.dilation[0];
            const int w = q * shape.window.stride[1] - left + s * shape.window.dilation[1];
            if (h < 0 || h >= shape.H || w < 0 || w >= shape.W) continue;
            words.push_back(input[static_cast<std::size_t>((nc * shape.H + h) * shape.W + w)]);
          }
        if (words.empty()) words.push_back(0);
        const double average =
            std::accumulate(words.begin(), words.end(), 0.0) / static_cast<double>(words.size());
        output.push_back(static_cast<std::int16_t>(
            is_max ? *std::max_element(words.begin(), words.end()) : std::floor(average + 0.5)));
      }
  return output;
}

TEST_CASE("Pools of random shapes are those of plain loops over the definition") {
  oracle::Random random(31);
  for (int i = 0; i < 300; ++i) {
    ConvShape shape = oracle::random_layer(random);
    shape.M = shape.C;
    INFO("seed 31, layer " << i << ": " << oracle::describe(shape));
    const bool is_max = oracle::draw(random, 0, 1) == 1;
    const PoolOp op{.kind = is_max ? PoolKind::max : PoolKind::average, .window = shape.window};
    const Workload workload = pool(op, shape.ifmap(), shape.ofmap(), Precision::int16);
    const auto input = oracle::random_words<std::int16_t>(random, shape.ifmap().elements());
    const auto produced = pooled(workload, input), expected = pool_oracle(shape, is_max, input);
    REQUIRE(produced.size() == expected.size());
    // The factor 1/count has 24 bits, so a tie or nearly one may fall to the other side.
    for (std::size_t j = 0; j < expected.size(); ++j) {
      REQUIRE(std::abs(produced[j] - expected[j]) <= (is_max ? 0 : 1));
    }
  }
}

}  // namespace
}  // namespace ridgeline
