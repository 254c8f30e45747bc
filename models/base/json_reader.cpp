#include "models/base/json_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <unordered_map>

#include "models/base/error.hpp"
#include "models/base/text.hpp"

namespace ridgeline {
namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;  // for clang 14

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string double_quoted(std::string_view text) {
  return fmt::format("\"{}\"", shortened(text));
}

std::string shown_bounds(LengthBounds bounds, std::string_view noun) {
  if (bounds.min == bounds.max) return counted(bounds.min, noun);
  return fmt::format("{} to {}", bounds.min, counted(bounds.max, noun));
}

bool is_written_in_digits(std::string_view number) {
  return number.find_first_of(".eE") == std::string_view::npos;
}

}  // namespace

JsonValue merged(JsonValue base, JsonValue over) {
  auto* into = std::get_if<JsonValue::Object>(&base.data);
  auto* from = std::get_if<JsonValue::Object>(&over.data);
  if (into == nullptr || from == nullptr) return over;
  std::unordered_map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < into->size(); ++i) place.emplace((*into)[i].key, i);
  for (JsonMember& member : *from) {
    const auto found = place.find(member.key);
    if (found == place.end()) {
      into->push_back(std::move(member));
    } else {
      JsonValue& old = (*into)[found->second].value;
      old = merged(std::move(old), std::move(member.value));
    }
  }
  base.file = over.file;
  return base;
}

std::string pointer_step(std::string_view key) {
  std::string step = "/";
  for (const char c : shortened(key, 60)) {
    step += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  }
  return step;
}

void JsonField::fail(std::string what, std::string allowed, std::string nearest) const {
  throw InputError({.file = file(),
                    .place = pointer_,
                    .what = std::move(what),
                    .allowed = std::move(allowed),
                    .nearest = std::move(nearest)});
}

void JsonField::fail_type(std::string_view wanted, std::string allowed) const {
  fail(fmt::format("must be {}, got {}", wanted, shown()), std::move(allowed));
}

std::string JsonField::shown() const {
  return std::visit(
      Overloaded{[](std::monostate) { return std::string("null"); },
                 [](bool value) { return std::string(value ? "true" : "false"); },
                 [](const JsonNumber& number) { return shortened(number.text); },
                 [](const std::string& text) { return "the string " + double_quoted(text); },
                 [](const JsonValue::Array& array) {
                   return "a list of " + counted(array.size(), "item");
                 },
                 [](const JsonValue::Object& object) {
                   return "an object with " + counted(object.size(), "key");
                 }},
      value_->data);
}

std::int64_t JsonField::integer(IntegerBounds bounds) const {
  std::string allowed = fmt::format("{} to {}", bounds.min, bounds.max);
  const auto* number = std::get_if<JsonNumber>(&value_->data);
  if (number == nullptr) fail_type("an integer", std::move(allowed));
  if (!is_written_in_digits(number->text)) {
    fail_type("an integer, without a decimal point or exponent", std::move(allowed));
  }
  std::int64_t value = 0;
  const char* end = number->text.data() + number->text.size();
  const auto parsed = std::from_chars(number->text.data(), end, value);
  if (parsed.ec != std::errc{} || value < bounds.min || value > bounds.max) {
    fail("is out of range, got " + shown(), std::move(allowed));
  }
  assert(parsed.ptr == end);
  return value;
}

double JsonField::number(RealBounds bounds) const {
  std::string allowed = fmt::format("{} to {}", bounds.min, bounds.max);
  const auto* number = std::get_if<JsonNumber>(&value_->data);
  if (number == nullptr) fail_type("a number", std::move(allowed));
  if (!(number->value >= bounds.min && number->value <= bounds.max)) {
    fail("is out of range, got " + shown(), std::move(allowed));
  }
  return number->value;
}

bool JsonField::boolean() const {
  const auto* value = std::get_if<bool>(&value_->data);
  if (value == nullptr) fail_type("true or false");
  return *value;
}

std::string JsonField::text(LengthBounds bounds) const {
  const auto* text = std::get_if<std::string>(&value_->data);
  if (text == nullptr) fail_type("a string");
  const std::size_t length = count_characters(*text);
  if (length < bounds.min || length > bounds.max) {
    fail(fmt::format("must not be {}, got {}", length < bounds.min ? "so short" : "so long",
                     length == 0 ? "an empty string" : counted(length, "character")),
         shown_bounds(bounds, "character"));
  }
  if (!is_plain_text(*text)) {
    fail("must not hold control characters, got " + shown());
  }
  return *text;
}

std::string JsonField::one_of(std::span<const std::string> names, std::string_view kind) const {
  std::string allowed = fmt::format("{}", fmt::join(names, ", "));
  const auto* text = std::get_if<std::string>(&value_->data);
  if (text == nullptr) fail_type(fmt::format("the name of a {}", kind), std::move(allowed));
  if (std::find(names.begin(), names.end(), *text) == names.end()) {
    fail(fmt::format("must be the name of a {}, got {}", kind, double_quoted(*text)),
         std::move(allowed), nearest_name(*text, names));
  }
  return *text;
}

std::vector<JsonField> JsonField::items(LengthBounds bounds) const {
  const auto* array = std::get_if<JsonValue::Array>(&value_->data);
  if (array == nullptr) fail_type("a list");
  if (array->size() < bounds.min || array->size() > bounds.max) {
    fail(fmt::format("must not be so {}, got {}", array->size() < bounds.min ? "short" : "long",
                     shown()),
         shown_bounds(bounds, "item"));
  }
  std::vector<JsonField> fields;
  fields.reserve(array->size());
  for (const JsonValue& item : *array) {
    fields.emplace_back(item, fmt::format("{}/{}", pointer_, fields.size()));
  }
  return fields;
}

bool JsonField::is_text() const {
  return std::holds_alternative<std::string>(value_->data);
}

bool JsonField::is_list() const {
  return std::holds_alternative<JsonValue::Array>(value_->data);
}

const JsonValue::Object& JsonField::members() const {
  if (!is_object()) fail_type("an object");
  return std::get<JsonValue::Object>(value_->data);
}

std::optional<JsonField> JsonField::find(std::string_view key) const {
  for (const JsonMember& member : members()) {
    if (member.key == key) return JsonField(member.value, pointer_ + pointer_step(key));
  }
  return std::nullopt;
}

JsonField JsonField::at(std::string_view key) const {
  if (const std::optional<JsonField> field = find(key)) return *field;
  throw InputError(
      {.file = file(), .place = pointer_ + pointer_step(key), .what = "this key is missing"});
}

bool JsonField::is_object() const {
  return std::holds_alternative<JsonValue::Object>(value_->data);
}

ObjectReader::ObjectReader(const JsonField& object, std::vector<std::string> known)
    : object_(object), known_(std::move(known)) {
  const auto* members = std::get_if<JsonValue::Object>(&object_.value().data);
  if (members == nullptr) object_.fail_type("an object");
  for (const JsonMember& member : *members) {
    if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
    JsonField(member.value, object_.pointer() + pointer_step(member.key))
        .fail("unknown key " + double_quoted(member.key),
              fmt::format("{}", fmt::join(known_, ", ")), nearest_name(member.key, known_));
  }
}

JsonField ObjectReader::at(std::string_view key) const {
  assert(std::find(known_.begin(), known_.end(), key) != known_.end());
  return object_.at(key);
}

std::optional<JsonField> ObjectReader::find(std::string_view key) const {
  assert(std::find(known_.begin(), known_.end(), key) != known_.end());
  return object_.find(key);
}

}  // namespace ridgeline
