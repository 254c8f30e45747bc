#include "sim/cli/program.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <new>

#include "models/base/error.hpp"
#include "reports/format.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/output.hpp"

namespace ridgeline::cli {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongInput = 2;
constexpr int kNoMapping = 3;

std::vector<Command> all_commands() {
  std::vector<Command> commands{list_command(),     show_command(),      run_command(),
                                validate_command(), roofline_command(),  map_command(),
                                sweep_command(),    reproduce_command(), compare_command()};
  for (Command& command : commands) command.options.push_back({"help", "", "print this help"});
  return commands;
}

/// Whether the words ask for help; what follows "--" are no options.
bool asks_for_help(std::span<const std::string> words) {
  for (const std::string& word : words) {
    if (word == "--") return false;
    if (word == "--help" || word == "-h") return true;
  }
  return false;
}

int dispatch(std::span<const std::string> words) {
  const std::vector<Command> commands = all_commands();
  std::vector<std::string> names;
  for (const Command& command : commands) names.push_back(command.name);
  const std::string allowed = fmt::format("{}", fmt::join(names, ", "));
  if (words.empty()) fail("", "a command is missing", allowed + ", --help, --version");
  const std::string& first = words.front();
  const std::span<const std::string> rest = words.subspan(1);
  if (first == "--help" || first == "-h" || first == "--version") {
    if (!rest.empty()) fail(first, "takes no further argument, got " + in_quotes(rest.front()));
    print(first == "--version" ? "ridgeline " RIDGELINE_VERSION "\n" : help_of_program(commands));
    return kDone;
  }
  for (const Command& command : commands) {
    if (command.name != first) continue;
    if (asks_for_help(rest)) {
      print(help_of(command));
      return kDone;
    }
    return command.run(Arguments(command, rest));
  }
  fail("", in_quotes(first) + " is not a command", allowed, nearest_name(first, names));
}

}  // namespace

int run_program(std::span<const std::string> words) {
  open_standard_streams();
  try {
    return dispatch(words);
  } catch (const InputError& error) {
    say(reports::printable(error.what()));
    return kWrongInput;
  } catch (const InfeasibleError& error) {
    say(reports::printable(error.what()));
    return kNoMapping;
  } catch (const SimulationError& error) {
    say("the simulated machine stopped: " + reports::printable(error.what()));
    return kFailed;
  } catch (const std::bad_alloc&) {
    say("this needs more memory than there is");
    return kWrongInput;
  } catch (const std::exception& error) {
    say("internal error, please report it: " + reports::printable(error.what()));
    return kFailed;
  }
}

}  // namespace ridgeline::cli
