#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/reproduction.hpp"
#include "reports/table.hpp"

/// A reproduction as tables, which text and Markdown write each in its own way.
namespace ridgeline::reports {

struct ReproductionTables {
  std::string summary;          ///< "28 figures: 28 within their tolerance; ..."
  std::optional<Table> groups;  ///< only of a table that is summed up
  Table figures;
  std::size_t figures_left_out = 0;
};

[[nodiscard]] ReproductionTables tables_of(const Reproduction& reproduction, Rows rows);
/// Of a section that has columns.
[[nodiscard]] Table table_of(const Section& section);

}  // namespace ridgeline::reports
