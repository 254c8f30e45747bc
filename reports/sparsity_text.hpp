#pragma once

#include <string>

#include "models/cost/run_stats.hpp"

/// What the text report says of zeros.
namespace ridgeline::reports {

/// A row for each layer that saves something, and the total; empty unless zeros save a hundredth of
/// the run's cycles, energy or DRAM bytes.
[[nodiscard]] std::string sparsity_table(const RunStats& run, const LayerStats& total);
/// Lines of the summary: how many words are zero and what that saves. Empty for a run that knows
/// nothing of its words.
[[nodiscard]] std::string sparsity_summary(const RunStats& run, const LayerStats& total);

}  // namespace ridgeline::reports
