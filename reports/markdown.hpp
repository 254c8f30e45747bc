#pragma once

#include <string>
#include <string_view>

#include "reports/table.hpp"

/// Markdown as GitHub and pandoc read it.
namespace ridgeline::reports {

/// A name from outside as text: what would be markup, or HTML, is escaped.
[[nodiscard]] std::string markdown_text(std::string_view text);
/// Cells are Markdown, in which a '|' is escaped here; rows of the footer come last.
[[nodiscard]] std::string to_markdown(const Table& table);

}  // namespace ridgeline::reports
