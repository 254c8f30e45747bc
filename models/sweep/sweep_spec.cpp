#include "models/sweep/sweep_spec.hpp"

#include <fmt/format.h>

#include "models/arch/architecture_json.hpp"
#include "models/base/digest.hpp"
#include "models/base/text.hpp"

namespace ridgeline {
namespace {

/// The value and what its name stands for today.
void add_value(Digest& digest, const Setting& setting, const SettingValue& value,
               const SweepSpec& spec, const SweepLookup& lookup) {
  digest.add(value.text);
  const auto file_of_network = [&] { return lookup.network(value.text); };
  if (setting.kind == SettingKind::network) digest.add(file_of_network());
  const bool named = !value.number &&
                     (setting.kind == SettingKind::arch || setting.kind == SettingKind::arch_field);
  if (!named) return;
  SweepPoint point = spec.base;
  apply({.key = setting.key, .kind = setting.kind, .path = setting.path, .values = {value}}, 0,
        point);
  digest.add(to_json_text(point.arch, -1));
}

}  // namespace

std::string energy_unit_of(const SweepSpec& spec) {
  std::string unit = spec.base.arch.energy.unit;
  for (const SweepAxis& axis : spec.axes) {
    for (const Setting& setting : axis.settings) {
      const bool changes = setting.kind == SettingKind::arch ||
                           (setting.kind == SettingKind::arch_field && setting.path == "energy");
      if (!changes) continue;
      SweepPoint point = spec.base;
      apply(setting, 0, point);
      unit = point.arch.energy.unit;
      for (std::size_t i = 1; i < setting.values.size(); ++i) {
        apply(setting, i, point);
        if (point.arch.energy.unit != unit) return "mixed";
      }
    }
  }
  return unit;
}

std::uint64_t key_of(const SweepPoint& point) {
  Digest digest;
  digest.add(to_json_text(point.arch, -1));
  for (const std::string& network : point.networks) digest.add(network);
  digest.add(point.dataflow);
  digest.add(precision_name(point.precision));
  digest.add(objective_name(point.objective.value_or(point.arch.objective)));
  digest.add(static_cast<std::uint64_t>(point.batch));
  for (const std::optional<double>& density : {point.weight_density, point.activation_density}) {
    digest.add(density ? fmt::format("{}", *density) : "");
  }
  return digest.value();
}

std::uint64_t digest_of(const SweepSpec& spec, const SweepLookup& lookup) {
  Digest digest;
  digest.add(key_of(spec.base));
  for (const std::string& network : spec.base.networks) digest.add(lookup.network(network));
  for (const SweepAxis& axis : spec.axes) {
    digest.add(axis.name);
    for (const Setting& setting : axis.settings) {
      digest.add(setting.key);
      for (const SettingValue& value : setting.values) {
        add_value(digest, setting, value, spec, lookup);
      }
    }
  }
  for (const DerivedField& field : spec.derived) {
    digest.add(field.path);
    digest.add(field.expression.text());
  }
  for (const Expression& constraint : spec.constraints) digest.add(constraint.text());
  digest.add(static_cast<std::uint64_t>(spec.sampling));
  digest.add(spec.sample_points);
  digest.add(spec.sample_seed);
  for (const Metric metric : spec.front) digest.add(static_cast<std::uint64_t>(metric));
  digest.add(static_cast<std::uint64_t>(spec.analytic));
  digest.add(static_cast<std::uint64_t>(spec.layers));
  digest.add(static_cast<std::uint64_t>(spec.confirm));
  return digest.value();
}

}  // namespace ridgeline
