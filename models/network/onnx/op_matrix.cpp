#include <fmt/format.h>

#include <numeric>

#include "models/network/onnx/operators.hpp"

namespace ridgeline::onnx_import {
namespace {

/// A constant matrix [K][M] behind an array, row-major with these steps.
struct Matrix {
  std::size_t K = 1, M = 1;
  std::size_t step_k = 1, step_m = 1;
  const std::vector<float>* words = nullptr;
  float factor = 1;
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

std::vector<float> filters_of(const Matrix& matrix, const std::vector<std::size_t>& places) {
  std::vector<float> filters(matrix.K * matrix.M);
  for (std::size_t m = 0; m < matrix.M; ++m)
    for (std::size_t k = 0; k < matrix.K; ++k)
      filters[m * matrix.K + places[k]] =
          matrix.factor * (*matrix.words)[k * matrix.step_k + m * matrix.step_m];
  return filters;
}

/// Whether the dimensions before `axis` are the images.
bool follows_images(const Activation& x, const TensorShape& shape, std::size_t axis) {
  const std::int64_t image = shape.elements() / shape.N;
  const Layout images(std::array<std::int64_t, 2>{shape.N, image});
  return x.layout.runs(0, axis) == images.runs(0, 1);
}

/// Each row of the array's last dimension times the matrix, plus `bias`: a fully connected layer,
/// or a 1x1 convolution where that dimension is the channels.
void multiply(NodeImport& node, const Activation& x, const Matrix& matrix,
              std::vector<float> bias) {
  const TensorShape shape = node.shape(x.node);
  const std::size_t last = x.layout.rank() - 1;
  std::vector<std::int64_t> dims = x.layout.dims();
  dims.back() = static_cast<std::int64_t>(matrix.M);
  const int M = to_int(node, dims.back(), "M");
  const bool has_bias = !bias.empty();
  if (follows_images(x, shape, last)) {
    NodeWeights weights{.filters = filters_of(matrix, places_in_image(x, shape, last)),
                        .bias = std::move(bias)};
    const NodeId id =
        node.add(FullyConnectedOp{.M = M, .bias = has_bias}, {x.node}, std::move(weights));
    return node.set_result({.node = id, .layout = Layout(dims)});
  }
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
  const NodeId id = node.add(ConvOp{.M = M, .bias = has_bias}, {x.node},
                             {.filters = filters_of(matrix, places), .bias = std::move(bias)});
  const auto rows = Layout(std::array<std::int64_t, 4>{shape.N, M, shape.H, shape.W})
                        .transposed(std::array<std::size_t, 4>{0, 2, 3, 1})
                        .reshaped(dims);
  if (!rows) node.fail_layout("multiplies rows that cannot be told apart behind it");
  node.set_result({.node = id, .layout = *rows});
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

std::vector<float> gemm_bias(const NodeImport& node, std::int64_t rows, std::size_t M) {
  if (!node.has_input(2)) return {};
  const Constant& c = node.constant(2);
  const std::vector<float>& values = node.floats(2);
  const float beta = node.real("beta", 1);
  const std::size_t rank = c.dims.size();
  const bool one_row = rank < 2 || c.dims[rank - 2] == 1 || (rows == 1 && rank == 2);
  if (rank > 2 || !one_row || (values.size() != M && values.size() != 1))
    node.fail("C is " + dims_text(c.dims), fmt::format("one number, or {}, one a column", M));
  std::vector<float> bias(M);
  for (std::size_t m = 0; m < M; ++m) bias[m] = beta * values[values.size() == 1 ? 0 : m];
  return bias;
}

}  // namespace

void import_gemm(NodeImport& node) {
  check_right_is_constant(node);
  Activation x = node.activation(0);
  const std::vector<std::int64_t> b = node.constant(1).dims;
  if (x.layout.rank() != 2 || b.size() != 2)
    node.fail("multiplies " + dims_text(x.layout.dims()) + " with " + dims_text(b), "two matrices");
  if (node.integer("transA", 0) != 0)
    x.layout = x.layout.transposed(std::array<std::size_t, 2>{1, 0});
  const bool transposed = node.integer("transB", 0) != 0;
  const auto rows = static_cast<std::size_t>(b[0]), cols = static_cast<std::size_t>(b[1]);
  const Matrix matrix{.K = transposed ? cols : rows,
                      .M = transposed ? rows : cols,
                      .step_k = transposed ? 1 : cols,
                      .step_m = transposed ? cols : 1,
                      .words = &node.floats(1),
                      .factor = node.real("alpha", 1)};
  check_inner(node, x.layout.dim(1), matrix.K);
  multiply(node, x, matrix, gemm_bias(node, x.layout.dim(0), matrix.M));
}

void import_mat_mul(NodeImport& node) {
  check_right_is_constant(node);
  const Activation x = node.activation(0);
  const std::vector<std::int64_t> b = node.constant(1).dims;
  if (x.layout.rank() < 2 || b.size() != 2)
    node.fail("multiplies " + dims_text(x.layout.dims()) + " with " + dims_text(b),
              "an array of rows with one matrix");
  const auto K = static_cast<std::size_t>(b[0]), M = static_cast<std::size_t>(b[1]);
  check_inner(node, x.layout.dim(x.layout.rank() - 1), K);
  multiply(node, x, {.K = K, .M = M, .step_k = M, .step_m = 1, .words = &node.floats(1)}, {});
}

}  // namespace ridgeline::onnx_import
