#include "reports/html.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "reports/format.hpp"

namespace ridgeline::reports {
namespace {

using Json = nlohmann::ordered_json;

/// JSON whose objects are lists: [which list of keys, value, ...], and whose lists are [-1, item,
/// ...]. Layers have the same keys, so that a report takes half the room. base.js unpacks it.
class Packer {
 public:
  Json packed(const Json& json) {
    if (!json.is_structured()) return json;
    Json list = Json::array();
    list.push_back(json.is_object() ? shape_of(json) : -1);
    for (const Json& item : json) list.push_back(packed(item));
    return list;
  }
  [[nodiscard]] const Json& shapes() const { return shapes_; }

 private:
  int shape_of(const Json& object) {
    Json keys = Json::array();
    for (const auto& item : object.items()) keys.push_back(item.key());
    const auto [known, is_new] = known_.try_emplace(keys.dump(), static_cast<int>(shapes_.size()));
    if (is_new) shapes_.push_back(std::move(keys));
    return known->second;
  }

  Json shapes_ = Json::array();
  std::map<std::string, int> known_;
};

/// The characters that could begin or end markup as something else.
struct Escapes {
  std::string_view less, greater, ampersand;
};

std::string escaped(std::string_view text, const Escapes& escapes) {
  std::string result;
  for (const char c : text) {
    if (c == '<') {
      result += escapes.less;
    } else if (c == '>') {
      result += escapes.greater;
    } else if (c == '&') {
      result += escapes.ampersand;
    } else {
      result += c;
    }
  }
  return result;
}

/// JSON that cannot end its script. Such characters occur in strings only, where their escapes say
/// the same; U+2028 and U+2029, like all that is not ASCII, are escaped too.
std::string embedded(const Json& json) {
  return escaped(json.dump(-1, ' ', true, Json::error_handler_t::replace),
                 {"\\u003c", "\\u003e", "\\u0026"});
}

std::string escaped_markup(std::string_view text) {
  return escaped(printable(text), {"&lt;", "&gt;", "&amp;"});
}

}  // namespace

PageText packed_text(const PageData& data) {
  Packer packer;
  const Json value = packer.packed(data.json);
  return {data.id, embedded({{"shapes", packer.shapes()}, {"value", value}})};
}

std::string html_page(const HtmlTemplate& page, std::string_view title,
                      std::span<const PageText> texts) {
  std::string text(page.before_title);
  text += escaped_markup(title);
  text += page.before_data;
  for (const PageText& block : texts) {
    text += "<script type=\"application/json\" id=\"";
    text += block.id;
    text += "\">" + block.json + "</script>\n";
  }
  text += page.after_data;
  return text;
}

std::string html_page(std::string_view title, std::span<const PageData> data) {
  std::vector<PageText> texts;
  for (const PageData& block : data) texts.push_back(packed_text(block));
  return html_page(html_template(), title, texts);
}

}  // namespace ridgeline::reports
