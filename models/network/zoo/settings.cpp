#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>

#include "models/base/error.hpp"
#include "models/base/text.hpp"
#include "models/network/zoo/catalogue.hpp"

namespace ridgeline::zoo {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const std::size_t end = text.find(separator);
    pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> keys_of(const std::vector<Parameter>& parameters) {
  std::vector<std::string> keys;
  for (const Parameter& parameter : parameters) keys.push_back(parameter.key);
  return keys;
}

}  // namespace

Settings::Settings(std::string network, std::string_view text,
                   const std::vector<Parameter>& parameters)
    : network_(std::move(network)) {
  for (const Parameter& parameter : parameters)
    values_.emplace_back(parameter.key, parameter.default_value);
  if (text.empty()) return;
  std::vector<std::string> given;
  for (const std::string_view piece : split(text, ',')) {
    const std::size_t equals = piece.find('=');
    const std::string key(piece.substr(0, equals));
    const auto known = std::find_if(values_.begin(), values_.end(),
                                    [&](const auto& value) { return value.first == key; });
    if (known == values_.end()) {
      const std::vector<std::string> keys = keys_of(parameters);
      throw InputError({.place = network_,
                        .what = fmt::format("unknown parameter '{}'", key),
                        .allowed = fmt::format("{}", fmt::join(keys, ", ")),
                        .nearest = nearest_name(key, keys)});
    }
    if (equals == std::string_view::npos)
      throw InputError({.place = network_,
                        .what = fmt::format("parameter '{}' has no value", key),
                        .allowed = key + "=VALUE"});
    if (std::find(given.begin(), given.end(), key) != given.end())
      throw InputError(
          {.place = network_, .what = fmt::format("parameter '{}' is given twice", key)});
    given.push_back(key);
    known->second = piece.substr(equals + 1);
  }
}

const std::string& Settings::text_of(std::string_view key) const {
  const auto value = std::find_if(values_.begin(), values_.end(),
                                  [&](const auto& known) { return known.first == key; });
  assert(value != values_.end());
  return value->second;
}

void Settings::fail(std::string_view key, std::string allowed) const {
  throw InputError({.place = network_,
                    .what = fmt::format("{} is '{}'", key, text_of(key)),
                    .allowed = std::move(allowed)});
}

int Settings::integer(std::string_view key, int least, int most) const {
  const std::optional<int> value = parse_number<int>(text_of(key));
  if (!value || *value < least || *value > most)
    fail(key, fmt::format("a whole number, {} to {}", least, most));
  return *value;
}

std::vector<int> Settings::integers(std::string_view key, std::size_t count, int least,
                                    int most) const {
  std::vector<int> values;
  for (const std::string_view piece : split(text_of(key), '-'))
    if (const std::optional<int> value = parse_number<int>(piece); value && *value >= least)
      values.push_back(*value);
    else
      values.push_back(most + 1);
  const bool in_range =
      std::all_of(values.begin(), values.end(), [&](int value) { return value <= most; });
  if (values.size() != count || !in_range)
    fail(key, fmt::format("{} whole numbers joined by '-', {} to {} each", count, least, most));
  return values;
}

int Settings::parts(std::string_view key, int parts, int least, int most) const {
  const std::optional<double> value = parse_number<double>(text_of(key));
  const double scaled = value.value_or(std::nan("")) * parts;
  if (!(scaled >= least && scaled <= most) || scaled != std::floor(scaled))
    fail(key, fmt::format("multiples of {}, {} to {}", 1.0 / parts,
                          static_cast<double>(least) / parts, static_cast<double>(most) / parts));
  return static_cast<int>(scaled);
}

double Settings::fraction(std::string_view key) const {
  const std::optional<double> value = parse_number<double>(text_of(key));
  if (!value || !(*value > 0 && *value <= 1)) fail(key, "a number above 0, at most 1");
  return *value;
}

std::string Settings::choice(std::string_view key, const std::vector<std::string>& choices) const {
  const std::string& value = text_of(key);
  if (std::find(choices.begin(), choices.end(), value) == choices.end())
    fail(key, fmt::format("{}", fmt::join(choices, ", ")));
  return value;
}

}  // namespace ridgeline::zoo
