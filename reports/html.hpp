#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "reports/html_template.hpp"

/// The page of reports/html/ with data in it: one file that loads nothing. Its content security
/// policy allows the page's own style and scripts, by their hashes, and nothing else; so whatever a
/// name in the data says, it is neither markup nor a program.
namespace ridgeline::reports {

/// A value that scripts find by `id`.
struct PageData {
  std::string_view id;
  const nlohmann::ordered_json& json;
};

/// The page of runs. @param title plain text, of any bytes
[[nodiscard]] std::string html_page(std::string_view title, std::span<const PageData> data);

/// A JSON text as pages hold it: it cannot end its script.
struct PageText {
  std::string_view id;
  std::string json;
};
/// The value in the short form that readData of base.js unpacks.
[[nodiscard]] PageText packed_text(const PageData& data);
/// Any page, with texts put in as they are.
[[nodiscard]] std::string html_page(const HtmlTemplate& page, std::string_view title,
                                    std::span<const PageText> texts);

}  // namespace ridgeline::reports
