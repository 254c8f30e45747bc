#include <fmt/format.h>

#include "models/arch/architecture_json.hpp"
#include "models/base/error.hpp"
#include "models/network/lowering.hpp"
#include "models/network/network_json.hpp"
#include "reports/describe.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/configs.hpp"
#include "sim/cli/energy_option.hpp"
#include "sim/cli/output.hpp"

namespace ridgeline::cli {
namespace {

void refuse_csv(const Arguments& arguments, std::string_view kind) {
  if (arguments.has("csv")) {
    fail("--csv", fmt::format("'show {}' has no CSV form", kind), "--json, or neither");
  }
}

int show_arch(const Arguments& arguments) {
  const std::vector<std::string> names{"KIND", "NAME of the architecture"};
  const std::vector<std::string> words = arguments.words(names, names.size());
  refuse_csv(arguments, "arch");
  const Architecture arch = load_architecture(words[1]);
  print(arguments.has("json") ? to_json_text(arch) + '\n' : reports::architecture_text(arch));
  return 0;
}

int show_network(const Arguments& arguments) {
  const std::vector<std::string> names{"KIND", "NAME of the network"};
  const std::vector<std::string> words = arguments.words(names, names.size());
  if (arguments.has("json") && arguments.has("csv")) {
    fail("--csv", "cannot go with --json", "one of them");
  }
  const Network network = load_network(words[1]).network;
  print(arguments.has("json")  ? to_json_text(network)
        : arguments.has("csv") ? reports::network_csv(network)
                               : reports::network_text(network));
  return 0;
}

/// The layer called `name`. A node that has been fused away is not a layer: says so.
const LoweredLayer& find_layer(const LoweredNetwork& network, const std::string& name) {
  std::vector<std::string> names;
  for (const LoweredLayer& layer : network.layers) {
    if (layer.name == name) return layer;
    names.push_back(layer.name);
  }
  for (const Node& node : network.network.nodes) {
    if (node.name != name) continue;
    fail("layer", in_quotes(name) + " is a node that lowering fuses into a layer",
         fmt::format("the layers that 'ridgeline run --network {}' lists", network.network.name));
  }
  fail("layer", fmt::format("{} is not a layer of {}", in_quotes(name), network.network.name),
       fmt::format("the nodes of 'ridgeline show network {}' that are not fused away",
                   network.network.name),
       nearest_name(name, names));
}

int show_layer(const Arguments& arguments) {
  const std::vector<std::string> names{"KIND", "NAME of the network", "LAYER"};
  const std::vector<std::string> words = arguments.words(names, names.size());
  refuse_csv(arguments, "layer");
  const LoweredNetwork network = lower(load_network(words[1]).network);
  const LoweredLayer& layer = find_layer(network, words[2]);
  print(arguments.has("json") ? reports::layer_json(network, layer)
                              : reports::layer_text(network, layer));
  return 0;
}

int show_energy(const Arguments& arguments) {
  const std::vector<std::string> names{"KIND", "NAME of the energy table"};
  const std::vector<std::string> words = arguments.words(names, names.size());
  refuse_csv(arguments, "energy");
  const EnergyTable table = read_energy_table(words[1], arguments);
  print(arguments.has("json") ? to_json_text(table) + '\n' : reports::energy_text(table));
  return 0;
}

int run_show(const Arguments& arguments) {
  const std::vector<std::string> names{"KIND (arch, network, layer or energy)", "NAME", "LAYER"};
  const std::vector<std::string> kinds{"arch", "network", "layer", "energy"};
  const std::size_t kind = choice("show", arguments.words(names, 1).front(), kinds);
  for (const Option& option : energy_options()) {
    if (kinds[kind] != "energy" && arguments.has(option.name)) {
      fail("--" + option.name, "goes with 'show energy' only");
    }
  }
  switch (kind) {
    case 0:
      return show_arch(arguments);
    case 1:
      return show_network(arguments);
    case 3:
      return show_energy(arguments);
    default:
      return show_layer(arguments);
  }
}

}  // namespace

Command show_command() {
  std::vector<Option> options{{"json", "", "print JSON"}, {"csv", "", "print CSV (networks only)"}};
  for (Option& option : energy_options()) {
    if (option.name != "energy") options.push_back(std::move(option));
  }
  return {
      .name = "show",
      .summary = "print one architecture, network, layer or energy table in full",
      .usage = {"arch NAME|FILE.json [--json]", "network NAME|FILE.onnx|FILE.json [--json|--csv]",
                "layer NETWORK|FILE LAYER [--json]", "energy NAME|FILE.json|ERT.yaml [OPTIONS]"},
      .description =
          "Prints every parameter of an architecture with its unit and source, the\n"
          "nodes of a network with shapes, MACs and weights, one layer, or an energy table.",
      .options = std::move(options),
      .examples = {"show arch squeezelerator_16x16", "show network squeezenet_v1.0 --csv",
                   "show layer squeezenet_v1.0 conv1",
                   "show energy horowitz_45nm --technology 16,0.8"},
      .run = &run_show};
}

}  // namespace ridgeline::cli
