#include "tests/conformance/words_case.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace ridgeline::onnx_tests {
namespace {

using testing::Random;
constexpr int kInt8 = onnx::TensorProto::INT8, kUint8 = onnx::TensorProto::UINT8;

float random_scale(Random& random) {
  return static_cast<float>(random.between(1000, 999'983)) * 1e-6F;
}

}  // namespace

Words random_words(Random& random, const Dims& dims, std::size_t channels) {
  Words words{.dims = dims, .scales = {}, .zeros = {}, .type = random.pick({kInt8, kUint8})};
  const int lowest = words.lowest();
  std::int64_t count = 1;
  for (const std::int64_t dim : dims) count *= dim;
  for (std::int64_t i = 0; i < count; ++i) words.values.push_back(lowest + random.between(0, 255));
  const bool centred = random.one_in(3);
  for (std::size_t m = 0; m < channels; ++m) {
    words.scales.push_back(random_scale(random));
    words.zeros.push_back(lowest + (centred ? 128 : random.between(0, 255)));
  }
  return words;
}

Words fitting_words(Random& random, double largest, bool exact) {
  Words words = random_words(random, {0});
  // No simple fraction of the scales before it: no ties but those that are wanted.
  const double wish = std::max(largest, 1e-3) / random.between(60, 240);
  words.scales = {static_cast<float>(wish * (1 + random.between(1, 999) * 1e-5))};
  if (exact) make_exact(words);
  return words;
}

void make_exact(Words& words) {
  for (float& scale : words.scales) scale = std::exp2(std::round(std::log2(scale)));
}

void put_words(ModelBuilder& model, const std::string& name, const Words& words) {
  const auto count = static_cast<std::int64_t>(words.scales.size());
  const Dims dims = count == 1 ? Dims{} : Dims{count};
  model.weights(name + "_s", {dims, words.scales});
  model.words(name + "_z", dims, words.zeros, words.type);
  if (!words.values.empty()) model.words(name, words.dims, words.values, words.type);
}

void put_pair(ModelBuilder& model, const std::string& x, const std::string& y, const Words& like) {
  put_words(model, y, like);
  model.node("QuantizeLinear", {x, y + "_s", y + "_z"}, y + "_q");
  model.node("DequantizeLinear", {y + "_q", y + "_s", y + "_z"}, y);
}

void set_input_type(ModelBuilder& model, int type) {
  model.model.mutable_graph()
      ->mutable_input(0)
      ->mutable_type()
      ->mutable_tensor_type()
      ->set_elem_type(type);
}

std::vector<float> as_floats(const Words& words) {
  return {words.values.begin(), words.values.end()};
}

Agreement run_words(const ModelBuilder& model, const std::vector<float>& input,
                    const std::vector<double>& real, const std::vector<double>& terms,
                    const Words& like, bool on_machine) {
  const TrainedNetwork trained = model.parse();
  const std::vector<float> actual = by_reference(trained, input, Precision::int8);
  if (on_machine) CHECK(by_machine(trained, input, Precision::int8) == actual);
  return compare_words(actual, real, terms, like);
}

Sliding random_sliding(Random& random) {
  return {.stride_h = random.between(1, 3),
          .stride_w = random.between(1, 3),
          .top = random.between(0, 2),
          .left = random.between(0, 2),
          .bottom = random.between(0, 2),
          .right = random.between(0, 2),
          .dilation_h = random.between(1, 2),
          .dilation_w = random.between(1, 2)};
}

void put_sliding(onnx::NodeProto& node, const Sliding& s) {
  using Ints = std::vector<std::int64_t>;
  put(node, "group", s.group);
  put(node, "strides", Ints{s.stride_h, s.stride_w});
  put(node, "pads", Ints{s.top, s.left, s.bottom, s.right});
  put(node, "dilations", Ints{s.dilation_h, s.dilation_w});
}

}  // namespace ridgeline::onnx_tests
