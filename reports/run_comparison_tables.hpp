#pragma once

#include "reports/run_comparison.hpp"
#include "reports/table.hpp"

/// A comparison as tables, which text and Markdown write each in its own way. Names go through
/// `name`, which makes them fit for the format.
namespace ridgeline::reports {

struct ComparisonTables {
  Table runs;      ///< totals
  Table layers;    ///< pairs, single layers, the total
  Table settings;  ///< that differ
};

[[nodiscard]] ComparisonTables tables_of(const RunComparison& comparison,
                                         std::string (*name)(std::string_view));

/// b / a as "0.39x"; "-" if a is nothing.
[[nodiscard]] std::string ratio_text(double a, double b);
/// "dataflow ws > os; bound dram > compute; cycles: dram_stall -1.2M".
[[nodiscard]] std::string why_text(const LayerPair& pair);

}  // namespace ridgeline::reports
