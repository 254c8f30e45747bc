#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

/// The page of reports/html/ with data in it: one file that loads nothing. Its content security
/// policy allows the page's own style and scripts, by their hashes, and nothing else; so whatever a
/// name in the data says, it is neither markup nor a program.
namespace ridgeline::reports {

/// A JSON text that scripts find by `id`.
struct PageData {
  std::string_view id;
  const nlohmann::ordered_json& json;
};

/// @param title plain text, of any bytes
[[nodiscard]] std::string html_page(std::string_view title, std::span<const PageData> data);

}  // namespace ridgeline::reports
