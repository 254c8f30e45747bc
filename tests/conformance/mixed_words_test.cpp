#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "models/network/layer_precision.hpp"
#include "models/network/onnx/onnx_import.hpp"
#include "models/numeric/quantization_error.hpp"
#include "models/numeric/reference.hpp"
#include "sim/run.hpp"
#include "tests/conformance/quantiser.hpp"
#include "tests/support/onnx_case.hpp"
#include "tests/support/random_case.hpp"

/// Quantised files some of whose layers run in int16.
namespace ridgeline::onnx_tests {
namespace {

constexpr auto kInt8 = Precision::int8, kInt16 = Precision::int16;
using Rules = std::vector<PrecisionRule>;

void put_conv(ModelBuilder& model, const std::string& x, const std::string& y, const Dims& filters,
              std::int64_t pad = 0) {
  const auto seed = static_cast<std::uint64_t>(filters[0] * 100 + filters[2]);
  model.weights(y + "_w", random_array(filters, seed));
  model.weights(y + "_b", random_array({filters[0]}, seed + 1));
  put(model.node("Conv", {x, y + "_w", y + "_b"}, y + "_c"), "pads",
      std::vector<std::int64_t>(4, pad));
  model.node("Relu", {y + "_c"}, y);
}

/// A convolution, a pool and a fire module.
onnx::ModelProto real_model() {
  ModelBuilder model({1, 3, 11, 11});
  put_conv(model, "x", "first", {8, 3, 3, 3});
  onnx::NodeProto& pool = model.node("MaxPool", {"first"}, "pooled");
  put(pool, "kernel_shape", std::vector<std::int64_t>{3, 3});
  put(pool, "strides", std::vector<std::int64_t>{2, 2});
  put_conv(model, "pooled", "squeezed", {6, 8, 1, 1});
  put_conv(model, "squeezed", "expanded1", {5, 6, 1, 1});
  put_conv(model, "squeezed", "expanded3", {7, 6, 3, 3}, 1);
  put(model.node("Concat", {"expanded1", "expanded3"}, "joined"), "axis", std::int64_t{1});
  put_conv(model, "joined", "last", {4, 12, 1, 1});
  model.node("GlobalAveragePool", {"last"}, "averaged");
  model.node("Flatten", {"averaged"});
  return model.model;
}

std::vector<float> picture_values() {
  return random_array({1, 3, 11, 11}, 5).values;
}

TrainedNetwork quantised_model(Form form) {
  const onnx::ModelProto real = real_model();
  const onnx::ModelProto words = quantised(real, ranges_of(real, picture_values()), form);
  return parse_onnx({"words.onnx", words.SerializeAsString()});
}

Workload workload_with(const TrainedNetwork& trained, Precision run, const Rules& rules) {
  Tensor<float> picture(trained.network.input());
  picture.data = picture_values();
  return make_workload(
      assign_precisions(lower(trained.network), run, rules),
      {.precision = run,
       .picture = std::move(picture),
       .weights = std::make_shared<const std::vector<NodeWeights>>(trained.weights),
       .keep_real_outputs = true});
}

std::size_t place_of(const Workload& workload, const std::string& name) {
  const auto& layers = workload.lowered.layers;
  const auto found = std::ranges::find(layers, name, &LoweredLayer::name);
  REQUIRE(found != layers.end());
  return static_cast<std::size_t>(found - layers.begin());
}

std::vector<std::string> names_on_array(const Workload& workload) {
  std::vector<std::string> names;
  for (const LoweredLayer& layer : workload.lowered.layers)
    if (runs_on_array(layer.kind)) names.push_back(layer.name);
  return names;
}

/// The words of the file: what the layer has where all are int8.
void check_files_words(const LayerParameters& layer, const LayerParameters& all_int8) {
  CHECK(layer.filters == all_int8.filters);
  CHECK(layer.filter_zeros == all_int8.filter_zeros);
  CHECK(layer.filter_scales == all_int8.filter_scales);
  CHECK(layer.input == all_int8.input);
  for (std::size_t m = 0; m < all_int8.channels.size(); ++m)
    CHECK(layer.channels.at(m).bias == all_int8.channels[m].bias);
}

/// Words of 16 bits for the numbers that those of 8 bits stand for.
void check_same_numbers(const LayerParameters& wide, const LayerParameters& narrow) {
  const auto& filters = std::get<Tensor<std::int16_t>>(wide.filters).data;
  const auto& words = std::get<Tensor<std::int8_t>>(narrow.filters).data;
  REQUIRE(filters.size() == words.size());
  const std::size_t taps = words.size() / narrow.filter_scales.size();
  double largest = 0;  // of steps between them
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t m = i / taps;
    const int zero = narrow.filter_zeros.empty() ? 0 : narrow.filter_zeros[m];
    const double number = narrow.filter_scales[m] * (words[i] - zero);
    largest = std::max(largest, std::abs(number / wide.filter_scales[m] - filters[i]));
  }
  CHECK(largest < 0.51);
  CHECK(wide.input.zero_point == 0);
  CHECK(wide.filter_zeros.empty());
  for (std::size_t m = 0; m < narrow.channels.size(); ++m) {
    const double unit = wide.input.scale * wide.filter_scales[m];
    const double bias =
        static_cast<double>(narrow.channels[m].bias) * narrow.input.scale * narrow.filter_scales[m];
    CHECK(static_cast<double>(wide.channels.at(m).bias) * unit ==
          Approx(bias).epsilon(1e-6).margin(unit));
  }
}

/// With data as the reference has it, and without as with.
void check_machine(const Workload& workload, const TrainedNetwork& trained) {
  const Architecture arch = testing::frugal_architecture();
  sim::RunOptions options{.weights =
                              std::make_shared<const std::vector<NodeWeights>>(trained.weights)};
  sim::RunResult result = sim::run_with_data(arch, workload, options);
  sim::check(result, workload);
  options.zeros = std::make_shared<const NetworkZeros>(result.zeros);
  const RunStats no_data =
      sim::run_without_data(arch, workload.lowered, workload.precision, 1, options);
  const RunStats analytic =
      sim::run_analytic(arch, workload.lowered, workload.precision, 1, options);
  for (std::size_t i = 0; i < result.stats.layers.size(); ++i) {
    const LayerStats& layer = result.stats.layers[i];
    INFO(layer.name);
    CHECK(layer.cycles == no_data.layers[i].cycles);
    CHECK(layer.bytes == no_data.layers[i].bytes);
    CHECK(layer.bytes == analytic.layers[i].bytes);
    CHECK(layer.accesses == analytic.layers[i].accesses);
    CHECK(layer.sparsity == no_data.layers[i].sparsity);
    CHECK(layer.check.first_mismatch == "");
    CHECK(layer.check.compared == layer.output_shape.elements());
  }
}

double sqnr_of(const Workload& workload, const std::string& name) {
  const std::size_t index = place_of(workload, name);
  const std::vector<AnyTensor> tensors = reference::run_network(workload);
  const TensorId output = workload.lowered.layers[index].output;
  return layer_quantization(workload, index, tensors[static_cast<std::size_t>(output)])
      .error.sqnr_db()
      .value();
}

}  // namespace

TEST_CASE("A layer of a quantised file in int16 runs on the numbers that its words stand for") {
  for (const Form form : {Form::pairs, Form::words}) {
    const TrainedNetwork trained = quantised_model(form);
    const Workload plain = workload_with(trained, kInt8, {});
    for (const std::string& wide : names_on_array(plain)) {
      INFO((form == Form::pairs ? "pairs, " : "words, ") << wide);
      const Workload mixed = workload_with(trained, kInt8, {{wide, kInt16}});
      for (const std::string& name : names_on_array(plain)) {
        INFO(name);
        const LayerParameters& layer = mixed.layers[place_of(mixed, name)];
        const LayerParameters& before = plain.layers[place_of(plain, name)];
        name == wide ? check_same_numbers(layer, before) : check_files_words(layer, before);
      }
      CHECK_THAT(mixed.weights_note, Catch::Matchers::Contains("own words") &&
                                         Catch::Matchers::Contains("as int16 ones"));
      CHECK(sqnr_of(mixed, wide) > sqnr_of(plain, wide));
      check_machine(mixed, trained);
    }
  }
}

TEST_CASE("A layer of a quantised file in int8 within an int16 run has the file's words") {
  const TrainedNetwork trained = quantised_model(Form::words);
  const Workload plain = workload_with(trained, kInt8, {});
  const Workload all_wide = workload_with(trained, kInt16, {});
  CHECK_THAT(all_wide.weights_note, !Catch::Matchers::Contains("own words"));
  for (const std::string& narrow : names_on_array(plain)) {
    INFO(narrow);
    const Workload mixed = workload_with(trained, kInt16, {{narrow, kInt8}});
    for (const std::string& name : names_on_array(plain)) {
      INFO(name);
      const LayerParameters& layer = mixed.layers[place_of(mixed, name)];
      const LayerParameters& before = plain.layers[place_of(plain, name)];
      name == narrow ? check_files_words(layer, before) : check_same_numbers(layer, before);
    }
    check_machine(mixed, trained);
  }
}

}  // namespace ridgeline::onnx_tests
