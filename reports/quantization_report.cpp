#include "reports/quantization_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "models/base/grouped.hpp"
#include "reports/format.hpp"
#include "reports/run_text.hpp"
#include "reports/table.hpp"

namespace ridgeline::reports {
namespace {

using Json = nlohmann::ordered_json;

std::string_view method_name(const CalibrationOptions& options) {
  return kCalibrationMethodNames[static_cast<std::size_t>(options.method)];
}

std::string_view activations_name(const CalibrationOptions& options) {
  return kActivationsNames[options.asymmetric ? 1 : 0];
}

std::string_view weight_scales_name(const CalibrationOptions& options) {
  return kWeightScalesNames[static_cast<std::size_t>(options.weight_scales)];
}

/// All words that the run's layers wrote.
QuantizationError all_layers(const RunStats& run) {
  QuantizationError all;
  for (const LayerStats& layer : run.layers)
    if (layer.quantization) all += layer.quantization->error;
  return all;
}

void put_saturation(Json& json, const QuantizationError& error) {
  json["words"] = error.words;
  json["saturated"] = error.saturated;
  json["saturated_share"] = error.saturated_share();
}

std::optional<double> sqnr_of(const std::optional<QuantizationError>& error) {
  return error ? error->sqnr_db() : std::nullopt;
}

std::optional<double> sqnr_of(const LayerStats& layer) {
  return layer.quantization ? layer.quantization->error.sqnr_db() : std::nullopt;
}

Json sqnr_json(const std::optional<QuantizationError>& error) {
  const std::optional<double> sqnr = sqnr_of(error);
  return sqnr ? Json(*sqnr) : Json();
}

std::string sqnr_text(const QuantizationError& error) {
  if (const auto sqnr = error.sqnr_db()) return fmt::format("{:.1f}", *sqnr);
  return error.noise == 0 ? "exact" : "no signal";
}

std::string sqnr_field(const std::optional<QuantizationError>& error) {
  const std::optional<double> sqnr = sqnr_of(error);
  return sqnr ? fmt::format("{}", *sqnr) : "";
}

std::string saturated_text(const QuantizationError& error) {
  constexpr double kLeastShown = 0.0001;
  const double percentage = 100 * error.saturated_share();
  if (error.saturated > 0 && percentage < kLeastShown) return fmt::format("< {}", kLeastShown);
  return error.saturated == 0 ? "0" : fmt::format("{:.4f}", percentage);
}

std::string calibration_text(const RunQuantization& run) {
  std::string text(method_name(run.options));
  if (run.options.method == CalibrationMethod::percentile)
    text += fmt::format(" {:g}", run.options.percentile);
  const std::string inputs =
      run.inputs == 0 ? "the run's own input"
                      : fmt::format("{} given input{}", run.inputs, run.inputs == 1 ? "" : "s");
  return text + fmt::format(" over {}, activations {}, a weight scale a {}", inputs,
                            activations_name(run.options), weight_scales_name(run.options));
}

/// The layer with the lowest ratio; null if none has one.
const LayerStats* worst_layer(const RunStats& run) {
  const LayerStats* worst = nullptr;
  double lowest = 0;
  for (const LayerStats& layer : run.layers) {
    const std::optional<double> sqnr = sqnr_of(layer);
    if (!sqnr || (worst != nullptr && *sqnr >= lowest)) continue;
    worst = &layer;
    lowest = *sqnr;
  }
  return worst;
}

std::vector<std::string> row_of(const LayerStats& layer, bool words) {
  const LayerQuantization& q = *layer.quantization;
  std::string lowest = "-", highest = "-";
  if (q.filter_scales) {
    lowest = fmt::format("{:.3g}", q.filter_scales->lowest);
    highest = fmt::format("{:.3g}", q.filter_scales->highest);
  }
  std::vector<std::string> row{shortened(printable(layer.name), 40)};
  if (words) row.push_back(words_text(layer));
  row.insert(row.end(), {fmt::format("{:.4g}", q.scale), fmt::format("{}", q.zero_point), lowest,
                         highest, saturated_text(q.error), sqnr_text(q.error)});
  return row;
}

}  // namespace

Json quantization_json(const LayerQuantization& layer) {
  Json json{{"scale", layer.scale}, {"zero_point", layer.zero_point}};
  if (layer.filter_scales) {
    json["filter_scale_min"] = layer.filter_scales->lowest;
    json["filter_scale_max"] = layer.filter_scales->highest;
  }
  put_saturation(json, layer.error);
  json["sqnr_db"] = sqnr_json(layer.error);
  return json;
}

Json quantization_json(const RunStats& run) {
  Json json = Json::object();
  put_saturation(json, all_layers(run));
  json["output_sqnr_db"] = sqnr_json(run.quantization->output);
  return json;
}

Json calibration_json(const RunQuantization& run) {
  Json json{{"method", method_name(run.options)}};
  if (run.options.method == CalibrationMethod::percentile)
    json["percentile"] = run.options.percentile;
  json["activations"] = activations_name(run.options);
  json["weight_scales"] = weight_scales_name(run.options);
  json["given_inputs"] = run.inputs;
  return json;
}

std::vector<std::string> quantization_headers() {
  return {"scale",           "zero_point",      "filter_scale_min", "filter_scale_max",
          "saturated_words", "saturated_share", "sqnr_db"};
}

std::vector<std::string> quantization_record(const LayerStats& layer) {
  if (!layer.quantization) return std::vector<std::string>(quantization_headers().size());
  const LayerQuantization& q = *layer.quantization;
  const auto number = [](auto value) { return fmt::format("{}", value); };
  return {number(q.scale),
          number(q.zero_point),
          q.filter_scales ? number(q.filter_scales->lowest) : "",
          q.filter_scales ? number(q.filter_scales->highest) : "",
          number(q.error.saturated),
          number(q.error.saturated_share()),
          sqnr_field(q.error)};
}

std::vector<std::string> quantization_record(const RunStats& run) {
  if (!run.quantization) return std::vector<std::string>(quantization_headers().size());
  const QuantizationError all = all_layers(run);
  return {"",
          "",
          "",
          "",
          fmt::format("{}", all.saturated),
          fmt::format("{}", all.saturated_share()),
          sqnr_field(run.quantization->output)};
}

std::string quantization_table(const RunStats& run) {
  if (!run.quantization) return {};
  const bool words = is_mixed(run);
  Table table{.columns = {{"layer", Align::left}}};
  if (words) table.columns.push_back({"words", Align::left});
  table.columns.insert(table.columns.end(), {{"scale"},
                                             {"zero"},
                                             {"smallest", Align::right, "filter scales"},
                                             {"largest", Align::right, "filter scales"},
                                             {"saturated %"},
                                             {"SQNR dB"}});
  for (const LayerStats& layer : run.layers)
    if (layer.quantization) table.rows.push_back(row_of(layer, words));
  return to_text(table) +
         "scale, zero: of the output's words, real = scale x (word - zero); saturated: clamped at "
         "the ends of the words;\nSQNR: of the output against fp32 on the same input\n\n";
}

std::string quantization_summary(const RunStats& run) {
  if (!run.quantization) return {};
  const QuantizationError all = all_layers(run);
  std::string text =
      fmt::format("  {:<13} {}\n", "calibration", calibration_text(*run.quantization));
  std::string parts;
  if (const auto& output = run.quantization->output) {
    const bool number = output->sqnr_db().has_value();
    parts = fmt::format("output SQNR {}{}, ", sqnr_text(*output), number ? " dB" : "");
  }
  if (const LayerStats* worst = worst_layer(run))
    parts += fmt::format("lowest {:.1f} dB in {}, ", *worst->quantization->error.sqnr_db(),
                         shortened(printable(worst->name), 40));
  return text + fmt::format("  {:<13} {}{} of {} words saturated ({} %)\n", "quantization", parts,
                            grouped(all.saturated), grouped(all.words), saturated_text(all));
}

}  // namespace ridgeline::reports
