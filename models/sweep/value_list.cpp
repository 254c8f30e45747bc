#include "models/sweep/value_list.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ridgeline {
namespace {

constexpr RealBounds kAnyNumber{.min = -1e15, .max = 1e15};

bool is_whole(const JsonField& number) {
  return std::get<JsonNumber>(number.value().data).text.find_first_of(".eE") == std::string::npos;
}

JsonValue number_value(double value, bool whole, const JsonField& field) {
  std::string text = whole ? fmt::format("{:.0f}", value) : fmt::format("{}", value);
  return {.data = JsonNumber{std::move(text), value}, .file = field.value().file};
}

/// What takes a range from one value to the next.
struct Stride {
  bool multiplies;
  double by;

  [[nodiscard]] double value(double from, std::size_t index) const {
    const auto i = static_cast<double>(index);
    return multiplies ? from * std::pow(by, i) : from + by * i;
  }
};

Stride read_stride(const ObjectReader& range, double from) {
  const auto step = range.find("step"), factor = range.find("factor");
  if (step && factor) factor->fail("does not go with \"step\"", "one of both");
  if (factor) {
    const double by = factor->number(kAnyNumber);
    if (!(by > 1)) factor->fail("must be above 1, got " + factor->shown());
    if (!(from > 0)) range.at("from").fail("must be above 0 to be multiplied");
    return {true, by};
  }
  const JsonField field = range.at("step");
  const double by = field.number(kAnyNumber);
  if (!(by > 0)) field.fail("must be above 0, got " + field.shown());
  return {false, by};
}

std::vector<JsonValue> range_values(const JsonField& field) {
  const ObjectReader range(field, {"from", "to", "step", "factor"});
  const double from = range.at("from").number(kAnyNumber), to = range.at("to").number(kAnyNumber);
  const Stride stride = read_stride(range, from);
  if (to < from) {
    range.at("to").fail(fmt::format("makes an empty range: {} is below \"from\", {}", to, from));
  }
  const bool whole =
      is_whole(range.at("from")) && is_whole(range.at(stride.multiplies ? "factor" : "step"));
  // So that 0.1, 0.2, 0.3 ends with 0.3 although 0.1 + 2 * 0.1 is above it.
  const double limit = to + std::abs(to) * 1e-12;
  std::vector<JsonValue> values;
  for (std::size_t i = 0; stride.value(from, i) <= limit; ++i) {
    if (i == kMostValues) field.fail("makes too many values", fmt::format("up to {}", kMostValues));
    // Twelve digits, so that steps of 0.1 print as such.
    const double value = stride.value(from, i);
    values.push_back(
        number_value(whole ? value : std::stod(fmt::format("{:.12g}", value)), whole, field));
  }
  return values;
}

}  // namespace

std::vector<JsonValue> list_values(const JsonField& field) {
  if (field.is_object()) return range_values(field);
  if (!field.is_list()) {
    field.fail_type(
        "a list of values, or a range",
        R"([8, 16], {"from": 8, "to": 64, "step": 8}, {"from": 8, "to": 64, "factor": 2})");
  }
  std::vector<JsonValue> values;
  for (const JsonField& item : field.items({.min = 1, .max = kMostValues})) {
    values.push_back(item.value());
  }
  return values;
}

}  // namespace ridgeline
