#include "models/sweep/setting.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "models/arch/architecture_fields.hpp"
#include "models/base/error.hpp"
#include "models/base/text.hpp"
#include "models/cost/area.hpp"
#include "models/mapping/dataflow.hpp"

namespace ridgeline {
namespace {

constexpr std::string_view kArchPrefix = "arch.", kNetworkPrefix = "network.";
constexpr LengthBounds kValueLength{.min = 1, .max = 1000};
constexpr IntegerBounds kBatch{.min = 1, .max = 1024};
constexpr RealBounds kDensity{.min = 0, .max = 1};

struct PlainKey {
  std::string_view name;
  SettingKind kind;
};
constexpr std::array<PlainKey, 8> kPlainKeys{
    {{"arch", SettingKind::arch},
     {"network", SettingKind::network},
     {"dataflow", SettingKind::dataflow},
     {"precision", SettingKind::precision},
     {"objective", SettingKind::objective},
     {"batch", SettingKind::batch},
     {"weight_density", SettingKind::weight_density},
     {"activation_density", SettingKind::activation_density}}};

/// Calls what looks a name up, and says of what it refuses where in the file the name stands.
template <class LookUp>
auto looked_up(const JsonField& name, const LookUp& look_up) {
  try {
    return look_up();
  } catch (const InputError& error) {
    InputProblem problem = error.problem();
    for (const std::string* part : {&problem.place, &problem.file}) {
      if (!part->empty()) problem.what = *part + ": " + problem.what;
    }
    problem.file = name.file();
    problem.place = name.pointer();
    throw InputError(std::move(problem));
  }
}

/// A number or a word as the file has it; lists in brackets.
std::string text_of(const JsonValue& value) {
  if (const auto* number = std::get_if<JsonNumber>(&value.data)) return number->text;
  if (const auto* text = std::get_if<std::string>(&value.data)) return *text;
  if (const auto* truth = std::get_if<bool>(&value.data)) return *truth ? "true" : "false";
  std::vector<std::string> items;
  if (const auto* list = std::get_if<JsonValue::Array>(&value.data)) {
    for (const JsonValue& item : *list) items.push_back(text_of(item));
  }
  return fmt::format("{}", fmt::join(items, " "));
}

std::optional<double> number_of(const JsonValue& value) {
  if (const auto* number = std::get_if<JsonNumber>(&value.data)) return number->value;
  if (const auto* truth = std::get_if<bool>(&value.data)) return *truth ? 1 : 0;
  return std::nullopt;
}

std::string dataflow_of(const JsonField& value) {
  std::vector<std::string> names{"auto"};
  for (const Dataflow& known : all_dataflows()) names.push_back(known.name);
  return value.one_of(names, "dataflow");
}

Precision precision_of(const JsonField& value) {
  static const std::vector<std::string> names{"int8", "int16", "fp32"};
  return *precision_from_name(value.one_of(names, "precision"));
}

Objective objective_of(const JsonField& value) {
  std::vector<std::string> names;
  for (const auto& known : arch_fields::kObjectives) names.emplace_back(known.name);
  const std::string name = value.one_of(names, "objective");
  return std::ranges::find(arch_fields::kObjectives, name, &arch_fields::Named<Objective>::name)
      ->value;
}

std::any parsed(const Setting& setting, const JsonField& value, const SweepLookup& lookup) {
  switch (setting.kind) {
    case SettingKind::arch:
      return looked_up(value, [&] { return lookup.architecture(value.text(kValueLength)); });
    case SettingKind::arch_field:
      return read_field(setting.path, value, lookup.fields);
    case SettingKind::network:
      looked_up(value, [&] { return lookup.network(value.text(kValueLength)); });
      return value.text(kValueLength);
    case SettingKind::network_parameter:
      return text_of(value.value());
    case SettingKind::dataflow:
      return dataflow_of(value);
    case SettingKind::precision:
      return precision_of(value);
    case SettingKind::objective:
      return objective_of(value);
    case SettingKind::batch:
      return static_cast<int>(value.integer(kBatch));
    case SettingKind::weight_density:
    case SettingKind::activation_density:
      break;
  }
  return value.number(kDensity);
}

}  // namespace

std::vector<std::string> setting_keys() {
  std::vector<std::string> keys;
  for (const PlainKey& known : kPlainKeys) keys.emplace_back(known.name);
  for (const std::string& path : field_paths()) keys.push_back(std::string(kArchPrefix) + path);
  return keys;
}

Setting setting_of(const std::string& key, const JsonField& place) {
  for (const PlainKey& known : kPlainKeys) {
    if (known.name == key) return {.key = key, .kind = known.kind};
  }
  if (key.starts_with(kNetworkPrefix) && key.size() > kNetworkPrefix.size()) {
    return {.key = key,
            .kind = SettingKind::network_parameter,
            .path = key.substr(kNetworkPrefix.size())};
  }
  const std::string path = key.starts_with(kArchPrefix) ? key.substr(kArchPrefix.size()) : "";
  if (std::ranges::find(field_paths(), path) != field_paths().end()) {
    return {.key = key, .kind = SettingKind::arch_field, .path = path};
  }
  const std::vector<std::string> keys = setting_keys();
  place.fail(fmt::format("\"{}\" is nothing that a sweep can set", shortened(key)),
             fmt::format("{}, network.PARAMETER", fmt::join(keys, ", ")), nearest_name(key, keys));
}

SettingValue read_value(const Setting& setting, const JsonField& value, const SweepLookup& lookup) {
  return {.text = text_of(value.value()),
          .number = number_of(value.value()),
          .value = parsed(setting, value, lookup)};
}

void apply(const Setting& setting, std::size_t index, SweepPoint& point) {
  const std::any& value = setting.values[index].value;
  switch (setting.kind) {
    case SettingKind::arch:
      point.arch = std::any_cast<const Architecture&>(value);
      return;
    case SettingKind::arch_field:
      set_field(point.arch, setting.path, std::any_cast<const FieldValue&>(value));
      return;
    case SettingKind::network:
      point.networks = {std::any_cast<const std::string&>(value)};
      return;
    case SettingKind::network_parameter:
      for (std::string& network : point.networks) {
        network = with_parameter(network, setting.path, std::any_cast<const std::string&>(value));
      }
      return;
    case SettingKind::dataflow:
      point.dataflow = std::any_cast<const std::string&>(value);
      return;
    case SettingKind::precision:
      point.precision = std::any_cast<Precision>(value);
      return;
    case SettingKind::objective:
      point.objective = std::any_cast<Objective>(value);
      return;
    case SettingKind::batch:
      point.batch = std::any_cast<int>(value);
      return;
    case SettingKind::weight_density:
      point.weight_density = std::any_cast<double>(value);
      return;
    case SettingKind::activation_density:
      point.activation_density = std::any_cast<double>(value);
      return;
  }
}

std::string with_parameter(const std::string& network, const std::string& parameter,
                           const std::string& value) {
  const std::size_t colon = network.find(':');
  if (colon == std::string::npos) return fmt::format("{}:{}={}", network, parameter, value);
  std::string result = network.substr(0, colon + 1);
  bool replaced = false;
  for (std::size_t begin = colon + 1; begin <= network.size();) {
    const std::size_t end = std::min(network.find(',', begin), network.size());
    const std::string item = network.substr(begin, end - begin);
    const bool same = item.starts_with(parameter + "=");
    if (begin > colon + 1) result += ',';
    result += same ? fmt::format("{}={}", parameter, value) : item;
    replaced = replaced || same;
    begin = end + 1;
  }
  return replaced ? result : fmt::format("{},{}={}", result, parameter, value);
}

namespace {

struct NamedQuantity {
  const char* name;
  double (*of)(const SweepPoint&);
};
constexpr std::array<NamedQuantity, 5> kQuantities{
    {{"batch", [](const SweepPoint& p) -> double { return p.batch; }},
     {"pes", [](const SweepPoint& p) -> double { return p.arch.pes(); }},
     {"buffer_bytes",
      [](const SweepPoint& p) { return static_cast<double>(buffer_bytes(p.arch).count()); }},
     {"on_chip_bytes",
      [](const SweepPoint& p) {
        const Bytes registers = register_file_bytes(p.arch, p.precision) * p.arch.pes();
        return static_cast<double>((buffer_bytes(p.arch) + registers).count());
      }},
     {"area_mm2", [](const SweepPoint& p) { return area_of(p.arch, p.precision).total_mm2(); }}}};

}  // namespace

const std::vector<std::string>& quantity_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const NamedQuantity& one : kQuantities) all.emplace_back(one.name);
    const Architecture arch;
    for (const std::string& path : field_paths()) {
      if (field_number(arch, path)) all.push_back(std::string(kArchPrefix) + path);
    }
    return all;
  }();
  return names;
}

double quantity(const SweepPoint& point, const std::string& name) {
  if (name.starts_with(kArchPrefix)) {
    return *field_number(point.arch, std::string_view(name).substr(kArchPrefix.size()));
  }
  return std::ranges::find(kQuantities, name, &NamedQuantity::name)->of(point);
}

}  // namespace ridgeline
