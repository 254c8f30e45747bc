#include <catch2/catch.hpp>

#include "tests/conformance/oracle.hpp"

/// Operators that only look at an array differently, in front of and behind ones that compute.
namespace ridgeline::onnx_tests {
namespace {

constexpr double kTolerance = 1e-5;
using Ints = std::vector<std::int64_t>;

void compare(const ModelBuilder& model, const Array& x, const Array& expected) {
  const TrainedNetwork trained = model.parse();
  CHECK(distance(by_reference(trained, x.values), expected.values) <= kTolerance);
  CHECK(distance(by_machine(trained, x.values), expected.values) <= kTolerance);
}

/// C channels in `groups` groups, one of each in turn.
Array shuffled(Array x, std::int64_t groups) {
  const Dims dims = x.dims;
  x.dims = {dims[0], groups, dims[1] / groups, dims[2], dims[3]};
  x = transposed(x, {0, 2, 1, 3, 4});
  x.dims = dims;
  return x;
}

void put_shuffle(ModelBuilder& model, const Dims& dims, std::int64_t groups, const std::string& x,
                 const std::string& y) {
  model.integers(y + "_apart", {0, groups, dims[1] / groups, dims[2], -1});
  model.integers(y + "_joined", dims);
  model.node("Reshape", {x, y + "_apart"}, y + "_1");
  put(model.node("Transpose", {y + "_1"}, y + "_2"), "perm", Ints{0, 2, 1, 3, 4});
  model.node("Reshape", {y + "_2", y + "_joined"}, y);
}

}  // namespace

TEST_CASE("A channel shuffle goes into the weights behind it", "[conformance]") {
  const Array x = random_array({2, 12, 5, 4}, 1), w = random_array({6, 12, 3, 3}, 2);
  ModelBuilder model(x.dims);
  model.weights("w", w);
  put_shuffle(model, x.dims, 3, "x", "s");
  model.node("Conv", {"s", "w"});
  CHECK(model.parse().network.nodes.size() == 2);
  compare(model, x, convolve(shuffled(x, 3), w, {}, {}));
}

TEST_CASE("A channel shuffle passes a depthwise convolution and reaches a grouped one",
          "[conformance]") {
  const Array x = random_array({1, 12, 6, 6}, 3);
  const Array depthwise = random_array({12, 1, 3, 3}, 4), grouped = random_array({6, 4, 1, 1}, 5);
  const Array bias = random_array({12}, 6);
  ModelBuilder model(x.dims);
  model.weights("d", depthwise);
  model.weights("b", bias);
  model.weights("g", grouped);
  put_shuffle(model, x.dims, 3, "x", "s");
  put(model.node("Conv", {"s", "d", "b"}, "m"), "group", std::int64_t{12});
  put(model.node("Conv", {"m", "g"}), "group", std::int64_t{3});
  const Array middle = convolve(shuffled(x, 3), depthwise, bias.values, {.group = 12});
  compare(model, x, convolve(middle, grouped, {}, {.group = 3}));
}

TEST_CASE("A graph with channels last computes as one with channels second", "[conformance]") {
  const Array nhwc = random_array({2, 6, 5, 3}, 7), w = random_array({4, 3, 3, 2}, 8);
  const Array matrix = random_array({4, 5}, 9);
  ModelBuilder model(nhwc.dims);
  model.weights("w", w);
  model.weights("matrix", matrix);
  put(model.node("Transpose", {"x"}, "nchw"), "perm", Ints{0, 3, 1, 2});
  put(model.node("Conv", {"nchw", "w"}, "c"), "pads", Ints{1, 0, 0, 1});
  put(model.node("Transpose", {"c"}, "last"), "perm", Ints{0, 2, 3, 1});
  model.node("MatMul", {"last", "matrix"});
  Array pointwise = transposed(matrix, {1, 0});
  pointwise.dims = {5, 4, 1, 1};
  const Array c = convolve(transposed(nhwc, {0, 3, 1, 2}), w, {}, {.top = 1, .right = 1});
  compare(model, nhwc, transposed(convolve(c, pointwise, {}, {}), {0, 2, 3, 1}));
}

TEST_CASE("A convolution of transposed maps has its kernel transposed", "[conformance]") {
  const Array x = random_array({1, 2, 7, 5}, 10), w = random_array({3, 2, 3, 2}, 11);
  ModelBuilder model(x.dims);
  model.weights("w", w);
  put(model.node("Transpose", {"x"}, "t"), "perm", Ints{0, 1, 3, 2});
  onnx::NodeProto& node = model.node("Conv", {"t", "w"});
  put(node, "pads", Ints{0, 1, 2, 0});
  put(node, "strides", Ints{1, 2});
  compare(model, x,
          convolve(transposed(x, {0, 1, 3, 2}), w, {}, {.stride_w = 2, .left = 1, .bottom = 2}));
}

TEST_CASE("A matrix behind a flattened, shuffled map finds its elements", "[conformance]") {
  const Array x = random_array({2, 4, 3, 2}, 12), matrix = random_array({5, 24}, 13);
  ModelBuilder model(x.dims);
  model.weights("m", matrix);
  put_shuffle(model, x.dims, 2, "x", "s");
  put(model.node("Transpose", {"s"}, "last"), "perm", Ints{0, 2, 3, 1});
  put(model.node("Flatten", {"last"}, "f"), "axis", std::int64_t{1});
  onnx::NodeProto& gemm = model.node("Gemm", {"f", "m"});
  put(gemm, "transB", std::int64_t{1});
  put(gemm, "alpha", 0.5F);
  Array rows = transposed(shuffled(x, 2), {0, 2, 3, 1});
  rows.dims = {2, 24, 1, 1};
  Array half{{5, 24, 1, 1}, matrix.values};
  for (float& value : half.values) value *= 0.5F;
  compare(model, x, convolve(rows, half, {}, {}));
}

TEST_CASE("Pads of zeros go into the window behind them, or into a layer", "[conformance]") {
  const Array x = random_array({1, 3, 6, 5}, 14), w = random_array({2, 3, 3, 3}, 15);
  ModelBuilder model(x.dims);
  model.weights("w", w);
  model.integers("pads", {0, 0, 2, 1, 0, 0, 0, 3});
  model.node("Pad", {"x", "pads"}, "p");
  const Sliding padded{.top = 2, .left = 1, .right = 3};
  SECTION("of a convolution") {
    put(model.node("Conv", {"p", "w"}), "pads", Ints{0, 1, 0, 0});
    CHECK(model.parse().network.nodes.size() == 2);
    compare(model, x, convolve(x, w, {}, {.top = 2, .left = 2, .right = 3}));
  }
  const Array ones{{3, 1, 1, 1}, {1, 1, 1}};
  Sliding identity = padded;
  identity.group = 3;
  const Array zeros_around = convolve(x, ones, {}, identity);
  SECTION("of an average") {
    put(model.node("AveragePool", {"p"}), "kernel_shape", Ints{4, 4});
    CHECK(model.parse().network.nodes.size() == 2);
    compare(model, x, pool(zeros_around, 4, 4, {}));
  }
  SECTION("of a maximum, which they can win") {
    put(model.node("MaxPool", {"p"}), "kernel_shape", Ints{2, 2});
    compare(model, x, pool(zeros_around, 2, 2, {.max = true}));
  }
}

}  // namespace ridgeline::onnx_tests
