#include "sim/cli/calibration_option.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <span>

#include "models/base/text.hpp"
#include "sim/cli/input_option.hpp"

namespace ridgeline::cli {
namespace {

constexpr double kLeastPercentile = 50;
constexpr std::array kNames{"calibration", "percentile", "activations", "weight-scales",
                            "calibrate"};

/// One of the option's values, by its place in `names`; the first is the default.
std::size_t chosen(const Arguments& arguments, const std::string& option,
                   std::span<const std::string_view> names) {
  const std::vector<std::string> values(names.begin(), names.end());
  return choice("--" + option, arguments.value(option, values.front()), values);
}

double read_percentile(const Arguments& arguments) {
  const std::string text = arguments.value("percentile");
  const std::optional<double> value = parse_number<double>(text);
  if (!value || !(*value >= kLeastPercentile && *value <= 100))
    fail("--percentile", "is " + in_quotes(text),
         fmt::format("{:g} to 100, the part of the values that the words span, in per cent",
                     kLeastPercentile));
  return *value;
}

CalibrationOptions read_options(const Arguments& arguments, Precision precision) {
  CalibrationOptions options;
  options.method =
      static_cast<CalibrationMethod>(chosen(arguments, "calibration", kCalibrationMethodNames));
  options.asymmetric = chosen(arguments, "activations", kActivationsNames) == 1;
  options.weight_scales =
      static_cast<WeightScales>(chosen(arguments, "weight-scales", kWeightScalesNames));
  if (arguments.has("percentile")) {
    if (options.method != CalibrationMethod::percentile)
      fail("--percentile", "is for one way to calibrate", "together with --calibration percentile");
    options.percentile = read_percentile(arguments);
  }
  if (options.asymmetric && precision != Precision::int8)
    fail("--activations", "'asymmetric' needs words with zero points, which int16 has not",
         "symmetric, or --precision int8");
  return options;
}

}  // namespace

std::vector<Option> calibration_options() {
  return {{"calibration", "HOW",
           "range of activations that integer words span, from what fp32 gives:\n"
           "min-max (all of it), percentile (but for the outermost values) or mse\n"
           "(least clipping and rounding error); default min-max"},
          {"percentile", "P",
           fmt::format("values that --calibration percentile spans, in per cent, {:g} to 100\n"
                       "(default {:g})",
                       kLeastPercentile, CalibrationOptions{}.percentile)},
          {"activations", "HOW",
           "symmetric (zero is word 0) or asymmetric (int8 only: words span the\n"
           "range as it is, with a zero point); default symmetric"},
          {"weight-scales", "HOW",
           "channel (a scale for each output channel) or tensor (one for all\n"
           "filters of a layer); default channel"},
          {"calibrate", "FILE",
           "an input to take the ranges from, as --input takes it; repeat the\n"
           "option for several together (default: the input itself)",
           true}};
}

CalibrationRequest read_calibration(const Arguments& arguments,
                                    const std::vector<LoadedNetwork>& networks, Precision precision,
                                    bool data) {
  for (const char* name : kNames) {
    if (!arguments.has(name)) continue;
    const std::string option = fmt::format("--{}", name);
    if (!data) fail(option, "needs data, which --no-data and --engine analytic leave out");
    if (precision == Precision::fp32)
      fail(option, "is for integers; fp32 has no scales",
           "together with --precision int8 or int16");
  }
  CalibrationRequest request{.options = read_options(arguments, precision)};
  if (!arguments.has("calibrate")) return request;
  request.inputs.resize(networks.size());
  for (const std::string& path : arguments.values("calibrate")) {
    const std::vector<NetworkInput> inputs = read_input_of_each(path, arguments, networks);
    for (std::size_t i = 0; i < networks.size(); ++i) request.inputs[i].push_back(inputs[i]);
  }
  return request;
}

}  // namespace ridgeline::cli
