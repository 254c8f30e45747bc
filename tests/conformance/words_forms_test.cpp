#include <catch2/catch.hpp>
#include <cmath>

#include "tests/conformance/words_case.hpp"

/// Ways in which files write the same quantised layer, and onnxruntime's operators on words.
namespace ridgeline::onnx_tests {
namespace {

using onnx::TensorProto;
using testing::Random;
using Ints = std::vector<std::int64_t>;

Words transposed_words(const Words& w) {
  Words columns = w;
  const std::int64_t M = w.dims[0], K = w.dims[1];
  columns.dims = {K, M};
  for (std::int64_t k = 0; k < K; ++k)
    for (std::int64_t m = 0; m < M; ++m)
      columns.values[static_cast<std::size_t>(k * M + m)] =
          w.values[static_cast<std::size_t>(m * K + k)];
  return columns;
}

void put_dequantised(ModelBuilder& model, const Words& w, std::int64_t axis) {
  put_words(model, "w", w);
  put(model.node("DequantizeLinear", {"w", "w_s", "w_z"}, "w_d"), "axis", axis);
}

/// x times a matrix, K to M, as files have it.
enum class MatrixForm { mat_mul, transposed_constant, gemm };

Agreement run_matrix(std::uint64_t seed, MatrixForm form) {
  INFO("seed " << seed);
  Random random(seed);
  const std::int64_t K = random.between(1, 30), M = random.between(1, 9);
  const Input x = random_input(random, {random.between(1, 3), K});
  const Words w = random_words(random, {M, K}, static_cast<std::size_t>(M));
  Words x4 = x.words, w4 = w;
  for (Words* words : {&x4, &w4}) words->dims.insert(words->dims.end(), {1, 1});
  const Reals reals = reals_of(convolve_words(x4, w4, {}, {}), x.words, w);
  const Words y = fitting_words(random, reals.largest());
  ModelBuilder model = model_of(x);
  put_dequantised(model, form == MatrixForm::mat_mul ? transposed_words(w) : w,
                  form == MatrixForm::mat_mul ? 1 : 0);
  if (form == MatrixForm::gemm) {
    put(model.node("Gemm", {"x_d", "w_d"}, "p"), "transB", std::int64_t{1});
  } else {
    if (form == MatrixForm::transposed_constant)
      put(model.node("Transpose", {"w_d"}, "w_t"), "perm", Ints{1, 0});
    model.node("MatMul", {"x_d", form == MatrixForm::mat_mul ? "w_d" : "w_t"}, "p");
  }
  quantise_output(model, "p", y);
  return run_words(model, x.reals, reals.values, reals.terms, y, seed % 4 == 0);
}

/// y = relu(DynamicQuantizeLinear(x) (x) w + b) as onnxruntime's quantize_dynamic writes it.
ModelBuilder dynamic_model(const Array& x, const Words& w, const Array& bias) {
  ModelBuilder model(x.dims, 11);
  put_words(model, "w", w);
  const bool matrix = x.dims.size() == 2;
  if (!matrix) {
    model.model.mutable_graph()->mutable_initializer(0)->clear_dims();  // M x 1 x 1, for the Mul
    for (const std::int64_t dim : {w.dims[0], std::int64_t{1}, std::int64_t{1}})
      model.model.mutable_graph()->mutable_initializer(0)->add_dims(dim);
  }
  model.weights("b", bias);
  onnx::NodeProto& dynamic = model.node("DynamicQuantizeLinear", {"x"}, "x_q");
  dynamic.add_output("x_s");
  dynamic.add_output("x_z");
  model.node(matrix ? "MatMulInteger" : "ConvInteger", {"x_q", "w", "x_z", "w_z"}, "sums");
  put(model.node("Cast", {"sums"}, "cast"), "to", std::int64_t{TensorProto::FLOAT});
  model.node("Mul", {"x_s", "w_s"}, "scale");
  model.node("Mul", {"cast", "scale"}, "product");
  model.node("Add", {"product", "b"}, "biased");
  model.node("Relu", {"biased"});
  return model;
}

Array dequantised(const Words& w) {
  Array real{.dims = w.dims};
  const std::size_t words = w.values.size() / static_cast<std::size_t>(w.dims[0]);
  for (std::size_t i = 0; i < w.values.size(); ++i)
    real.values.push_back(
        static_cast<float>(w.scale(i / words) * (w.values[i] - w.zero(i / words))));
  return real;
}

void check_filter_words(const TrainedNetwork& trained, const std::vector<float>& input,
                        const Words& w) {
  const Workload workload = workload_of(trained, input, Precision::int8);
  const auto& filters = std::get<Tensor<std::int8_t>>(workload.layers[0].filters).data;
  REQUIRE(filters.size() == w.values.size());
  // uint8 words are held as word - 128.
  for (std::size_t i = 0; i < filters.size(); ++i)
    CHECK(filters[i] == w.values[i] - w.lowest() - 128);
}

}  // namespace

TEST_CASE("A matrix of words behind an array, however it lies in the file", "[conformance]") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed)
    for (const MatrixForm form :
         {MatrixForm::mat_mul, MatrixForm::transposed_constant, MatrixForm::gemm})
      (void)run_matrix(seed, form);
}

TEST_CASE("A dynamically quantised convolution is that of its words' numbers", "[conformance]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    const Array x = random_array({1, 3, 6, 5}, seed);
    Words w = random_words(random, {4, 3, 2, 3}, 4);
    const Array bias = random_array({1, 4, 1, 1}, seed + 1);
    const TrainedNetwork trained = dynamic_model(x, w, bias).parse();
    Array expected = convolve(x, dequantised(w), bias.values, {});
    for (float& value : expected.values) value = std::max(value, 0.0F);
    CHECK(distance(by_reference(trained, x.values), expected.values) <= 1e-5);
    CHECK(distance(by_machine(trained, x.values, Precision::int8), expected.values) <= 0.02);
    check_filter_words(trained, x.values, w);
  }
}

TEST_CASE("Weights that a file quantises itself have the words that it gives them",
          "[conformance]") {
  Random random(1);
  const Input x = random_input(random, {1, 3, 5, 5});
  const Words w = random_words(random, {4, 3, 1, 1}, 4);
  const Reals reals = reals_of(convolve_words(x.words, w, {}, {}), x.words, w);
  const Words y = fitting_words(random, reals.largest());
  ModelBuilder model = model_of(x);
  Words like = w;
  like.values.clear();
  put_words(model, "w", like);
  model.weights("real", dequantised(w));
  put(model.node("QuantizeLinear", {"real", "w_s", "w_z"}, "w_q"), "axis", std::int64_t{0});
  put(model.node("DequantizeLinear", {"w_q", "w_s", "w_z"}, "w_d"), "axis", std::int64_t{0});
  model.node("Conv", {"x_d", "w_d"}, "c");
  quantise_output(model, "c", y);
  (void)run_words(model, x.reals, reals.values, reals.terms, y, true);
}

TEST_CASE("A bias whose words the file leaves to be worked out, as PyTorch writes it",
          "[conformance]") {
  Random random(2);
  const Input x = random_input(random, {1, 3, 5, 5});
  const Words w = random_words(random, {4, 3, 1, 1}, 4);
  const Array bias = random_array({4}, 7);
  std::vector<std::int32_t> words;
  for (std::size_t m = 0; m < 4; ++m) {
    const float unit = static_cast<float>(w.scale(m)) * static_cast<float>(x.words.scale(0));
    words.push_back(static_cast<std::int32_t>(bias.values[m] / unit));
  }
  const Reals reals = reals_of(convolve_words(x.words, w, words, {}), x.words, w);
  const Words y = fitting_words(random, reals.largest());
  ModelBuilder model = model_of(x);
  put_dequantised(model, w, 0);
  model.weights("b", bias);
  model.node("Mul", {"w_s", "x_d_s"}, "unit");
  model.node("Div", {"b", "unit"}, "b_units");
  put(model.node("Cast", {"b_units"}, "b_q"), "to", std::int64_t{TensorProto::INT32});
  put(model.node("DequantizeLinear", {"b_q", "unit"}, "b_d"), "axis", std::int64_t{0});
  model.node("Conv", {"x_d", "w_d", "b_d"}, "c");
  quantise_output(model, "c", y);
  (void)run_words(model, x.reals, reals.values, reals.terms, y, true);
  model.model.mutable_graph()->mutable_node(5)->mutable_attribute(0)->set_i(TensorProto::DOUBLE);
  CHECK_THROWS_WITH((void)model.parse(), Catch::Contains("makes elements of type 11"));
}

TEST_CASE("In fp32 a quantised network saturates where its words do", "[conformance]") {
  const Array x = random_array({1, 2, 4, 4}, 1), w = random_array({3, 2, 1, 1}, 2);
  ModelBuilder model(x.dims);
  model.weights("w", w);
  model.weights("s", {{}, {0.5F / 255}});
  model.words("z", {}, {0}, TensorProto::UINT8);
  model.node("Conv", {"x", "w"}, "c");
  model.node("QuantizeLinear", {"c", "s", "z"}, "q");
  model.node("DequantizeLinear", {"q", "s", "z"});
  Array expected = convolve(x, w, {}, {});
  for (float& value : expected.values) value = std::clamp(value, 0.0F, 0.5F);
  CHECK(distance(by_reference(model.parse(), x.values), expected.values) <= 1e-6);
  CHECK(distance(by_machine(model.parse(), x.values), expected.values) <= 1e-6);
  CHECK(distance(by_machine(model.parse(), x.values, Precision::int16), expected.values) <= 1e-3);
  CHECK(distance(by_machine(model.parse(), x.values, Precision::int8), expected.values) <= 0.02);
}

TEST_CASE("onnxruntime's sums and averages of words give ONNX's words", "[conformance]") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    const Words x = random_words(random, {1, random.between(1, 5), 6, 5});
    const std::vector<double> reals = reals_of(x);
    Words scale_of_x = x;
    scale_of_x.values.clear();
    ModelBuilder model(x.dims);
    set_input_type(model, x.type);
    put_words(model, "x", scale_of_x);
    Reals result;
    const bool adds = random.one_in(2);
    if (adds) {
      for (const double real : reals) result.add(2 * real, 2 * real);
      model.node("QLinearAdd", {"x", "x_s", "x_z", "x", "x_s", "x_z", "y_s", "y_z"})
          .set_domain("com.microsoft");
    } else {
      const Array real_x{x.dims, {reals.begin(), reals.end()}};
      for (const float mean : pool(real_x, 2, 3, {}).values)
        result.add(mean, std::abs(mean) + x.scale(0));
      onnx::NodeProto& node = model.node("QLinearAveragePool", {"x", "x_s", "x_z", "y_s", "y_z"});
      node.set_domain("com.microsoft");
      put(node, "kernel_shape", Ints{2, 3});
    }
    const Words y = fitting_words(random, result.largest());
    put_words(model, "y", y);
    (void)run_words(model, as_floats(x), result.values, result.terms, y, seed % 4 == 0);
  }
}

TEST_CASE("Shuffled channels of words find their filters and these their scales", "[conformance]") {
  const std::int64_t groups = GENERATE(3, 12);  // spread over the shuffled ones, and one each
  Random random(3);
  const Input x = random_input(random, {1, 12, 4, 5});
  const Words w = random_words(random, {12, 12 / groups, 1, 1}, 12);
  ModelBuilder model = model_of(x);
  model.integers("apart", {1, 3, 4, 4, -1});
  model.integers("joined", {1, 12, 4, 5});
  model.node("Reshape", {"x_d", "apart"}, "s1");
  put(model.node("Transpose", {"s1"}, "s2"), "perm", Ints{0, 2, 1, 3, 4});
  model.node("Reshape", {"s2", "joined"}, "s3");
  put_dequantised(model, w, 0);
  put(model.node("Conv", {"s3", "w_d"}, "c"), "group", groups);
  Words shuffled = x.words;
  for (std::size_t c = 0; c < 12; ++c)
    std::copy_n(x.words.values.begin() + static_cast<std::ptrdiff_t>((c % 3 * 4 + c / 3) * 20), 20,
                shuffled.values.begin() + static_cast<std::ptrdiff_t>(c * 20));
  const Reals reals = reals_of(convolve_words(shuffled, w, {}, {.group = groups}), x.words, w);
  const Words y = fitting_words(random, reals.largest());
  quantise_output(model, "c", y);
  (void)run_words(model, x.reals, reals.values, reals.terms, y, true);
}

}  // namespace ridgeline::onnx_tests
