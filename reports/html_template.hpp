#pragma once

#include <string_view>

/// The page of reports/html/ as the build put it together (cmake/html_page.cmake), in three parts:
/// the title comes after the first, the data after the second.
namespace ridgeline::reports {

struct HtmlTemplate {
  std::string_view before_title, before_data, after_data;
};
[[nodiscard]] HtmlTemplate html_template();

}  // namespace ridgeline::reports
