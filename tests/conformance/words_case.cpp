#include "tests/conformance/words_case.hpp"

#include <fmt/format.h>

#include <algorithm>
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

void Reals::add(double value, double term) {
  values.push_back(value);
  terms.push_back(std::abs(term));
}

void Reals::clamp(double lowest, double highest) {
  for (double& value : values) value = std::clamp(value, lowest, highest);
}

double Reals::largest() const {
  double most = 0;
  for (const double value : values) most = std::max(most, std::abs(value));
  return most;
}

Reals reals_of(const ExactSums& sums, const Words& x, const Words& w) {
  Reals reals;
  const std::int64_t plane = sums.dims[2] * sums.dims[3];
  for (std::size_t i = 0; i < sums.values.size(); ++i) {
    const auto m = static_cast<std::size_t>(static_cast<std::int64_t>(i) / plane % sums.dims[1]);
    const double value = static_cast<double>(sums.values[i]) * x.scale(0) * w.scale(m);
    reals.add(value, value);
  }
  return reals;
}

std::vector<double> reals_of(const Words& words) {
  std::vector<double> reals;
  for (std::size_t i = 0; i < words.values.size(); ++i) reals.push_back(words.real(i));
  return reals;
}

Words words_for(const std::vector<double>& reals, Words like, const Dims& dims) {
  like.dims = dims;
  like.values.clear();
  for (const double real : reals) like.values.push_back(word_for(real, like));
  return like;
}

Input random_input(Random& random, const Dims& dims) {
  Input input{.words = random_words(random, dims)};
  for (std::size_t i = 0; i < input.words.values.size(); ++i)
    input.reals.push_back(static_cast<float>(input.words.real(i) + input.words.scale(0) * 0.01 *
                                                                       random.between(-30, 30)));
  return input;
}

ModelBuilder model_of(const Input& input) {
  ModelBuilder model(input.words.dims);
  Words like = input.words;
  like.values.clear();
  put_pair(model, "x", "x_d", like);
  return model;
}

void quantise_output(ModelBuilder& model, const std::string& from, const Words& y) {
  put_words(model, "y", y);
  model.node("QuantizeLinear", {from, "y_s", "y_z"});
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

void report(const char* what, const Agreement& all) {
  fmt::print(
      "{}: {} of {} words differ by one step from ONNX's rounding, {} of them beside ties; "
      "{} words are ties\n",
      what, all.different, all.words, all.beside_ties, all.ties);
  CHECK(all.beside_ties <= all.words / 10'000);
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
