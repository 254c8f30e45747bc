#pragma once

#include "tests/conformance/words_oracle.hpp"
#include "tests/support/random_case.hpp"

/// Random quantised arrays and the parts of models that hold them.
namespace ridgeline::onnx_tests {

/// int8 or uint8 with `channels` scales and zero points of any value.
[[nodiscard]] Words random_words(testing::Random& random, const Dims& dims,
                                 std::size_t channels = 1);
/// A type and a zero point for words of an array whose real numbers reach `largest`; about one word
/// in twenty saturates. `exact`: the scale is a power of two.
[[nodiscard]] Words fitting_words(testing::Random& random, double largest, bool exact = false);
/// Scales become powers of two, so that products with them are exact.
void make_exact(Words& words);

/// Initialisers "NAME_s" and "NAME_z"; with them "NAME", if it holds words.
void put_words(ModelBuilder& model, const std::string& name, const Words& words);
/// y = DequantizeLinear(QuantizeLinear(x)) in words like `like`, whose initialisers it puts.
void put_pair(ModelBuilder& model, const std::string& x, const std::string& y, const Words& like);
/// The model's input is words.
void set_input_type(ModelBuilder& model, int type);

/// Results before they are rounded to words, and for each the magnitude of what it is the sum of,
/// to which the machine's factors have a relative error.
struct Reals {
  std::vector<double> values{}, terms{};

  void add(double value, double term);
  void clamp(double lowest, double highest);
  [[nodiscard]] double largest() const;
};
/// Sums of products, which are exact, times the scales.
[[nodiscard]] Reals reals_of(const ExactSums& sums, const Words& x, const Words& w);
/// What words stand for.
[[nodiscard]] std::vector<double> reals_of(const Words& words);
/// The words that ONNX specifies for real numbers.
[[nodiscard]] Words words_for(const std::vector<double>& reals, Words like, const Dims& dims = {});

/// A real input and its words; no number is near a tie.
struct Input {
  Words words{};
  std::vector<float> reals{};
};
[[nodiscard]] Input random_input(testing::Random& random, const Dims& dims);
/// "x_d" is what the words of the input stand for.
[[nodiscard]] ModelBuilder model_of(const Input& input);
/// y = QuantizeLinear(from) in words like `y`.
void quantise_output(ModelBuilder& model, const std::string& from, const Words& y);

[[nodiscard]] std::vector<float> as_floats(const Words& words);
/// Runs the model in int8, on the machine too if that is asked for, and compares its words.
[[nodiscard]] Agreement run_words(const ModelBuilder& model, const std::vector<float>& input,
                                  const std::vector<double>& real, const std::vector<double>& terms,
                                  const Words& like, bool on_machine);

/// Prints how many words differ. Hardly any may where there is no tie.
void report(const char* what, const Agreement& all);

/// A convolution's window of any stride, pad and dilation.
[[nodiscard]] Sliding random_sliding(testing::Random& random);
void put_sliding(onnx::NodeProto& node, const Sliding& s);

}  // namespace ridgeline::onnx_tests
