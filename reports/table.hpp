#pragma once

#include <string>
#include <vector>

/// A table of text with aligned columns, as reports print it.
namespace ridgeline::reports {

enum class Align { left, right };

struct Column {
  std::string header;
  Align align = Align::right;
  std::string group{};  ///< neighbours of one group share a heading line above the headers
};

/// Cells are printable text; every row has one cell a column.
struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows{};
  std::vector<std::vector<std::string>> footer{};  ///< rows below a rule: totals
};

/// Columns of a group stand one space apart, others two; no line ends in a space.
[[nodiscard]] std::string to_text(const Table& table);

}  // namespace ridgeline::reports
