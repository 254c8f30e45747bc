#include "models/base/yaml_reader.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>

#include "models/base/error.hpp"
#include "models/base/text.hpp"

namespace ridgeline {
namespace {

std::string place_of(int line, int column) {
  return fmt::format("line {}, column {}", line, column);
}

[[noreturn]] void fail_at(const std::string& file, const YAML::Mark& mark, std::string what) {
  throw InputError({.file = file,
                    .place = mark.is_null() ? "" : place_of(mark.line + 1, mark.column + 1),
                    .what = std::move(what)});
}

/// Builds the tree from the parser's events. The parser itself never expands anything.
class Builder : public YAML::EventHandler {
 public:
  Builder(std::shared_ptr<const std::string> file, const YamlLimits& limits)
      : file_(std::move(file)), limits_(limits) {}

  YamlValue take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse(mark, "", anchor);
    put(value(mark, YamlValue::Kind::null));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    fail_at(*file_, mark, "aliases are not read: write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    refuse(mark, tag, anchor);
    YamlValue scalar = value(mark, YamlValue::Kind::scalar);
    scalar.text = text;
    // A plain ~ or null is no text; a quoted one has the tag "!".
    if (tag == "?" && (text == "~" || text == "null")) scalar.kind = YamlValue::Kind::null;
    put(std::move(scalar));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlValue::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlValue::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlValue value;
    std::optional<YamlValue> key{};  ///< of a map: read, and its value not yet
  };

  void refuse(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
    if (anchor != 0) fail_at(*file_, mark, "anchors are not read: write the values out");
    if (!tag.empty() && tag != "?" && tag != "!") {
      fail_at(*file_, mark, fmt::format("the tag {} is not read", shortened(tag)));
    }
  }

  YamlValue value(const YAML::Mark& mark, YamlValue::Kind kind) {
    if (++values_ > limits_.values) {
      fail_at(*file_, mark, fmt::format("holds more than {} values", limits_.values));
    }
    YamlValue value{.kind = kind, .line = mark.line + 1, .column = mark.column + 1};
    value.file = file_;
    return value;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YamlValue::Kind kind) {
    refuse(mark, tag, anchor);
    if (open_.size() == limits_.depth) fail_at(*file_, mark, "is nested too deeply");
    open_.push_back({value(mark, kind)});
  }

  void close() {
    YamlValue done = std::move(open_.back().value);
    open_.pop_back();
    put(std::move(done));
  }

  void put(YamlValue value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (Open& in = open_.back(); in.value.kind == YamlValue::Kind::list) {
      in.value.items.push_back(std::move(value));
    } else if (!in.key) {
      if (value.kind != YamlValue::Kind::scalar) value.fail("keys must be names");
      if (in.value.find(value.text) != nullptr) {
        value.fail(fmt::format("the key \"{}\" appears twice", shortened(value.text)));
      }
      if (in.value.members.size() == limits_.keys) value.fail("is one key too many for a map");
      in.key = std::move(value);
    } else {
      in.value.members.emplace_back(std::move(in.key->text), std::move(value));
      in.key.reset();
    }
  }

  std::shared_ptr<const std::string> file_;
  YamlLimits limits_;
  YamlValue root_;
  std::vector<Open> open_;
  std::size_t values_ = 0;
};

std::string kind_text(const YamlValue& value) {
  switch (value.kind) {
    case YamlValue::Kind::null:
      return "nothing";
    case YamlValue::Kind::scalar:
      return fmt::format("\"{}\"", shortened(value.text));
    case YamlValue::Kind::list:
      return fmt::format("a list of {} items", value.items.size());
    case YamlValue::Kind::map:
      return fmt::format("a map of {} keys", value.members.size());
  }
  return "";
}

[[noreturn]] void fail_type(const YamlValue& value, std::string_view what,
                            std::string_view wanted) {
  value.fail(fmt::format("{} must be {}, got {}", what, wanted, kind_text(value)));
}

}  // namespace

const YamlValue* YamlValue::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &std::pair<std::string, YamlValue>::first);
  return found == members.end() ? nullptr : &found->second;
}

const YamlValue& YamlValue::at(std::string_view key) const {
  const YamlValue* found = find(key);
  if (found != nullptr) return *found;
  std::vector<std::string> names;
  for (const auto& [name, value] : members) names.push_back(name);
  fail(fmt::format("the key \"{}\" is missing", key), "", nearest_name(key, names));
}

const std::string& YamlValue::scalar(std::string_view what) const {
  if (kind != Kind::scalar) fail_type(*this, what, "a text");
  return text;
}

double YamlValue::number(std::string_view what, RealBounds bounds) const {
  if (kind != Kind::scalar) fail_type(*this, what, "a number");
  const std::optional<double> value = parse_number<double>(text, std::chars_format::general);
  if (!value) fail_type(*this, what, "a number");
  if (!(*value >= bounds.min && *value <= bounds.max)) {
    fail(fmt::format("{} is out of range, got {}", what, shortened(text)),
         fmt::format("{} to {}", bounds.min, bounds.max));
  }
  return *value;
}

const std::vector<YamlValue>& YamlValue::list(std::string_view what) const {
  if (kind != Kind::list) fail_type(*this, what, "a list");
  return items;
}

void YamlValue::expect_map(std::string_view what) const {
  if (kind != Kind::map) fail_type(*this, what, "a map");
}

void YamlValue::fail(std::string what, std::string allowed, std::string nearest) const {
  throw InputError({.file = file ? *file : "",
                    .place = place_of(line, column),
                    .what = std::move(what),
                    .allowed = std::move(allowed),
                    .nearest = std::move(nearest)});
}

YamlValue parse_yaml(const SourceText& source, const YamlLimits& limits) {
  const auto file = std::make_shared<const std::string>(shortened(source.path, 200));
  if (source.text.size() > limits.bytes) {
    fail_at(*file, YAML::Mark::null_mark(),
            fmt::format("is too large, {} bytes", source.text.size()));
  }
  Builder builder(file, limits);
  try {
    std::istringstream stream(source.text);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      fail_at(*file, YAML::Mark::null_mark(), "is empty");
    }
    YamlValue value = builder.take();
    Builder another(file, limits);
    if (parser.HandleNextDocument(another)) {
      another.take().fail("a second document begins here", "one document");
    }
    return value;
  } catch (const YAML::Exception& error) {
    fail_at(*file, error.mark, "is not valid YAML: " + shortened(error.msg, 200));
  }
}

}  // namespace ridgeline
