#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "models/base/digest.hpp"
#include "models/base/error.hpp"
#include "models/base/text.hpp"
#include "models/sweep/sweep_spec.hpp"
#include "models/sweep/value_list.hpp"

namespace ridgeline {
namespace {

constexpr const char* kSchema = "ridgeline.sweep/1";
constexpr LengthBounds kName{.min = 1, .max = 100}, kText{.min = 1, .max = 1000};
constexpr LengthBounds kAxes{.min = 1, .max = 32}, kNetworks{.min = 1, .max = 64};
constexpr LengthBounds kConstraints{.min = 0, .max = 64}, kFront{.min = 2, .max = 3};
constexpr IntegerBounds kSeed{.min = 0, .max = INT64_MAX};
constexpr IntegerBounds kSamplePoints{.min = 1, .max = 1'000'000'000};
/// A Latin hypercube remembers its samples.
constexpr IntegerBounds kHypercubePoints{.min = 1, .max = 10'000'000};
constexpr IntegerBounds kConfirmed{.min = 0, .max = 100};
constexpr std::size_t kMostValuesInAll = 2 * kMostValues;

/// The option of `run` that is called `key`, as a setting of its own with one value.
void read_option(const ObjectReader& object, const char* key, const SweepLookup& lookup,
                 SweepPoint& base) {
  const std::optional<JsonField> field = object.find(key);
  if (!field) return;
  Setting setting = setting_of(key, *field);
  setting.values.push_back(read_value(setting, *field, lookup));
  apply(setting, 0, base);
}

SweepPoint read_base(const ObjectReader& object, const SweepLookup& lookup) {
  SweepPoint base;
  (void)object.at("arch");
  for (const char* key : {"arch", "dataflow", "precision", "objective", "batch", "weight_density",
                          "activation_density"}) {
    read_option(object, key, lookup, base);
  }
  const std::optional<JsonField> networks = object.find("networks");
  if (!networks) return base;
  const Setting network = setting_of("network", *networks);
  for (const JsonField& item : networks->items(kNetworks)) {
    const std::string name = read_value(network, item, lookup).text;
    if (std::ranges::find(base.networks, name) != base.networks.end()) {
      item.fail(fmt::format("\"{}\" appears twice", shortened(name)));
    }
    base.networks.push_back(name);
  }
  return base;
}

/// A value at the place of the list or range that it comes from.
Setting read_setting(const std::string& key, const JsonField& field, const SweepLookup& lookup) {
  Setting setting = setting_of(key, field);
  const std::vector<JsonValue> values = list_values(field);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string place =
        field.is_list() ? fmt::format("{}/{}", field.pointer(), i) : field.pointer();
    setting.values.push_back(read_value(setting, JsonField(values[i], place), lookup));
  }
  return setting;
}

/// No two rows of linked values may be alike: they would be one point twice.
void check_rows_differ(const SweepAxis& axis, const JsonField& set) {
  std::set<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < axis.size(); ++i) {
    std::vector<std::string> row;
    for (const Setting& setting : axis.settings) row.push_back(setting.values[i].text);
    if (!rows.insert(row).second) {
      set.fail(fmt::format("has the value {} twice", fmt::join(row, ", ")));
    }
  }
}

SweepAxis read_axis(const JsonField& field, const SweepLookup& lookup) {
  const ObjectReader object(field, {"name", "set"});
  const JsonField set = object.at("set");
  SweepAxis axis;
  for (const JsonMember& member : set.members()) {
    const JsonField values = set.at(member.key);
    axis.settings.push_back(read_setting(member.key, values, lookup));
    const std::size_t size = axis.settings.back().values.size();
    if (size != axis.size()) {
      values.fail(fmt::format("has {} values, but \"{}\", which it goes with, has {}", size,
                              axis.settings.front().key, axis.size()),
                  fmt::format("{} values, or an axis of its own", axis.size()));
    }
  }
  if (axis.settings.empty()) set.fail("sets nothing", "one field or more");
  check_rows_differ(axis, set);
  const std::optional<JsonField> name = object.find("name");
  axis.name = name ? name->text(kName) : axis.settings.front().key;
  return axis;
}

const Setting* find_setting(const std::vector<SweepAxis>& axes, std::string_view key) {
  for (const SweepAxis& axis : axes) {
    const auto found = std::ranges::find(axis.settings, key, &Setting::key);
    if (found != axis.settings.end()) return &*found;
  }
  return nullptr;
}

std::vector<SweepAxis> read_axes(const ObjectReader& object, const SweepLookup& lookup) {
  std::vector<SweepAxis> axes;
  std::size_t values = 0;  // they take memory, even where a range of a few bytes names them
  for (const JsonField& item : object.at("axes").items(kAxes)) {
    SweepAxis axis = read_axis(item, lookup);
    for (const Setting& setting : axis.settings) {
      values += setting.values.size();
      if (values > kMostValuesInAll) {
        item.fail("makes too many values in all axes", fmt::format("up to {}", kMostValuesInAll));
      }
      if (find_setting(axes, setting.key) != nullptr) {
        item.fail(fmt::format("\"{}\" is set by an earlier axis already", setting.key));
      }
    }
    const auto same_name = std::ranges::find(axes, axis.name, &SweepAxis::name);
    if (same_name != axes.end()) {
      item.fail(fmt::format("an earlier axis is called \"{}\" already", shortened(axis.name)));
    }
    axes.push_back(std::move(axis));
  }
  return axes;
}

/// Networks come from one place, and take the parameters that axes set.
void check_networks(const ObjectReader& object, const SweepSpec& spec, const SweepLookup& lookup) {
  const JsonField axes = object.at("axes");
  const Setting* chosen = find_setting(spec.axes, "network");
  if (chosen != nullptr && !spec.base.networks.empty()) {
    axes.fail("an axis sets \"network\", which would replace \"networks\"", "one of both");
  }
  std::vector<std::string> networks = spec.base.networks;
  if (chosen != nullptr) {
    for (const SettingValue& value : chosen->values) networks.push_back(value.text);
  }
  if (networks.empty()) (void)object.at("networks");
  for (std::size_t a = 0; a < spec.axes.size(); ++a) {
    for (const Setting& setting : spec.axes[a].settings) {
      if (setting.kind != SettingKind::network_parameter) continue;
      const JsonField place = axes.items(kAxes)[a].at("set").at(setting.key);
      for (const std::string& network : networks) {
        for (const SettingValue& value : setting.values) {
          try {
            (void)lookup.network(with_parameter(network, setting.path, value.text));
          } catch (const InputError& error) {
            place.fail(error.what());
          }
        }
      }
    }
  }
}

std::vector<DerivedField> read_derived(const ObjectReader& object,
                                       const std::vector<SweepAxis>& axes) {
  std::vector<DerivedField> derived;
  const std::optional<JsonField> fields = object.find("derived");
  if (!fields) return derived;
  for (const JsonMember& member : fields->members()) {
    const JsonField field = fields->at(member.key);
    const Setting setting = setting_of(member.key, field);
    if (setting.kind != SettingKind::arch_field ||
        std::ranges::find(quantity_names(), member.key) == quantity_names().end()) {
      field.fail(fmt::format("\"{}\" cannot be worked out", shortened(member.key)),
                 "fields of the architecture that are numbers");
    }
    if (find_setting(axes, member.key) != nullptr) {
      field.fail(fmt::format("\"{}\" is set by an axis already", member.key));
    }
    derived.push_back({.path = setting.path,
                       .expression = Expression(field, quantity_names()),
                       .place = field.value(),
                       .pointer = field.pointer()});
  }
  return derived;
}

std::vector<Expression> read_constraints(const ObjectReader& object) {
  std::vector<Expression> constraints;
  const std::optional<JsonField> list = object.find("constraints");
  if (!list) return constraints;
  for (const JsonField& item : list->items(kConstraints)) {
    constraints.emplace_back(item, quantity_names());
    if (!constraints.back().is_condition()) {
      item.fail("compares nothing, so that every point would meet it or none",
                "a comparison, such as \"pes <= 1024\"");
    }
  }
  return constraints;
}

void read_sample(const ObjectReader& object, SweepSpec& spec) {
  const std::optional<JsonField> field = object.find("sample");
  if (!field) return;
  const ObjectReader sample(*field, {"method", "points", "seed"});
  static const std::vector<std::string> methods{"grid", "random", "latin_hypercube"};
  const std::string method = sample.at("method").one_of(methods, "sampling method");
  spec.sampling = static_cast<Sampling>(std::ranges::find(methods, method) - methods.begin());
  if (spec.sampling == Sampling::grid) {
    if (const auto points = sample.find("points")) {
      points->fail("does not go with a grid, which takes every combination");
    }
    return;
  }
  const bool remembers = spec.sampling == Sampling::latin_hypercube;
  spec.sample_points = static_cast<std::uint64_t>(
      sample.at("points").integer(remembers ? kHypercubePoints : kSamplePoints));
  if (const auto seed = sample.find("seed")) {
    spec.sample_seed = static_cast<std::uint64_t>(seed->integer(kSeed));
  }
}

void read_outcome(const ObjectReader& object, SweepSpec& spec) {
  if (const auto engine = object.find("engine")) {
    static const std::vector<std::string> engines{"analytic", "simulate"};
    spec.analytic = engine->one_of(engines, "engine") == "analytic";
  }
  if (const auto front = object.find("front")) {
    std::vector<std::string> names;
    for (const MetricName& known : kMetrics) names.emplace_back(known.name);
    spec.front.clear();
    for (const JsonField& item : front->items(kFront)) {
      const std::string name = item.one_of(names, "figure to compare by");
      const Metric metric = std::ranges::find(kMetrics, name, &MetricName::name)->metric;
      if (std::ranges::find(spec.front, metric) != spec.front.end()) {
        item.fail(fmt::format("\"{}\" appears twice", name));
      }
      spec.front.push_back(metric);
    }
  }
  if (const auto confirm = object.find("confirm")) {
    spec.confirm = static_cast<int>(confirm->integer(kConfirmed));
  }
  if (const auto layers = object.find("layers")) spec.layers = layers->boolean();
}

/// MAC equivalents and picojoules cannot be compared.
void check_energy_units(const ObjectReader& object, const SweepSpec& spec) {
  const auto by_energy = [](Metric m) { return m == Metric::energy || m == Metric::edp; };
  if (std::ranges::none_of(spec.front, by_energy) || energy_unit_of(spec) != "mixed") return;
  object.find("front")
      .value_or(object.at("axes"))
      .fail("the points' energies are of different units, which cannot be compared",
            "energy tables of one unit, or a \"front\" without energy and edp");
}

}  // namespace

SweepSpec parse_sweep_spec(const SourceText& source, const SweepLookup& lookup) {
  const JsonValue value = parse_json(source);
  const ObjectReader object(
      JsonField(value), {"schema", "summary", "arch", "networks", "precision", "dataflow",
                         "objective", "batch", "weight_density", "activation_density", "engine",
                         "axes", "derived", "constraints", "sample", "front", "confirm", "layers"});
  static const std::vector<std::string> schemas{kSchema};
  (void)object.at("schema").one_of(schemas, "schema");
  SweepSpec spec{.name = without_controls(std::filesystem::path(source.path).stem().string())};
  if (const auto summary = object.find("summary")) spec.summary = summary->text(kText);
  spec.base = read_base(object, lookup);
  spec.axes = read_axes(object, lookup);
  check_networks(object, spec, lookup);
  spec.derived = read_derived(object, spec.axes);
  spec.constraints = read_constraints(object);
  read_sample(object, spec);
  read_outcome(object, spec);
  check_energy_units(object, spec);
  spec.digest = digest_of(spec, lookup);
  return spec;
}

}  // namespace ridgeline
