#include <fmt/format.h>

#include <numeric>

#include "models/network/onnx/layers.hpp"
#include "models/network/onnx/operators.hpp"

namespace ridgeline::onnx_import {
namespace {

/// A constant matrix [K][M] behind an array, row-major with these steps.
struct Matrix {
  std::size_t K = 1, M = 1;
  std::size_t step_k = 1, step_m = 1;
};

/// For each k, where the array's element k lies in an image of the feature map.
std::vector<std::size_t> places_in_image(const Activation& x, const TensorShape& shape,
                                         std::size_t axis) {
  const std::size_t plane = static_cast<std::size_t>(shape.H) * static_cast<std::size_t>(shape.W);
  std::vector<std::size_t> places;
  for (const std::int64_t offset : x.layout.offsets(axis, axis + 1)) {
    const auto at = static_cast<std::size_t>(offset);
    places.push_back(x.channels.empty()
                         ? at
                         : static_cast<std::size_t>(x.channels[at / plane]) * plane + at % plane);
  }
  return places;
}

std::vector<float> filters_of(const Matrix& matrix, const std::vector<float>& numbers,
                              const std::vector<std::size_t>& places) {
  std::vector<float> filters(matrix.K * matrix.M);
  for (std::size_t m = 0; m < matrix.M; ++m)
    for (std::size_t k = 0; k < matrix.K; ++k)
      filters[m * matrix.K + places[k]] = numbers[k * matrix.step_k + m * matrix.step_m];
  return filters;
}

/// Whether the dimensions before `axis` are the images.
bool follows_images(const Activation& x, const TensorShape& shape, std::size_t axis) {
  const std::int64_t image = shape.elements() / shape.N;
  const Layout images(std::array<std::int64_t, 2>{shape.N, image});
  return x.layout.runs(0, axis) == images.runs(0, 1);
}

/// A fully connected layer: the rows are whole images.
Activation add_fully_connected(NodeImport& node, const Activation& x, const Matrix& matrix,
                               LayerWeights weights) {
  const std::size_t last = x.layout.rank() - 1;
  std::vector<std::int64_t> dims = x.layout.dims();
  dims.back() = static_cast<std::int64_t>(matrix.M);
  weights.filters =
      filters_of(matrix, weights.filters, places_in_image(x, node.shape(x.node), last));
  const FullyConnectedOp op{.M = to_int(node, dims.back(), "M"), .bias = !weights.bias.empty()};
  const NodeId id = node.add(op, {x.node}, node_weights(std::move(weights)));
  return {.node = id, .layout = Layout(dims)};
}

/// A 1x1 convolution: the rows are channels.
Activation add_pointwise(NodeImport& node, const Activation& x, const Matrix& matrix,
                         LayerWeights weights) {
  const TensorShape shape = node.shape(x.node);
  const std::size_t last = x.layout.rank() - 1;
  std::vector<std::int64_t> dims = x.layout.dims();
  dims.back() = static_cast<std::int64_t>(matrix.M);
  const int M = to_int(node, dims.back(), "M");
  const auto channels = channels_along(x, shape, last, last + 1);
  const Layout nhwc = Layout(std::array<std::int64_t, 4>{shape.N, shape.C, shape.H, shape.W})
                          .transposed(std::array<std::size_t, 4>{0, 2, 3, 1});
  if (!channels || x.layout.runs(0, last) != nhwc.runs(0, 3))
    node.fail_layout("multiplies along a dimension that is neither channels nor whole images");
  std::vector<std::size_t> places(channels->begin(), channels->end());
  if (places.empty()) {
    places.resize(matrix.K);
    std::iota(places.begin(), places.end(), std::size_t{0});
  }
  weights.filters = filters_of(matrix, weights.filters, places);
  const ConvOp op{.M = M, .bias = !weights.bias.empty()};
  const NodeId id = node.add(op, {x.node}, node_weights(std::move(weights)));
  const auto rows = Layout(std::array<std::int64_t, 4>{shape.N, M, shape.H, shape.W})
                        .transposed(std::array<std::size_t, 4>{0, 2, 3, 1})
                        .reshaped(dims);
  if (!rows) node.fail_layout("multiplies rows that cannot be told apart behind it");
  return {.node = id, .layout = *rows};
}

/// The factor goes into the scales of words where it can.
LayerWeights weights_of(const NodeImport& node, const Constant& b, const Matrix& matrix,
                        float factor) {
  const auto column = [&](std::size_t i) { return i / matrix.step_m % matrix.M; };
  LayerWeights weights = weights_from(node, b, matrix.M, column);
  if (factor == 1) return weights;
  if (factor > 0) {
    for (double& scale : weights.scales) scale *= static_cast<double>(factor);
    if (!weights.scales.empty()) return weights;
  }
  weights = {.filters = std::get<std::vector<float>>(b.data)};
  for (float& number : weights.filters) number *= factor;
  return weights;
}

void check_inner(const NodeImport& node, std::int64_t array, std::size_t matrix) {
  if (array != static_cast<std::int64_t>(matrix))
    node.fail(fmt::format("multiplies rows of {} with a matrix of {} rows", array, matrix),
              "the same number");
}

void check_right_is_constant(const NodeImport& node) {
  if (!node.is_constant(1))
    node.fail("multiplies two arrays that both depend on the input", "a constant matrix behind it");
}

void put_gemm_bias(const NodeImport& node, std::int64_t rows, std::size_t M,
                   const std::optional<Quantization>& ifmap, LayerWeights& weights) {
  if (!node.has_input(2)) return;
  const Constant& c = node.constant(2);
  const std::vector<float>& values = node.floats(2);
  const float beta = node.real("beta", 1);
  const std::size_t rank = c.dims.size();
  const bool one_row = rank < 2 || c.dims[rank - 2] == 1 || (rows == 1 && rank == 2);
  if (rank > 2 || !one_row || (values.size() != M && values.size() != 1))
    node.fail("C is " + dims_text(c.dims), fmt::format("one number, or {}, one a column", M));
  if (beta == 1 && node.real("alpha", 1) == 1 && values.size() == M)
    return put_bias(node, 2, M, ifmap, weights);
  weights.bias.resize(M);
  for (std::size_t m = 0; m < M; ++m) weights.bias[m] = beta * values[values.size() == 1 ? 0 : m];
}

}  // namespace

Activation multiply(NodeImport& node, const Activation& x, const Constant& b,
                    const RightMatrix& how, const PutBias& put_bias) {
  if (x.layout.rank() < 2 || b.dims.size() != 2 || x.padded())
    node.fail("multiplies " + dims_text(dims_of(x)) + " with " + dims_text(b.dims),
              "an array of rows with one matrix");
  const auto rows = static_cast<std::size_t>(b.dims[0]), cols = static_cast<std::size_t>(b.dims[1]);
  const Matrix matrix{.K = how.transposed ? cols : rows,
                      .M = how.transposed ? rows : cols,
                      .step_k = how.transposed ? 1 : cols,
                      .step_m = how.transposed ? cols : 1};
  check_inner(node, x.layout.dim(x.layout.rank() - 1), matrix.K);
  LayerWeights weights = weights_of(node, b, matrix, how.factor);
  put_bias(matrix.M, weights);
  if (follows_images(x, node.shape(x.node), x.layout.rank() - 1))
    return add_fully_connected(node, x, matrix, std::move(weights));
  return add_pointwise(node, x, matrix, std::move(weights));
}

void import_gemm(NodeImport& node) {
  check_right_is_constant(node);
  Activation x = node.activation(0);
  const Constant& b = node.constant(1);
  if (x.layout.rank() != 2 || b.dims.size() != 2)
    node.fail("multiplies " + dims_text(x.layout.dims()) + " with " + dims_text(b.dims),
              "two matrices");
  if (node.integer("transA", 0) != 0)
    x.layout = x.layout.transposed(std::array<std::size_t, 2>{1, 0});
  const RightMatrix how{.transposed = node.integer("transB", 0) != 0,
                        .factor = node.real("alpha", 1)};
  node.set_result(multiply(node, x, b, how, [&](std::size_t M, LayerWeights& weights) {
    put_gemm_bias(node, x.layout.dim(0), M, quantization_of(node, x), weights);
  }));
}

void import_mat_mul(NodeImport& node) {
  check_right_is_constant(node);
  const Activation x = node.activation(0);
  node.set_result(multiply(node, x, node.constant(1), {}, no_bias));
}

}  // namespace ridgeline::onnx_import
