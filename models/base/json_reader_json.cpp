#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cctype>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "models/base/error.hpp"
#include "models/base/json_reader.hpp"
#include "models/base/text.hpp"

namespace ridgeline {
namespace {

[[noreturn]] void fail_in(const SourceText& source, std::string place, std::string what,
                          std::string allowed = "") {
  throw InputError({.file = source.path,
                    .place = std::move(place),
                    .what = std::move(what),
                    .allowed = std::move(allowed),
                    .nearest = ""});
}

[[noreturn]] void fail_at(const SourceText& source, std::size_t at, std::string what,
                          std::string allowed = "") {
  fail_in(source, line_and_column(source.text, at), std::move(what), std::move(allowed));
}

[[noreturn]] void fail_whole(const SourceText& source, std::string what, std::string allowed = "") {
  fail_in(source, "", std::move(what), std::move(allowed));
}

/// What nlohmann's parser would let pass or report poorly: it takes a NUL for the end of the text
/// and skips a byte order mark.
void check_is_text(const SourceText& source, const JsonLimits& limits) {
  const std::string& text = source.text;
  if (text.size() > limits.bytes) {
    fail_whole(source, fmt::format("is too large, {} bytes", text.size()),
               fmt::format("up to {} bytes", limits.bytes));
  }
  if (text.starts_with("\xEF\xBB\xBF") || text.starts_with("\xFF\xFE") ||
      text.starts_with("\xFE\xFF")) {
    fail_whole(source, "begins with a byte order mark", "UTF-8 text without one");
  }
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool white = byte == '\n' || byte == '\r' || byte == '\t';
    if (length == 0 || (byte < 0x20 && !white)) {
      fail_at(source, at, fmt::format("is not plain text: byte 0x{:02x}", byte),
              "UTF-8 text without control characters");
    }
    at += length;
  }
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    fail_whole(source, "is empty", "a JSON text");
  }
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// The word around text[at], or the one character there.
std::string_view word_around(std::string_view text, std::size_t at) {
  if (!is_word(text[at])) return text.substr(at, std::max<std::size_t>(1, utf8_length(text, at)));
  std::size_t begin = at;
  while (begin > 0 && is_word(text[begin - 1])) --begin;
  std::size_t end = at;
  while (end < text.size() && is_word(text[end])) ++end;
  return text.substr(begin, end - begin);
}

/// The usual mistakes, by the token that ends at text[at]; "" if it is none of them.
std::string known_mistake(std::string_view text, std::size_t at) {
  const std::string_view word = word_around(text, at);
  if (word == "/" || word == "#") return "JSON has no comments";
  if (word == "'") return "strings stand in double quotes";
  std::string lower(word.substr(0, 20));
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (lower == "nan" || lower == "inf" || lower == "infinity") return "JSON numbers are finite";
  if (lower != word && (lower == "true" || lower == "false" || lower == "null")) {
    return fmt::format("{} is written in lower case", lower);
  }
  if (word.size() > 1 && word[0] == '0' && std::isdigit(static_cast<unsigned char>(word[1])) != 0) {
    return "numbers have no leading zeros";
  }
  const std::size_t before = at == 0 ? at : text.find_last_not_of(" \t\r\n", at - 1);
  const bool closes = word == "}" || word == "]";
  if (closes && before != std::string_view::npos && text[before] == ',') {
    return "no comma may stand before a closing bracket";
  }
  return "";
}

/// nlohmann's names of what it expects, in words for people.
std::string expectation(const std::string& expected) {
  if (expected == "string literal") return "a string in double quotes";
  if (expected == "'[', '{', or a literal") return "a value";
  if (expected == "'}'" || expected == "']'") return "',' or " + expected;
  return expected;
}

/// Rewrites nlohmann's "[json.exception...] parse error at line 1, column 8: syntax error while
/// parsing object - invalid literal; last read: '...'; expected '}'": its "last read" may be
/// megabytes long.
[[noreturn]] void fail_syntax(const SourceText& source, std::size_t position,
                              const std::string& token, std::string message) {
  const std::size_t at = position == 0 ? 0 : position - 1;
  if (at >= source.text.size()) {
    fail_at(source, source.text.size(), "is not valid JSON: the text ends too early");
  }
  const std::string last_read = fmt::format("; last read: '{}'", token);
  const std::size_t token_at = message.find(last_read);
  if (token_at != std::string::npos) message.erase(token_at, last_read.size());
  constexpr std::string_view kExpected = "; expected ";
  const std::size_t expected = message.rfind(kExpected);
  std::string allowed;
  if (expected != std::string::npos) {
    allowed = expectation(message.substr(expected + kExpected.size()));
    message.erase(expected);
  }
  const std::size_t head = message.find(" - ");
  std::string reason =
      head == std::string::npos ? "a number is too large" : message.substr(head + 3);
  const bool in_string = reason.starts_with("invalid string");
  const std::string mistake = in_string ? "" : known_mistake(source.text, at);
  if (!mistake.empty()) {
    reason = mistake;
    allowed.clear();
  }
  fail_at(source, at,
          fmt::format("is not valid JSON: {}, at '{}'", reason,
                      shortened(word_around(source.text, at))),
          std::move(allowed));
}

/// nlohmann's SAX interface: keeps what its DOM would lose (a key given twice, how a number was
/// written) and stops at the limits while the parser's memory is still small.
class TreeBuilder {
 public:
  TreeBuilder(const SourceText& source, const JsonLimits& limits)
      : source_(source), limits_(limits), file_(std::make_shared<const std::string>(source.path)) {}

  JsonValue take() && { return std::move(root_); }

  bool null() { return add({}); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) {
    return add(JsonNumber{std::to_string(value), static_cast<double>(value)});
  }
  bool number_unsigned(std::uint64_t value) {
    return add(JsonNumber{std::to_string(value), static_cast<double>(value)});
  }
  bool number_float(double value, const std::string& text) { return add(JsonNumber{text, value}); }
  bool string(std::string& text) { return add(std::move(text)); }
  bool binary(nlohmann::json::binary_t& /*bytes*/) {
    assert(false && "JSON text has no binary values");
    return false;
  }
  bool start_object(std::size_t /*size*/) { return open(JsonValue::Object{}); }
  bool start_array(std::size_t /*size*/) { return open(JsonValue::Array{}); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& key) {
    Open& object = open_.back();
    if (!object.keys.insert(key).second) {
      fail_in(source_, pointer() + pointer_step(key), "this key appears twice");
    }
    std::get<JsonValue::Object>(object.value->data).push_back({.key = std::move(key), .value = {}});
    return true;
  }
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::json::exception& error) {
    fail_syntax(source_, position, token, error.what());
  }

 private:
  /// An array or object that is still being read. The pointer stays good: its parent grows only
  /// after it is closed.
  struct Open {
    JsonValue* value;
    std::unordered_set<std::string> keys;
  };

  JsonValue& place() {
    if (++values_ > limits_.values) {
      fail_whole(source_, "holds too many values", fmt::format("up to {}", limits_.values));
    }
    if (open_.empty()) return root_;
    auto& data = open_.back().value->data;
    if (auto* object = std::get_if<JsonValue::Object>(&data)) return object->back().value;
    return std::get<JsonValue::Array>(data).emplace_back();
  }
  bool add(decltype(JsonValue::data) data) {
    place() = {.data = std::move(data), .file = file_};
    return true;
  }
  bool open(decltype(JsonValue::data) data) {
    if (open_.size() == limits_.depth) {
      fail_whole(source_, "is nested too deeply", fmt::format("up to {} levels", limits_.depth));
    }
    JsonValue& value = place();
    value = {.data = std::move(data), .file = file_};
    open_.push_back({.value = &value, .keys = {}});
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }
  std::string pointer() const {
    std::string pointer;
    for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
      const auto& data = open_[i].value->data;
      if (const auto* object = std::get_if<JsonValue::Object>(&data)) {
        pointer += pointer_step(object->back().key);
      } else {
        pointer += fmt::format("/{}", std::get<JsonValue::Array>(data).size() - 1);
      }
    }
    return pointer;
  }

  const SourceText& source_;
  const JsonLimits& limits_;
  std::shared_ptr<const std::string> file_;
  JsonValue root_;
  std::vector<Open> open_;
  std::size_t values_ = 0;
};

}  // namespace

JsonValue parse_json(const SourceText& source, const JsonLimits& limits) {
  check_is_text(source, limits);
  TreeBuilder builder(source, limits);
  nlohmann::json::sax_parse(source.text, &builder);
  return std::move(builder).take();
}

}  // namespace ridgeline
