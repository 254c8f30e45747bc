#include "models/arch/accelergy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>

#include "models/arch/accelergy_names.hpp"
#include "models/arch/architecture_fields.hpp"
#include "models/base/error.hpp"
#include "models/base/text.hpp"
#include "models/base/yaml_reader.hpp"

namespace ridgeline {
namespace {

constexpr RealBounds kEnergy = arch_fields::kCost;

std::string in_small_letters(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

class ErtReader {
 public:
  explicit ErtReader(const AccelergyChoices& choices) : choices_(choices) {}

  void read(const YamlValue& ert) {
    for (const YamlValue& table : ert.at("tables").list("\"tables\"")) {
      table.expect_map("a table");
      read_component(table);
    }
  }

  /// All that the chosen components are, checked against what the files held.
  EnergyTable table() {
    for (const AccelergyComponent& chosen : choices_.components) {
      if (std::ranges::find(seen_, in_small_letters(chosen.name)) != seen_.end()) continue;
      throw InputError(
          {.file = "--ert-component",
           .what = fmt::format("the ERT has no component \"{}\"", shortened(chosen.name)),
           .allowed = fmt::format("{}", fmt::join(seen_, ", ")),
           .nearest = nearest_name(chosen.name, seen_)});
    }
    EnergyTable table{.unit = "pJ",
                      .mac = 0,
                      .rf = 0,
                      .noc = 0,
                      .glb = 0,
                      .dram = 0,
                      .vector = 0,
                      .leakage_per_cycle = leakage_};
    for (const std::string& action : energy_actions()) {
      const auto found = energies_.find(action);
      if (found != energies_.end()) {
        table.entries.push_back({.action = action, .form = PerAction{found->second.energy}});
      }
    }
    return table;
  }

  [[nodiscard]] bool averaged() const { return averaged_; }

 private:
  struct Found {
    double energy = 0;
    std::size_t depth = 0;  ///< length of the component's own path: the longer one holds
  };

  /// What the component stands for.
  AccelergyComponent meaning_of(const YamlValue& where, const std::string& name) {
    const std::string small = in_small_letters(name);
    seen_.push_back(small);
    for (const AccelergyComponent& chosen : choices_.components) {
      if (in_small_letters(chosen.name) == small) return chosen;
    }
    std::vector<std::string> known;
    for (const AccelergyAlias& alias : accelergy_aliases()) {
      if (alias.component == small) return {.name = name, .action = std::string(alias.path)};
      known.emplace_back(alias.component);
    }
    where.fail(
        fmt::format("the component \"{}\" is unknown", shortened(name)),
        fmt::format("{}; or --ert-component {}=ACTION", fmt::join(known, ", "), shortened(name)),
        nearest_name(small, known));
  }

  void read_component(const YamlValue& table) {
    const YamlValue& name = table.at("name");
    const AccelergyComponentName component = component_of(name);
    const AccelergyComponent meaning = meaning_of(name, component.name);
    if (meaning.action.empty()) return;
    std::map<std::string, std::vector<const YamlValue*>> actions;
    std::vector<std::string> known;
    for (const std::string_view action : accelergy_actions(meaning.action)) {
      known.emplace_back(action);
    }
    for (const YamlValue& action : table.at("actions").list("\"actions\"")) {
      action.expect_map("an action");
      const YamlValue& called = action.at("name");
      const std::string& text = called.scalar("the name of an action");
      if (std::ranges::find(known, text) == known.end()) {
        called.fail(fmt::format("\"{}\" is no action of {}", shortened(text), component.name),
                    fmt::format("{}", fmt::join(known, ", ")), nearest_name(text, known));
      }
      actions[text].push_back(&action);
    }
    for (const auto& [action, entries] : actions) {
      put(meaning, component, action, entries);
    }
  }

  void put(const AccelergyComponent& meaning, const AccelergyComponentName& component,
           const std::string& action, const std::vector<const YamlValue*>& entries) {
    if (action == "idle" || action == "update" || action == "transfer_repeated") return;
    const double energy = energy_of(component, action, entries);
    if (action == "leak") {
      leakage_ += energy * component.instances;
      if (leakage_ > kEnergy.max) entries.front()->fail("leakage is beyond 1e12 pJ a cycle");
      return;
    }
    const Found found{energy / meaning.words, meaning.action.size()};
    for (const std::string& path : accelergy_paths(meaning.action, action)) {
      const auto [at, fresh] = energies_.try_emplace(path, found);
      if (!fresh && at->second.depth == found.depth) {
        entries.front()->fail(fmt::format("\"{}\" has an energy already", path),
                              "one component for it: --ert-component NAME= leaves another out");
      }
      if (at->second.depth < found.depth) at->second = found;
    }
  }

  /// The one energy that is meant.
  double energy_of(const AccelergyComponentName& component, const std::string& action,
                   const std::vector<const YamlValue*>& entries) {
    const auto energy = [](const YamlValue& entry) {
      return entry.at("energy").number("the energy", kEnergy);
    };
    if (entries.size() == 1) return energy(*entries.front());
    if (!choices_.arguments) fail_choice(component, action, entries);
    double sum = 0;
    int left = 0;
    for (const YamlValue* entry : entries) {
      if (!has_values(*entry)) continue;
      sum += energy(*entry);
      ++left;
    }
    if (left == 0 || (left > 1 && !choices_.arguments->average)) {
      fail_choice(component, action, entries);
    }
    averaged_ = averaged_ || left > 1;
    return sum / left;
  }

  [[nodiscard]] bool has_values(const YamlValue& entry) const {
    const YamlValue* arguments = entry.find("arguments");
    return std::ranges::all_of(choices_.arguments->values, [&](const auto& wanted) {
      const YamlValue* value = arguments == nullptr ? nullptr : arguments->find(wanted.first);
      return value == nullptr || value->text == wanted.second;
    });
  }

  [[noreturn]] static void fail_choice(const AccelergyComponentName& component,
                                       const std::string& action,
                                       const std::vector<const YamlValue*>& entries) {
    std::vector<std::string> names;
    const YamlValue* arguments = entries.front()->find("arguments");
    if (arguments != nullptr) {
      for (const auto& [name, value] : arguments->members) names.push_back(name);
    }
    entries.front()->fail(
        fmt::format("{} of {} has {} energies, by {}; which is meant must be said", action,
                    component.name, entries.size(),
                    names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "))),
        "--ert-arguments average, or NAME=VALUE,... that leaves one");
  }

  const AccelergyChoices& choices_;
  std::map<std::string, Found> energies_;
  std::vector<std::string> seen_;
  double leakage_ = 0;
  bool averaged_ = false;
};

void check_version(const YamlValue& table) {
  const YamlValue& version = table.at("version");
  const std::string& text = version.scalar("the version");
  if (text != "0.3" && text != "0.4") {
    version.fail(fmt::format("version {} is not read", shortened(text)), "0.3, 0.4");
  }
}

void read_areas(const YamlValue& art, std::vector<ComponentArea>& areas) {
  constexpr std::size_t kMost = 1024;
  for (const YamlValue& table : art.at("tables").list("\"tables\"")) {
    table.expect_map("a table");
    const std::string& name = table.at("name").scalar("the name of a component");
    if (name.empty()) table.fail("a component needs a name");
    if (areas.size() == kMost) table.fail(fmt::format("is more than {} components", kMost));
    areas.push_back({.component = without_controls(shortened(name, 200)),
                     .square_micrometres = table.at("area").number("the area", kEnergy)});
  }
}

/// Components of an energy table that nothing was said about.
std::string free_components(const EnergyTable& table) {
  std::vector<std::string> free;
  for (const char* component : {"mac", "rf", "noc", "glb", "dram", "vector"}) {
    const auto holds = [&](const EnergyEntry& entry) {
      return entry.action.starts_with(component);
    };
    if (std::ranges::none_of(table.entries, holds)) free.emplace_back(component);
  }
  return fmt::format("{}", fmt::join(free, ", "));
}

}  // namespace

EnergyTable parse_accelergy(std::span<const SourceText> files, const AccelergyChoices& choices) {
  ErtReader reader(choices);
  std::vector<ComponentArea> areas;
  const SourceText* ert = nullptr;
  for (const SourceText& file : files) {
    const YamlValue document = parse_yaml(file);
    document.expect_map("the document");
    const YamlValue* energies = document.find("ERT");
    const YamlValue* art = document.find("ART");
    if (energies == nullptr && art == nullptr) {
      document.fail("holds neither \"ERT\" nor \"ART\"");
    }
    if (energies != nullptr) {
      if (ert != nullptr) energies->fail("is a second ERT, after that of " + ert->path);
      ert = &file;
      energies->expect_map("\"ERT\"");
      check_version(*energies);
      reader.read(*energies);
    }
    if (art != nullptr) {
      art->expect_map("\"ART\"");
      check_version(*art);
      read_areas(*art, areas);
    }
  }
  if (ert == nullptr) {
    throw InputError({.file = files.empty() ? "" : files.front().path,
                      .what = "there is no ERT, only areas",
                      .allowed = "a file with \"ERT\""});
  }
  EnergyTable table = reader.table();
  table.name = without_controls(
      shortened(std::filesystem::path(ert->path).stem().string(), arch_fields::kName.max));
  table.areas = std::move(areas);
  table.source = "Accelergy ERT " + table.name;
  if (reader.averaged()) table.source += ", averaged over the arguments of an action";
  const std::string free = free_components(table);
  if (!free.empty()) table.source += "; not in it, and taken to cost nothing: " + free;
  return table;
}

}  // namespace ridgeline
