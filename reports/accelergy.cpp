#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "models/arch/accelergy.hpp"
#include "models/cost/energies.hpp"
#include "reports/format.hpp"
#include "reports/report.hpp"

/// A run as the files that Accelergy exchanges (versions 0.4 and, of counts and energies, 0.3): the
/// energies of every action, areas where the table has them, how often each action happened, and
/// what that comes to. A component stands for all of its instances.
namespace ridgeline::reports {
namespace {

/// Layers whose words have the same widths, and so the same energies.
struct Group {
  LayerPrecision precision;
  std::string prefix;  ///< of its components' names
  Energies energies;
  ActionCounts counts{};
};

std::string prefix_of(const LayerPrecision& precision, bool mixed) {
  if (!mixed) return "system.";
  return fmt::format("system.{}_{}_{}.", precision_name(precision.own),
                     precision_name(precision.output), precision_name(precision.residual));
}

std::vector<Group> groups_of(const RunStats& run) {
  std::vector<Group> groups;
  for (const LayerStats& layer : run.layers) {
    auto group = std::ranges::find(groups, layer.precision, &Group::precision);
    if (group == groups.end()) {
      group = groups.insert(group, {.precision = layer.precision,
                                    .prefix = {},
                                    .energies = energies_of(run.arch, layer.precision)});
    }
    const ActionCounts counts =
        actions_of(layer.accesses, layer.sparsity.macs_gated, layer.cycles.total());
    for (const MachineAction& action : machine_actions()) {
      group->counts.*action.count += counts.*action.count;
    }
  }
  for (Group& group : groups) group.prefix = prefix_of(group.precision, groups.size() > 1);
  return groups;
}

/// As YAML 1.1 reads a number, too: with a point.
std::string with_point(std::string number) {
  const std::size_t exponent = number.find('e');
  if (number.find('.') == std::string::npos) {
    number.insert(exponent == std::string::npos ? number.size() : exponent, ".0");
  }
  return number;
}

/// The shortest text that is this number again.
std::string number(double value) {
  return with_point(fmt::format("{}", value));
}

/// To twelve digits: so far sums agree, in whatever order they were added up.
std::string rounded(double value) {
  return with_point(fmt::format("{:.12g}", value));
}

/// Calls begin(group, component) for each component and then each(action) for its actions.
template <class Begin, class Each>
void each_component(const std::vector<Group>& groups, const Begin& begin, const Each& each) {
  for (const Group& group : groups) {
    std::string_view component;
    for (const MachineAction& action : machine_actions()) {
      const AccelergyName name = accelergy_name(action.path);
      if (component != name.component) {
        component = name.component;
        begin(group, component);
      }
      each(group, action, name);
    }
  }
}

std::string ert(const std::vector<Group>& groups) {
  std::string text = "ERT:\n    version: '0.4'\n    tables:\n";
  each_component(
      groups,
      [&](const Group& group, std::string_view component) {
        text += fmt::format("      - name: {}{}\n        actions:\n", group.prefix, component);
      },
      [&](const Group& group, const MachineAction& action, const AccelergyName& name) {
        text += fmt::format(
            "          - name: {}\n            arguments: {{}}\n            energy: {}\n",
            name.action, number(group.energies.*action.energy));
      });
  return text;
}

std::string art(const EnergyTable& table) {
  std::string text = "ART:\n    version: '0.4'\n    tables:";
  if (table.areas.empty()) return text + " []\n";
  text += '\n';
  for (const ComponentArea& area : table.areas) {
    text += fmt::format("      - name: {}\n        area: {}\n", single_quoted(area.component),
                        number(area.square_micrometres));
  }
  return text;
}

std::string action_counts(const std::vector<Group>& groups) {
  std::string text = "action_counts:\n    version: '0.3'\n    local:\n";
  each_component(
      groups,
      [&](const Group& group, std::string_view component) {
        text +=
            fmt::format("      - name: {}{}\n        action_counts:\n", group.prefix, component);
      },
      [&](const Group& group, const MachineAction& action, const AccelergyName& name) {
        text += fmt::format("          - name: {}\n            counts: {}\n", name.action,
                            group.counts.*action.count);
      });
  return text;
}

std::string energy_estimation(const std::vector<Group>& groups, const RunStats& run) {
  std::vector<std::pair<std::string, double>> components;
  each_component(
      groups,
      [&](const Group& group, std::string_view component) {
        components.emplace_back(fmt::format("{}{}", group.prefix, component), 0.0);
      },
      [&](const Group& group, const MachineAction& action, const AccelergyName&) {
        components.back().second +=
            static_cast<double>(group.counts.*action.count) * group.energies.*action.energy;
      });
  std::string text = "energy_estimation:\n    version: '0.3'\n    components:\n";
  for (const auto& [name, energy] : components) {
    text += fmt::format("      - name: {}\n        energy: {}\n", name, rounded(energy));
  }
  return text + fmt::format("    Total: {}\n", rounded(total_of(run).energy.total().count()));
}

}  // namespace

std::vector<FormatFile> accelergy_files(const RunStats& run) {
  const std::vector<Group> groups = groups_of(run);
  return {{"ERT.yaml", ert(groups)},
          {"ART.yaml", art(run.arch.energy)},
          {"action_counts.yaml", action_counts(groups)},
          {"energy_estimation.yaml", energy_estimation(groups, run)}};
}

std::string render_accelergy(const RunStats& run) {
  std::string text;
  for (const FormatFile& file : accelergy_files(run)) text += file.bytes;
  return text;
}

}  // namespace ridgeline::reports
