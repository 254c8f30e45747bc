#pragma once

#include <any>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/arch/architecture_field.hpp"
#include "models/arch/precision.hpp"
#include "models/base/json_reader.hpp"

/// What a sweep can vary, by name:
///   arch                the architecture, by the name or path of its file
///   arch.FIELD          a field of it, "arch.pe_array.rows"
///   network             the network, in place of all others
///   network.PARAMETER   a parameter of the networks, which are families of the zoo then
///   dataflow, precision, objective, batch, weight_density, activation_density
///                       as the options of `ridgeline run`; densities of all layers
namespace ridgeline {

/// One design and what runs on it, with everything said.
struct SweepPoint {
  Architecture arch{};
  std::vector<std::string> networks{};  ///< names, parameters included, or paths; each runs once
  std::string dataflow = "auto";
  Precision precision = Precision::int8;
  std::optional<Objective> objective{};  ///< the architecture's own if none is named
  int batch = 1;
  /// Shares of weights and activations that are not zero; nothing: those of the network's weights,
  /// and dense activations.
  std::optional<double> weight_density{}, activation_density{};
};

/// Where names lead. For one that leads nowhere they throw an InputError, which is passed on as one
/// about the place of the name.
struct SweepLookup {
  std::function<Architecture(const std::string& name)> architecture{};
  /// Checks the network; a digest of its file's bytes, or 0 where the name says all.
  std::function<std::uint64_t(const std::string& name)> network{};
  ArchitectureLookup fields{};  ///< for fields that name something
};

enum class SettingKind {
  arch,
  arch_field,
  network,
  network_parameter,
  dataflow,
  precision,
  objective,
  batch,
  weight_density,
  activation_density
};

/// One value of a setting.
struct SettingValue {
  std::string text{};              ///< as results print it
  std::optional<double> number{};  ///< if it is one; true is 1
  std::any value{};                ///< of a type that the setting's kind knows
};

/// One thing that an axis sets.
struct Setting {
  std::string key{};  ///< "arch.pe_array.rows"
  SettingKind kind = SettingKind::arch;
  std::string path{};  ///< the key without what comes before the first dot
  std::vector<SettingValue> values{};
};

/// Names of every setting; parameters of networks, which depend on them, are not among them.
[[nodiscard]] std::vector<std::string> setting_keys();
/// @throws InputError for a key that names nothing, at `place`, with the nearest one
[[nodiscard]] Setting setting_of(const std::string& key, const JsonField& place);
/// @throws InputError at `value` if the setting cannot have it
[[nodiscard]] SettingValue read_value(const Setting& setting, const JsonField& value,
                                      const SweepLookup& lookup);
/// Puts value number `index` in.
void apply(const Setting& setting, std::size_t index, SweepPoint& point);

/// "squeezenext:width=2" with blocks = 2-4-14-1 is "squeezenext:width=2,blocks=2-4-14-1"; a
/// parameter that is there already gets the new value.
[[nodiscard]] std::string with_parameter(const std::string& network, const std::string& parameter,
                                         const std::string& value);

/// What constraints and derived fields can name: fields of the architecture that are numbers, with
/// "arch." before them, batch, pes, buffer_bytes, on_chip_bytes (buffers and register files) and
/// area_mm2.
[[nodiscard]] const std::vector<std::string>& quantity_names();
[[nodiscard]] double quantity(const SweepPoint& point, const std::string& name);

}  // namespace ridgeline
