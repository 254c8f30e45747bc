#include "tests/cli/quick_run.hpp"

/// How an integer run chooses its scales, on the command line.
namespace ridgeline {
namespace {

using Catch::Matchers::Contains;
using nlohmann::ordered_json;
using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("Each way to calibrate runs, equals its reference, and is in the report") {
  const ScratchFolder scratch;
  const ordered_json plain = quick_report(scratch, {});
  CHECK(plain["calibration"]["method"] == "min-max");
  CHECK(plain["total"]["quantization"]["output_sqnr_db"] > 0);
  for (const Words& words :
       std::initializer_list<Words>{{"--calibration", "percentile", "--percentile", "99"},
                                    {"--calibration", "mse"},
                                    {"--activations", "asymmetric"},
                                    {"--weight-scales", "tensor"}}) {
    INFO(words.back());
    const ordered_json json = quick_report(scratch, words);  // exit code 0: every layer is right
    CHECK(json["layers"][3]["quantization"] != plain["layers"][3]["quantization"]);
    CHECK(json["calibration"] != plain["calibration"]);
  }
  const ordered_json real = quick_report(scratch, {"--precision", "fp32"});
  CHECK_FALSE(real.contains("calibration"));
  CHECK_FALSE(real["layers"][0].contains("quantization"));
  CHECK_FALSE(quick_report(scratch, {"--no-data"})["total"].contains("quantization"));
}

TEST_CASE("What is the default may be said, and changes nothing") {
  const ScratchFolder scratch;
  CHECK(quick_report(scratch, {}) ==
        quick_report(scratch, {"--calibration", "min-max", "--activations", "symmetric",
                               "--weight-scales", "channel"}));
}

TEST_CASE("Ranges may be those of given inputs, together") {
  const ScratchFolder scratch;
  scratch.put("dark.ppm", wedge(1));
  scratch.put("bright.ppm", wedge(4));
  const auto scale = [&](Words words) {
    words.insert(words.end(), {"--input", "dark.ppm"});
    return quick_report(scratch, words)["layers"][0]["quantization"]["scale"].get<double>();
  };
  const double dark = scale({});
  const double bright = scale({"--calibrate", "bright.ppm"});
  CHECK(bright != dark);
  CHECK(scale({"--calibrate", "dark.ppm"}) == dark);
  CHECK(scale({"--calibrate", "dark.ppm", "--calibrate", "bright.ppm"}) == std::max(dark, bright));
  const ordered_json both = quick_report(
      scratch, {"--calibrate", "dark.ppm", "--calibrate", "bright.ppm", "--fit", "crop"});
  CHECK(both["calibration"]["given_inputs"] == 2);
  // Ranges of one picture do not fit another: words saturate, and the report says so.
  const ordered_json clipped =
      quick_report(scratch, {"--input", "bright.ppm", "--calibrate", "dark.ppm"});
  const ordered_json fitting = quick_report(scratch, {"--input", "bright.ppm"});
  CHECK(clipped["total"]["quantization"]["saturated"] >
        fitting["total"]["quantization"]["saturated"]);
}

TEST_CASE("validate prints a row a layer of what quantisation did") {
  const ScratchFolder scratch;
  const Finished run = run_quick(scratch, "validate", {"--calibration", "mse"});
  CHECK(run.code == 0);
  CHECK_THAT(run.out, Contains("saturated %  SQNR dB") &&
                          Contains("  calibration   mse over the run's own input") &&
                          Contains("  quantization  output SQNR "));
  const Finished some = run_quick(scratch, "validate", {"--layers", "Convolution1"});
  CHECK_THAT(some.out, Contains("  quantization  lowest "));
}

TEST_CASE("Calibration that cannot be, or would do nothing, is exit code 2") {
  const ScratchFolder scratch;
  scratch.put("wedge.ppm", wedge(4));
  scratch.put("none.txt", "no picture");
  const auto refused = [&](const Words& words, const std::string& part) {
    check_refused(scratch, words, part);
  };
  refused({"--calibration", "minmax"}, "did you mean 'min-max'?");
  refused({"--activations", "asymetric"}, "did you mean 'asymmetric'?");
  refused({"--weight-scales", "layer"}, "allowed: channel, tensor");
  refused({"--percentile", "99"}, "--percentile: is for one way to calibrate; allowed: together");
  for (const char* bad : {"49.9", "100.1", "ten", "nan", "99x", "-99"})
    refused({"--calibration", "percentile", "--percentile", bad}, "allowed: 50 to 100");
  refused({"--activations", "asymmetric", "--precision", "int16"}, "--activations: 'asymmetric'");
  refused({"--calibrate", "none.ppm"}, "none.ppm: cannot be read");
  refused({"--calibrate", "none.txt"}, "none.txt: is no picture that can be read");
  for (const Words& option : std::initializer_list<Words>{{"--calibration", "mse"},
                                                          {"--activations", "symmetric"},
                                                          {"--weight-scales", "tensor"},
                                                          {"--calibrate", "wedge.ppm"}}) {
    const auto with = [&](Words more) {
      more.insert(more.begin(), option.begin(), option.end());
      return more;
    };
    refused(with({"--no-data"}), option.front() + ": needs data");
    refused(with({"--engine", "analytic"}), option.front() + ": needs data");
    refused(with({"--precision", "fp32"}), option.front() + ": is for integers");
  }
}

}  // namespace ridgeline
