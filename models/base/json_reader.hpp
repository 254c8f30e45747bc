#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "models/base/source_text.hpp"

/// Strict reading of JSON that people wrote: text -> JsonValue -> checked values.
///
/// Everything here throws InputError, and nothing else, for whatever bytes come in: text that is
/// not JSON (with line and column), a key that appears twice, nesting or size over a limit, and,
/// with file and JSON pointer (RFC 6901), a key that is unknown or missing, a value of a wrong type
/// or out of range. Each value remembers its file, so that a value merged from several files is
/// reported where it stands.
namespace ridgeline {

struct JsonLimits {
  std::size_t bytes = std::size_t{16} << 20;
  std::size_t depth = 64;
  std::size_t values = 1'000'000;  ///< bounds the memory that a hostile file can ask for
};

struct JsonMember;

/// A number as it was written: "16" and "16.0" are different integers to a strict reader.
struct JsonNumber {
  std::string text;
  double value = 0;
};

struct JsonValue {
  using Array = std::vector<JsonValue>;
  using Object = std::vector<JsonMember>;  ///< in the file's order, no key twice

  std::variant<std::monostate, bool, JsonNumber, std::string, Array, Object> data;
  std::shared_ptr<const std::string> file;
};

struct JsonMember {
  std::string key;
  JsonValue value;
};

[[nodiscard]] JsonValue parse_json(const SourceText& source, const JsonLimits& limits = {});

/// `base` with the values of `over` put in: objects merge key by key, everything else is replaced.
[[nodiscard]] JsonValue merged(JsonValue base, JsonValue over);

/// Inclusive bounds.
struct IntegerBounds {
  std::int64_t min, max;
};
struct RealBounds {
  double min, max;
};
/// Of strings in characters, of lists in items.
struct LengthBounds {
  std::size_t min, max;
};

/// A value and its place. It refers to the JsonValue, which must outlive it.
class JsonField {
 public:
  explicit JsonField(const JsonValue& value, std::string pointer = "")
      : value_(&value), pointer_(std::move(pointer)) {}

  /// Digits only: 16.0 and 1e9 are refused.
  [[nodiscard]] std::int64_t integer(IntegerBounds bounds) const;
  [[nodiscard]] double number(RealBounds bounds) const;
  [[nodiscard]] bool boolean() const;
  /// Without control characters.
  [[nodiscard]] std::string text(LengthBounds bounds) const;
  /// A string that is one of `names`; `kind` says in the message what they name ("fabric").
  [[nodiscard]] std::string one_of(std::span<const std::string> names, std::string_view kind) const;
  [[nodiscard]] std::vector<JsonField> items(LengthBounds bounds) const;

  [[nodiscard]] bool is_text() const;
  [[nodiscard]] bool is_list() const;
  [[nodiscard]] bool is_object() const;
  /// The members of an object, whatever their keys; one of them, if it is there; or of need.
  [[nodiscard]] const JsonValue::Object& members() const;
  [[nodiscard]] std::optional<JsonField> find(std::string_view key) const;
  [[nodiscard]] JsonField at(std::string_view key) const;
  [[nodiscard]] const std::string& file() const { return *value_->file; }
  [[nodiscard]] const std::string& pointer() const { return pointer_; }
  [[nodiscard]] const JsonValue& value() const { return *value_; }

  /// Throws the InputError that `what` is wrong with this value.
  [[noreturn]] void fail(std::string what, std::string allowed = "",
                         std::string nearest = "") const;
  /// "must be WANTED, got VALUE".
  [[noreturn]] void fail_type(std::string_view wanted, std::string allowed = "") const;
  /// The value for a message, shortened: `16`, `the string "16"`, `a list of 3 items`.
  [[nodiscard]] std::string shown() const;

 private:
  const JsonValue* value_;
  std::string pointer_;
};

/// The members of an object all of whose keys are among `known`. Unknown keys are reported first,
/// since a misspelt key is also a missing one and the nearest key helps more.
class ObjectReader {
 public:
  ObjectReader(const JsonField& object, std::vector<std::string> known);

  /// `key` is one of the known keys.
  [[nodiscard]] JsonField at(std::string_view key) const;
  [[nodiscard]] std::optional<JsonField> find(std::string_view key) const;

 private:
  JsonField object_;
  std::vector<std::string> known_;
};

/// `key` as a step of a JSON pointer ("/rows"), shortened where it is absurdly long.
[[nodiscard]] std::string pointer_step(std::string_view key);

}  // namespace ridgeline
