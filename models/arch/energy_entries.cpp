#include "models/arch/energy_entries.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "models/arch/architecture_fields.hpp"
#include "models/base/error.hpp"

namespace ridgeline {
namespace {

using namespace arch_fields;

const std::vector<std::string> kForms{"value",        "per_bit", "per_bit_mm",
                                      "by_precision", "curve",   "milliwatts"};

bool is_part_of(std::string_view action, std::string_view component) {
  return action.starts_with(component);
}

PerBitAndMillimetre read_wire(const ObjectReader& entry, const JsonField& energy) {
  return {.energy = energy.number(kCost), .mm = entry.at("mm").number(kMillimetres)};
}

ByPrecision read_by_precision(const JsonField& field) {
  const ObjectReader object(field, {"int8", "int16", "fp32"});
  return {.int8 = object.at("int8").number(kCost),
          .int16 = object.at("int16").number(kCost),
          .fp32 = object.at("fp32").number(kCost)};
}

void put_point(SizeCurve& curve, const JsonField& field) {
  const std::vector<JsonField> pair = field.items({.min = 2, .max = 2});
  const Bytes size(pair[0].integer(kBufferBytes));
  const double energy = pair[1].number(kAboveNothing);
  if (!curve.points.empty()) {
    const auto& [before, below] = curve.points.back();
    if (size <= before) {
      pair[0].fail(fmt::format("sizes must ascend, got {} after {}", size.count(), before.count()));
    }
    if (energy < below) {
      pair[1].fail(
          fmt::format("energies must not fall with the size, got {} after {}", energy, below));
    }
  }
  curve.points.emplace_back(size, energy);
}

SizeCurve read_curve(const JsonField& field) {
  const ObjectReader object(field, {"points", "bits", "between"});
  const std::vector<std::string> ways{"linear", "power"};
  SizeCurve curve{.bits = static_cast<int>(object.at("bits").integer(kWidth)),
                  .between = object.at("between").one_of(ways, "way to interpolate") == "power"
                                 ? Between::power
                                 : Between::linear};
  for (const JsonField& point : object.at("points").items({.min = 2, .max = 64})) {
    put_point(curve, point);
  }
  return curve;
}

EnergyForm read_form(const ObjectReader& entry, const std::string& form) {
  const JsonField field = entry.at(form);
  if (form == "value") return PerAction{field.number(kCost)};
  if (form == "per_bit") return PerBit{field.number(kCost)};
  if (form == "per_bit_mm") return read_wire(entry, field);
  if (form == "by_precision") return read_by_precision(field);
  if (form == "curve") return read_curve(field);
  return Milliwatts{field.number(kCost)};
}

/// What may say how much an action costs: wires have a length, memories a size, words a width.
std::vector<std::string> forms_for(const std::string& action, const std::string& unit) {
  if (is_part_of(action, "mac") || action == "vector") return {"value", "per_bit", "by_precision"};
  if (is_part_of(action, "noc")) return {"value", "per_bit", "per_bit_mm"};
  if (is_part_of(action, "rf") || is_part_of(action, "glb")) return {"value", "per_bit", "curve"};
  if (is_part_of(action, "dram")) return {"value", "per_bit"};
  if (unit == "pJ") return {"value", "milliwatts"};
  return {"value"};
}

EnergyEntry read_entry(const JsonField& field, const std::string& unit) {
  std::vector<std::string> keys{"action", "mm", "source", "technology"};
  keys.insert(keys.end(), kForms.begin(), kForms.end());
  const ObjectReader object(field, std::move(keys));
  EnergyEntry entry{.action = object.at("action").one_of(energy_actions(), "machine action")};
  const std::vector<std::string> allowed = forms_for(entry.action, unit);
  std::optional<std::string> form;
  for (const std::string& one : kForms) {
    const std::optional<JsonField> found = object.find(one);
    if (!found) continue;
    if (std::ranges::find(allowed, one) == allowed.end()) {
      found->fail(fmt::format("does not say what \"{}\" costs", entry.action),
                  fmt::format("{}", fmt::join(allowed, ", ")));
    }
    if (form) found->fail(fmt::format("\"{}\" already says what the action costs", *form));
    form = one;
  }
  if (!form) {
    field.fail(fmt::format("does not say what \"{}\" costs", entry.action),
               fmt::format("one of the keys {}", fmt::join(allowed, ", ")));
  }
  entry.form = read_form(object, *form);
  if (const auto mm = object.find("mm"); mm && *form != "per_bit_mm") {
    mm->fail("goes with \"per_bit_mm\" only");
  }
  if (const auto source = object.find("source")) entry.source = source->text(kText);
  if (const auto technology = object.find("technology")) {
    entry.technology = read_technology(*technology);
  }
  return entry;
}

}  // namespace

Technology read_technology(const JsonField& field) {
  const ObjectReader object(field, {"nm", "volts"});
  Technology technology{.nm = object.at("nm").number(kNanometres)};
  if (const auto volts = object.find("volts")) technology.volts = volts->number(kVolts);
  return technology;
}

std::vector<EnergyEntry> read_energy_entries(const JsonField& field, const std::string& unit) {
  std::vector<EnergyEntry> entries;
  for (const JsonField& item : field.items({.min = 0, .max = 64})) {
    EnergyEntry entry = read_entry(item, unit);
    if (std::ranges::find(entries, entry.action, &EnergyEntry::action) != entries.end()) {
      item.fail(fmt::format("the action \"{}\" has an entry already", entry.action));
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<ComponentArea> read_areas(const JsonField& field) {
  std::vector<ComponentArea> areas;
  for (const JsonField& item : field.items({.min = 0, .max = 1024})) {
    const ObjectReader object(item, {"component", "um2"});
    areas.push_back({.component = object.at("component").text(kText),
                     .square_micrometres = object.at("um2").number(kCost)});
  }
  return areas;
}

}  // namespace ridgeline
