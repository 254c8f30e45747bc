#pragma once

#include <string_view>

/// The pages of reports/html/ as the build put them together (cmake/html_page.cmake), in three
/// parts: the title comes after the first, the data after the second.
namespace ridgeline::reports {

struct HtmlTemplate {
  std::string_view before_title, before_data, after_data;
};
[[nodiscard]] HtmlTemplate html_template();        ///< of runs and their comparisons
[[nodiscard]] HtmlTemplate sweep_html_template();  ///< of sweeps

}  // namespace ridgeline::reports
