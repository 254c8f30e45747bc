#pragma once

#include <string>

#include "models/cost/run_stats.hpp"

/// Pieces of text that more than one text report prints about a run.
namespace ridgeline::reports {

/// "3x227x227" for N = 1, "4x3x227x227" otherwise.
[[nodiscard]] std::string shape_text(const TensorShape& shape);
/// What a layer does, in few characters: "conv 3x3/2", "max 3x3/2", "fc", "add".
[[nodiscard]] std::string op_text(const LayerStats& layer);
/// "MAC equivalents" for a normalised table, else the unit.
[[nodiscard]] std::string energy_unit_text(std::string_view unit);
[[nodiscard]] std::string energy_unit_text(const EnergyTable& table);
/// The lines that say what was run: network, architecture, precision, seed, energy table.
[[nodiscard]] std::string heading_text(const RunStats& run);
/// Whether layers have words of several widths.
[[nodiscard]] bool is_mixed(const RunStats& run);
/// "int16", or "int8 > int16" where the ofmap's words are wider than the layer's own.
[[nodiscard]] std::string words_text(const LayerStats& layer);
/// The best classes, a line each: score, class, label. Empty if the classes have no labels.
[[nodiscard]] std::string classes_text(const RunStats& run);
/// "compute 86.6 %, fill and drain 2.2 %, ..." for every cause.
[[nodiscard]] std::string shares_of_cycles(const CycleBreakdown& cycles);
/// "ok", "12 bad", or "-" for a layer that was not checked.
[[nodiscard]] std::string check_text(const TensorCheck& check);
/// One line for all layers, and one for each layer that differs. Empty if nothing was checked.
[[nodiscard]] std::string check_summary(const RunStats& run);

}  // namespace ridgeline::reports
