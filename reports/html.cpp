#include "reports/html.hpp"

#include <nlohmann/json.hpp>

#include "reports/format.hpp"
#include "reports/html_template.hpp"

namespace ridgeline::reports {
namespace {

using Json = nlohmann::ordered_json;

/// JSON without the characters that could end a script or begin markup. They occur in strings only,
/// where their escapes say the same; U+2028 and U+2029, like all that is not ASCII, are escaped
/// too.
std::string embedded(const Json& json) {
  std::string text;
  for (const char c : json.dump(-1, ' ', true, Json::error_handler_t::replace)) {
    if (c == '<') {
      text += "\\u003c";
    } else if (c == '>') {
      text += "\\u003e";
    } else if (c == '&') {
      text += "\\u0026";
    } else {
      text += c;
    }
  }
  return text;
}

std::string escaped_markup(std::string_view text) {
  std::string escaped;
  for (const char c : printable(text)) {
    if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '&') {
      escaped += "&amp;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace

std::string html_page(std::string_view title, std::span<const PageData> data) {
  const HtmlTemplate page = html_template();
  std::string text(page.before_title);
  text += escaped_markup(title);
  text += page.before_data;
  for (const PageData& block : data) {
    text += "<script type=\"application/json\" id=\"";
    text += block.id;
    text += "\">" + embedded(block.json) + "</script>\n";
  }
  text += page.after_data;
  return text;
}

}  // namespace ridgeline::reports
