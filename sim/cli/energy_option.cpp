#include "sim/cli/energy_option.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>

#include "models/arch/accelergy.hpp"
#include "models/base/error.hpp"
#include "models/base/text.hpp"
#include "sim/cli/configs.hpp"

namespace ridgeline::cli {
namespace {

constexpr std::array kErtOptions{"ert-areas", "ert-component", "ert-arguments"};

bool is_yaml(const std::string& path) {
  return path.ends_with(".yaml") || path.ends_with(".yml");
}

/// "NAME=VALUE" cut in two; nothing without a "=".
std::optional<std::pair<std::string, std::string>> assignment(const std::string& text) {
  const std::size_t sign = text.find('=');
  if (sign == std::string::npos || sign == 0) return std::nullopt;
  return std::pair{text.substr(0, sign), text.substr(sign + 1)};
}

/// NAME=ACTION, NAME=ACTION/WORDS or NAME=.
AccelergyComponent read_component(const std::string& text) {
  constexpr const char* kComponent = "--ert-component";
  const auto parts = assignment(text);
  if (!parts) {
    fail(kComponent, "must name a component, got " + in_quotes(text),
         "NAME=ACTION, NAME=ACTION/WORDS, or NAME= to leave it out");
  }
  AccelergyComponent component{.name = parts->first, .action = parts->second};
  if (const std::size_t slash = component.action.find('/'); slash != std::string::npos) {
    constexpr std::uint64_t kMostWords = 65536;
    const std::string words = component.action.substr(slash + 1);
    component.words = static_cast<int>(whole_number(kComponent, words, 1, kMostWords));
    component.action.resize(slash);
  }
  if (!component.action.empty()) (void)choice(kComponent, component.action, energy_actions());
  return component;
}

AccelergyChoices read_choices(const Arguments& arguments) {
  AccelergyChoices choices;
  for (const std::string& text : arguments.values("ert-component")) {
    choices.components.push_back(read_component(text));
  }
  if (!arguments.has("ert-arguments")) return choices;
  choices.arguments.emplace();
  for (const std::string& text : comma_list(arguments.value("ert-arguments"))) {
    if (text == "average") {
      choices.arguments->average = true;
      continue;
    }
    const auto value = assignment(text);
    if (!value) {
      fail("--ert-arguments", "must say which arguments are meant, got " + in_quotes(text),
           "average, NAME=VALUE, or several with commas");
    }
    choices.arguments->values.push_back(*value);
  }
  return choices;
}

EnergyTable read_accelergy(const std::string& ert, const Arguments& arguments) {
  constexpr std::size_t kLargest = std::size_t{16} << 20;
  std::vector<SourceText> files{read_input_file(ert, kLargest)};
  if (arguments.has("ert-areas")) {
    files.push_back(read_input_file(arguments.value("ert-areas"), kLargest));
  }
  return parse_accelergy(files, read_choices(arguments));
}

/// NM,VOLTS.
Technology read_technology(const std::string& text) {
  const std::vector<std::string> parts = comma_list(text);
  std::vector<double> numbers;
  for (const std::string& part : parts) {
    const auto number = parse_number<double>(part, std::chars_format::general);
    if (number) numbers.push_back(*number);
  }
  if (parts.size() != 2 || numbers.size() != 2) {
    fail("--technology", "must be a node and a voltage, got " + in_quotes(text),
         "NANOMETRES,VOLTS, like 45,0.9");
  }
  return {.nm = numbers[0], .volts = numbers[1]};
}

}  // namespace

std::vector<Option> energy_options() {
  return {{"energy", "TABLE",
           "another energy table than the architecture's: a name that\n"
           "'ridgeline list energy' prints, a JSON file, or an ERT of Accelergy,\n"
           "FILE.yaml, in which an ART may stand too"},
          {"technology", "NM,V",
           "scale the energy table to this node (130 to 7 nm) and voltage by the\n"
           "equations of Stillmaker and Baas, like 45,0.9; DRAM stays"},
          {"ert-areas", "FILE", "of an ERT: the ART beside it, a file of its own"},
          {"ert-component", "NAME=ACTION/WORDS",
           "of an ERT: what a component with another name is ('show energy' lists\n"
           "actions), and how many words an access moves (default 1); NAME= leaves\n"
           "it out",
           true},
          {"ert-arguments", "LIST",
           "of an ERT, where an action has several energies: average, or the\n"
           "arguments that are meant, like data_delta=1,address_delta=1"}};
}

EnergyTable read_energy_table(const std::string& name, const Arguments& arguments) {
  const bool accelergy = is_yaml(name);
  for (const char* option : kErtOptions) {
    if (!accelergy && arguments.has(option)) {
      fail(fmt::format("--{}", option), "goes with an ERT only", "--energy ERT.yaml");
    }
  }
  EnergyTable table = accelergy ? read_accelergy(name, arguments) : load_energy_table(name);
  if (!arguments.has("technology")) return table;
  try {
    table = scaled_to(table, read_technology(arguments.value("technology")));
  } catch (const std::invalid_argument& error) {
    fail("--technology",
         fmt::format("{} cannot be scaled: {}", shortened(table.name), error.what()));
  }
  return table;
}

Architecture read_architecture(const Arguments& arguments) {
  Architecture arch = load_architecture(
      arguments.required("arch", "a name that 'ridgeline list archs' prints, or a JSON file"));
  if (arguments.has("energy")) {
    arch.energy = read_energy_table(arguments.value("energy"), arguments);
    return arch;
  }
  for (const Option& option : energy_options()) {
    if (arguments.has(option.name)) fail("--" + option.name, "needs --energy TABLE");
  }
  return arch;
}

}  // namespace ridgeline::cli
