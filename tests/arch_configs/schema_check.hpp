#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tests/arch_configs/config_files.hpp"

namespace ridgeline::config_files {

/// Checks documents against a JSON Schema of the keywords that the schemas of mappings, networks
/// and sweeps use; any other keyword fails the test.
class SchemaCheck {
 public:
  explicit SchemaCheck(const Json& root) : root_(root) {}

  /// Places of `value` that `schema` refuses.
  [[nodiscard]] std::vector<std::string> refused(const Json& schema, const Json& value,
                                                 const std::string& at) const {
    static const std::set<std::string> known{
        "$schema",       "title",           "description", "type",
        "enum",          "minimum",         "maximum",     "minLength",
        "pattern",       "maxLength",       "items",       "minItems",
        "maxItems",      "required",        "properties",  "oneOf",
        "$ref",          "$defs",           "uniqueItems", "additionalProperties",
        "minProperties", "exclusiveMinimum"};
    for (const auto& [keyword, unused] : schema.items()) {
      if (!known.contains(keyword)) FAIL("the schema has the keyword " << keyword);
    }
    if (schema.contains("$ref")) return refused(referred(schema["$ref"]), value, at);
    if (schema.contains("oneOf")) return refused_by_all(schema["oneOf"], value, at);
    if (!has_type(value, schema.at("type"))) return {at};
    std::vector<std::string> places;
    if (wrong_by_itself(schema, value)) places.push_back(at);
    const auto below = [&](const Json& part, const Json& member, const std::string& step) {
      const auto more = refused(part, member, at + "/" + step);
      places.insert(places.end(), more.begin(), more.end());
    };
    if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        if (schema.contains("items")) below(schema["items"], value[i], std::to_string(i));
      }
    }
    if (value.is_object()) {
      const Json& others = schema.at("additionalProperties");
      for (const auto& [key, member] : value.items()) {
        if (schema.contains("properties") && schema["properties"].contains(key)) {
          below(schema["properties"][key], member, key);
        } else if (others.is_object()) {
          below(others, member, key);
        } else {
          if (others != false) FAIL("any key may be added at " << at);
          places.push_back(at + "/" + key);
        }
      }
    }
    return places;
  }

 private:
  static bool has_type(const Json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "number") return value.is_number();
    if (type != "integer") FAIL("the schema has the type " << type);
    return value.is_number_integer();
  }
  /// Whether a value breaks a rule that is not about what it holds.
  static bool wrong_by_itself(const Json& schema, const Json& value) {
    if (schema.contains("enum") && std::ranges::find(schema["enum"], value) == schema["enum"].end())
      return true;
    if (value.is_number()) {
      if (schema.contains("exclusiveMinimum")) {
        if (value <= schema["exclusiveMinimum"]) return true;
      } else if (value < schema.at("minimum")) {
        return true;
      }
      return schema.contains("maximum") && value > schema["maximum"];
    }
    if (value.is_string() && schema.contains("minLength")) {
      const auto length = value.get<std::string>().size();
      return length < schema["minLength"] || length > schema["maxLength"];
    }
    if (value.is_array()) {
      if (schema.value("uniqueItems", false)) {
        std::set<Json> items(value.begin(), value.end());
        if (items.size() != value.size()) return true;
      }
      return value.size() < schema.at("minItems") || value.size() > schema.at("maxItems");
    }
    if (value.is_object()) {
      if (value.size() < schema.value("minProperties", 0U)) return true;
      if (!schema.contains("required")) return false;
      for (const Json& key : schema.at("required")) {
        if (!value.contains(key)) return true;
      }
    }
    return false;
  }
  const Json& referred(const std::string& reference) const {
    if (!reference.starts_with("#/")) FAIL("the schema refers to " << reference);
    return root_.at(Json::json_pointer(reference.substr(1)));
  }
  std::vector<std::string> refused_by_all(const Json& choices, const Json& value,
                                          const std::string& at) const {
    int accepting = 0;
    for (const Json& choice : choices) accepting += refused(choice, value, at).empty() ? 1 : 0;
    return accepting == 1 ? std::vector<std::string>{} : std::vector<std::string>{at};
  }

  const Json& root_;
};

inline std::vector<std::string> refused(const Json& schema, const Json& value) {
  return SchemaCheck(schema).refused(schema, value, "");
}

}  // namespace ridgeline::config_files
