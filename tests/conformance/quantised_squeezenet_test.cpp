#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "models/input/npy.hpp"
#include "models/network/onnx/onnx_import.hpp"
#include "models/numeric/reference.hpp"
#include "sim/cli/configs.hpp"
#include "sim/run.hpp"
#include "tests/conformance/quantiser.hpp"
#include "tests/support/data_folder.hpp"
#include "tests/support/onnx_case.hpp"

/// A trained SqueezeNet v1.0, quantised as exporters do it, on photographs.
namespace ridgeline::onnx_tests {
namespace {

using testing::data_file;
using testing::data_folder;

std::vector<std::size_t> best_five(const std::vector<double>& scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order,
                           [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  order.resize(5);
  return order;
}

/// Steps of the output's words between two lists of real numbers.
std::vector<std::int64_t> steps_between(const std::vector<float>& a, const std::vector<double>& b,
                                        double scale) {
  std::vector<std::int64_t> steps;
  for (std::size_t i = 0; i < b.size(); ++i)
    steps.push_back(std::abs(std::lround((static_cast<double>(a.at(i)) - b[i]) / scale)));
  return steps;
}

}  // namespace

TEST_CASE("A quantised SqueezeNet names the classes that integer loops over its file name",
          "[data]") {
  const auto folder = data_folder();
  if (!folder) return;
  onnx::ModelProto real;
  REQUIRE(
      real.ParseFromString(data_file(*folder / "squeezenet_v1.0" / "squeezenet_v1.0.onnx").text));
  for (const std::string name : {"chelsea", "coffee"}) {
    INFO(name);
    const std::vector<float> picture =
        parse_npy(data_file(*folder / "golden" / (name + "_input.npy"))).values;
    const auto ranges = ranges_of(real, picture);
    const onnx::ModelProto words = quantised(real, ranges, Form::words);
    const TrainedNetwork from_words = parse_onnx({"words.onnx", words.SerializeAsString()});
    const TrainedNetwork from_pairs =
        parse_onnx({"pairs.onnx", quantised(real, ranges, Form::pairs).SerializeAsString()});
    const std::vector<double> expected = run_integers(words, picture);
    const std::vector<float> logits = by_machine(from_words, picture, Precision::int8);
    CHECK(by_machine(from_pairs, picture, Precision::int8) == logits);
    CHECK(best_five({logits.begin(), logits.end()}) == best_five(expected));
    const double scale = from_words.weights[static_cast<std::size_t>(from_words.outputs[0].node)]
                             .fixed.output->scale;
    const std::vector<std::int64_t> steps = steps_between(logits, expected, scale);
    const auto different = std::ranges::count_if(steps, [](std::int64_t step) { return step > 0; });
    fmt::print("{}: {} of {} logits differ from integer loops, by at most {} steps\n", name,
               different, steps.size(), *std::ranges::max_element(steps));
    CHECK(*std::ranges::max_element(steps) <= 1);
  }
}

}  // namespace ridgeline::onnx_tests
