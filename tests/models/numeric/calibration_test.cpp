#include <catch2/catch.hpp>
#include <cmath>

#include "models/base/error.hpp"
#include "models/numeric/picture.hpp"
#include "models/numeric/quantization_error.hpp"
#include "models/numeric/reference.hpp"
#include "models/numeric/weights.hpp"
#include "models/numeric/workload.hpp"
#include "tests/models/numeric/small_networks.hpp"

namespace ridgeline {
namespace {

Tensor<float> picture_of(const LoweredNetwork& network, std::uint64_t seed, float gain) {
  Tensor<float> picture = make_picture(network.network.input(), seed);
  for (float& x : picture.data) x *= gain;
  return picture;
}

/// What the network's layers lose of their own reference run, as a mean in dB. The few values of an
/// output alone may be near by chance.
double mean_sqnr(const LoweredNetwork& network, CalibrationOptions calibration,
                 Precision precision = Precision::int8) {
  const Workload workload = make_workload(
      network, {.precision = precision, .calibration = calibration, .keep_real_outputs = true});
  const std::vector<AnyTensor> tensors = reference::run_network(workload);
  double sum = 0;
  int layers = 0;
  for (std::size_t i = 0; i < workload.lowered.layers.size(); ++i) {
    const auto output = static_cast<std::size_t>(workload.lowered.layers[i].output);
    const auto db = layer_quantization(workload, i, tensors[output]).error.sqnr_db();
    if (!db) continue;
    sum += *db;
    ++layers;
  }
  REQUIRE(layers > 3);
  return sum / layers;
}

/// The real weights that a layer's words stand for.
std::vector<double> real_weights(const LayerParameters& layer) {
  const auto& filters = std::get<Tensor<std::int8_t>>(layer.filters);
  const std::size_t words = filters.data.size() / layer.filter_scales.size();
  std::vector<double> real;
  for (std::size_t i = 0; i < filters.data.size(); ++i)
    real.push_back(filters.data[i] * layer.filter_scales[i / words]);
  return real;
}

}  // namespace

TEST_CASE("Ranges over several inputs are those of all of them") {
  const LoweredNetwork network = lower(small_networks::everything());
  const auto scales = [&](std::vector<Tensor<float>> inputs, bool asymmetric) {
    return make_workload(network, {.calibration = {.asymmetric = asymmetric},
                                   .calibration_inputs = std::move(inputs)})
        .quantizations;
  };
  const Tensor<float> a = picture_of(network, 3, 2), b = picture_of(network, 4, 5);
  const auto of_a = scales({a}, false), of_b = scales({b}, false), of_both = scales({a, b}, false);
  int larger_in_a = 0;
  for (std::size_t id = 0; id < of_both.size(); ++id) {
    CHECK(of_both[id].scale == std::max(of_a[id].scale, of_b[id].scale));
    larger_in_a += of_a[id].scale > of_b[id].scale ? 1 : 0;
  }
  CHECK(of_a.front().scale == Approx(largest_magnitude(a.data) / 127));
  CHECK(larger_in_a < static_cast<int>(of_both.size()));
  CHECK(scales({a, b}, true) == scales({b, a}, true));
}

TEST_CASE("Inputs to calibrate on change ranges, not the network") {
  const LoweredNetwork network = lower(small_networks::everything());
  const Workload own = make_workload(network, {});
  const Workload same = make_workload(
      network, {.calibration_inputs = {make_picture(network.network.input(), own.seed)}});
  CHECK(same.quantizations == own.quantizations);
  CHECK(same.input == own.input);
  const Workload other =
      make_workload(network, {.calibration_inputs = {picture_of(network, 9, 3)}});
  CHECK_FALSE(other.quantizations == own.quantizations);
  for (std::size_t i = 0; i < own.layers.size(); ++i)
    CHECK(other.layers[i].filters == own.layers[i].filters);
  CHECK(other.weights_note.find("ranges of activations are those of 1 given input") !=
        std::string::npos);
}

TEST_CASE("An input to calibrate on is checked as the picture is") {
  const LoweredNetwork network = lower(small_networks::everything());
  Tensor<float> bad = picture_of(network, 3, 1);
  bad.data[5] = std::nanf("");
  CHECK_THROWS_WITH(make_workload(network, {.calibration_inputs = {std::move(bad)}}),
                    Catch::Matchers::Contains("an input to calibrate on holds a value"));
}

TEST_CASE("With one weight scale a layer, all filters have it, BatchNorm folded in") {
  const LoweredNetwork network = lower(small_networks::everything());
  const Workload channel = make_workload(network, {});
  const Workload tensor =
      make_workload(network, {.calibration = {.weight_scales = WeightScales::tensor}});
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    if (!runs_on_array(network.layers[i].kind)) continue;
    INFO(network.layers[i].name);
    const LayerParameters &one = tensor.layers[i], &each = channel.layers[i];
    for (const double scale : one.filter_scales) CHECK(scale == one.filter_scales.front());
    const double common = one.filter_scales.front();
    CHECK(common == *std::ranges::max_element(each.filter_scales));
    const std::vector<double> left = real_weights(one), right = real_weights(each);
    double largest = 0;
    for (std::size_t w = 0; w < left.size(); ++w)
      largest = std::max(largest, std::abs(left[w] - right[w]));
    CHECK(largest <= common * 1.0001);  // half a step of each
  }
}

TEST_CASE("Each way to calibrate loses what it should") {
  const LoweredNetwork network = lower(small_networks::fires());
  const double plain = mean_sqnr(network, {});
  const double asymmetric = mean_sqnr(network, {.asymmetric = true});
  const double percentile =
      mean_sqnr(network, {.method = CalibrationMethod::percentile, .percentile = 90});
  const double one_scale = mean_sqnr(network, {.weight_scales = WeightScales::tensor});
  const double wide = mean_sqnr(network, {}, Precision::int16);
  CAPTURE(plain, asymmetric, percentile, one_scale, wide);
  CHECK(plain > 20);
  CHECK(asymmetric > plain + 0.5);  // behind a ReLU, half of the symmetric words are never used
  CHECK(percentile < plain - 5);    // a tenth of the values is too much
  CHECK(one_scale < plain);
  CHECK(wide > plain + 40);  // 8 bits, 6 dB each
}

}  // namespace ridgeline
