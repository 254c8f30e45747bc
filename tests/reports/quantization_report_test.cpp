#include "reports/quantization_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "reports/report.hpp"
#include "tests/reports/sample_run.hpp"

namespace ridgeline::reports {
namespace {

using Catch::Matchers::Contains;
using nlohmann::ordered_json;

/// The sample with a convolution that lost something and a pool that is exact.
RunStats judged_run() {
  RunStats run = sample_run();
  run.quantization = RunQuantization{
      .options = {.method = CalibrationMethod::percentile, .percentile = 99.9, .asymmetric = true},
      .inputs = 2,
      .output = QuantizationError{.words = 160, .saturated = 0, .signal = 50, .noise = 0}};
  run.layers[0].quantization =
      LayerQuantization{.scale = 0.125,
                        .zero_point = -7,
                        .filter_scales = ValueRange{0.001, 0.002},
                        .error = {.words = 720, .saturated = 9, .signal = 1000, .noise = 10}};
  run.layers[1].quantization =
      LayerQuantization{.scale = 0.125,
                        .zero_point = -7,
                        .error = {.words = 160, .saturated = 0, .signal = 50, .noise = 0}};
  return run;
}

}  // namespace

TEST_CASE("JSON says what quantisation did to each layer and to the output") {
  const ordered_json json = ordered_json::parse(render_json(judged_run()));
  CHECK(json["calibration"] == ordered_json::parse(R"({"method": "percentile", "percentile": 99.9,
      "activations": "asymmetric", "weight_scales": "channel", "given_inputs": 2})"));
  CHECK(json["layers"][0]["quantization"] ==
        ordered_json::parse(R"({"scale": 0.125, "zero_point": -7, "filter_scale_min": 0.001,
      "filter_scale_max": 0.002, "words": 720, "saturated": 9, "saturated_share": 0.0125,
      "sqnr_db": 20.0})"));
  CHECK(json["layers"][1]["quantization"] ==
        ordered_json::parse(R"({"scale": 0.125, "zero_point": -7, "words": 160, "saturated": 0,
      "saturated_share": 0.0, "sqnr_db": null})"));
  CHECK(json["total"]["quantization"]["words"] == 880);
  CHECK(json["total"]["quantization"]["saturated"] == 9);
  CHECK(json["total"]["quantization"]["output_sqnr_db"].is_null());
}

TEST_CASE("CSV ends in what quantisation did, and in nothing where it was not judged") {
  const std::string csv = render_csv(judged_run());
  CHECK_THAT(csv, Contains(",scale,zero_point,filter_scale_min,filter_scale_max,saturated_words,"
                           "saturated_share,sqnr_db\r\n") &&
                      Contains(",0.125,-7,0.001,0.002,9,0.0125,20\r\n") &&
                      Contains(",0.125,-7,,,0,0,\r\n"));
  CHECK_THAT(render_csv(sample_run()), Contains(",,,,,,,\r\n"));
}

TEST_CASE("The check's text has a row a layer, and a summary with the worst") {
  const std::string text = render_check(judged_run());
  CHECK_THAT(text, Contains("conv1  0.125    -7     0.001   0.002       1.2500     20.0\n") &&
                       Contains("pool1  0.125    -7         -       -            0    exact\n"));
  const std::string summary =
      "  calibration   percentile 99.9 over 2 given inputs, activations asymmetric, a weight scale "
      "a channel\n"
      "  quantization  output SQNR exact, lowest 20.0 dB in conv1, 9 of 880 words saturated "
      "(1.0227 "
      "%)\n";
  CHECK_THAT(text, Contains(summary));
  CHECK_THAT(render_text(judged_run()), Contains(summary));
}

TEST_CASE("A run that was not compared with fp32 says nothing of quantisation") {
  const RunStats run = sample_run();
  CHECK_THAT(render_json(run), !Contains("quantization") && !Contains("calibration"));
  CHECK_THAT(render_text(run), !Contains("quantization"));
  CHECK_THAT(render_check(run), !Contains("SQNR"));
}

TEST_CASE("Of a run of some layers no output is judged") {
  RunStats run = judged_run();
  run.quantization->output.reset();
  run.quantization->options = {};
  run.quantization->inputs = 0;
  CHECK_THAT(quantization_summary(run),
             Contains("min-max over the run's own input, activations symmetric") &&
                 Contains("quantization  lowest 20.0 dB in conv1, 9 of"));
  run.layers[0].quantization->error.signal = 0;
  CHECK_THAT(quantization_table(run), Contains("no signal"));
}

}  // namespace ridgeline::reports
