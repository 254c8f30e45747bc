#include <catch2/catch.hpp>
#include <random>

#include "tests/conformance/oracle.hpp"

/// Convolutions and pools of random shapes, where ONNX's own tests are thin: groups, dilation,
/// odd pads, ceil mode, kernels of one dimension.
namespace ridgeline::onnx_tests {
namespace {

constexpr double kTolerance = 1e-5;

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}
  std::int64_t operator()(std::int64_t from, std::int64_t to) {
    return std::uniform_int_distribution<std::int64_t>(from, to)(random_);
  }

 private:
  std::mt19937_64 random_;
};

Sliding any_sliding(Draw& draw, std::int64_t most_pad, bool one_dimension) {
  Sliding s{.stride_h = draw(1, 3),
            .top = draw(0, most_pad),
            .bottom = draw(0, most_pad),
            .dilation_h = draw(1, 2)};
  if (one_dimension) return s;
  s.stride_w = draw(1, 3);
  s.left = draw(0, most_pad);
  s.right = draw(0, most_pad);
  s.dilation_w = draw(1, 2);
  return s;
}

void put_window(onnx::NodeProto& node, const Sliding& s, bool one_dimension, bool dilated) {
  if (one_dimension) {
    put(node, "strides", std::vector<std::int64_t>{s.stride_h});
    put(node, "pads", std::vector<std::int64_t>{s.top, s.bottom});
    if (dilated) put(node, "dilations", std::vector<std::int64_t>{s.dilation_h});
  } else {
    put(node, "strides", std::vector<std::int64_t>{s.stride_h, s.stride_w});
    put(node, "pads", std::vector<std::int64_t>{s.top, s.left, s.bottom, s.right});
    if (dilated) put(node, "dilations", std::vector<std::int64_t>{s.dilation_h, s.dilation_w});
  }
}

Dims without_last(Dims dims) {
  dims.pop_back();
  return dims;
}

void compare(const ModelBuilder& model, const Array& x, const Array& expected, bool on_machine) {
  const TrainedNetwork trained = model.parse();
  CHECK(distance(by_reference(trained, x.values), expected.values) <= kTolerance);
  if (on_machine) CHECK(distance(by_machine(trained, x.values), expected.values) <= kTolerance);
}

void any_convolution(std::uint64_t seed) {
  INFO("seed " << seed);
  Draw draw(seed);
  const bool line = draw(0, 3) == 0;
  const std::int64_t G = draw(1, 3), C = draw(1, 4), M = G * draw(1, 5);
  const Array x = random_array({draw(1, 2), G * C, draw(7, 12), line ? 1 : draw(7, 12)}, seed);
  const Array w = random_array({M, C, draw(1, 3), line ? 1 : draw(1, 3)}, seed + 1);
  const bool with_bias = draw(0, 1) == 1;
  const Array bias = random_array({M}, seed + 2);
  Sliding s = any_sliding(draw, 3, line);
  s.group = G;
  ModelBuilder model(line ? without_last(x.dims) : x.dims);
  model.weights("w", {line ? without_last(w.dims) : w.dims, w.values});
  if (with_bias) model.weights("b", bias);
  onnx::NodeProto& node = model.node("Conv", with_bias ? std::vector<std::string>{"x", "w", "b"}
                                                       : std::vector<std::string>{"x", "w"});
  put(node, "group", G);
  put_window(node, s, line, true);
  compare(model, x, convolve(x, w, with_bias ? bias.values : std::vector<float>{}, s),
          seed % 4 == 0);
}

void any_pool(std::uint64_t seed) {
  INFO("seed " << seed);
  Draw draw(seed);
  const std::int64_t R = draw(2, 4), S = draw(2, 4);
  const Array x = random_array({draw(1, 2), draw(1, 9), draw(6, 12), draw(6, 12)}, seed);
  Sliding s = any_sliding(draw, 1, false);
  s.max = draw(0, 1) == 1;
  s.ceil_mode = draw(0, 1) == 1;
  s.count_include_pad = draw(0, 1) == 1;
  if (!s.max) s.dilation_h = s.dilation_w = 1;
  ModelBuilder model(x.dims);
  onnx::NodeProto& node = model.node(s.max ? "MaxPool" : "AveragePool", {"x"});
  put(node, "kernel_shape", std::vector<std::int64_t>{R, S});
  put(node, "ceil_mode", std::int64_t{s.ceil_mode});
  if (!s.max) put(node, "count_include_pad", std::int64_t{s.count_include_pad});
  put_window(node, s, false, s.max);
  compare(model, x, pool(x, R, S, s), seed % 4 == 0);
}

}  // namespace

TEST_CASE("Convolutions of any group, stride, pad and dilation equal seven loops",
          "[conformance]") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) any_convolution(seed);
}

TEST_CASE("Pools of any stride, pad, dilation and rounding equal their definition",
          "[conformance]") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) any_pool(seed);
}

}  // namespace ridgeline::onnx_tests
