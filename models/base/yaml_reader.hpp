#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/base/json_reader.hpp"
#include "models/base/source_text.hpp"

/// Strict reading of the plain part of YAML that other tools exchange: one document of maps, lists
/// and scalars. Anchors, aliases, tags and complex keys are refused, so that a short text cannot
/// stand for a long one; so are a key that appears twice, and nesting or size over a limit.
///
/// Everything throws InputErrors, and nothing else, whose place is "line L, column C".
namespace ridgeline {

struct YamlLimits {
  std::size_t bytes = std::size_t{16} << 20;
  std::size_t depth = 64;
  std::size_t values = 1'000'000;
  std::size_t keys = 1000;  ///< of one map
};

struct YamlValue {
  enum class Kind { null, scalar, list, map };

  Kind kind = Kind::null;
  std::string text{};  ///< of a scalar
  std::vector<YamlValue> items{};
  std::vector<std::pair<std::string, YamlValue>> members{};  ///< in the file's order
  int line = 0, column = 0;                                  ///< counted from 1
  std::shared_ptr<const std::string> file{};

  /// The member of a map, or null.
  [[nodiscard]] const YamlValue* find(std::string_view key) const;
  /// The same; missing is an error of this map.
  [[nodiscard]] const YamlValue& at(std::string_view key) const;
  [[nodiscard]] const std::string& scalar(std::string_view what) const;
  [[nodiscard]] double number(std::string_view what, RealBounds bounds) const;
  [[nodiscard]] const std::vector<YamlValue>& list(std::string_view what) const;
  void expect_map(std::string_view what) const;

  [[noreturn]] void fail(std::string what, std::string allowed = "",
                         std::string nearest = "") const;
};

[[nodiscard]] YamlValue parse_yaml(const SourceText& source, const YamlLimits& limits = {});

}  // namespace ridgeline
