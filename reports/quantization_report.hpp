#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "models/cost/run_stats.hpp"

/// What quantisation did to a run, in each format. All of them are empty for runs in fp32, without
/// data, or that were not compared with fp32.
namespace ridgeline::reports {

/// Of a layer, to be its "quantization"; numbers that are not finite are null.
[[nodiscard]] nlohmann::ordered_json quantization_json(const LayerQuantization& layer);
/// Of the run, to be the total's "quantization".
[[nodiscard]] nlohmann::ordered_json quantization_json(const RunStats& run);
/// How the scales were chosen, to be the run's "calibration".
[[nodiscard]] nlohmann::ordered_json calibration_json(const RunQuantization& run);

/// Names and values of the CSV columns; values are empty where there is no such thing.
[[nodiscard]] std::vector<std::string> quantization_headers();
[[nodiscard]] std::vector<std::string> quantization_record(const LayerStats& layer);
/// Of the total: words of all layers, the network's output.
[[nodiscard]] std::vector<std::string> quantization_record(const RunStats& run);

/// A row a layer: scales, zero point, saturated words, SQNR; below it what the columns are.
[[nodiscard]] std::string quantization_table(const RunStats& run);
/// Lines of the totals: how the scales were chosen, the network's SQNR and its worst layer.
[[nodiscard]] std::string quantization_summary(const RunStats& run);

}  // namespace ridgeline::reports
