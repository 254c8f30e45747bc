#include "sim/cli/options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>

#include "models/base/error.hpp"
#include "reports/format.hpp"

namespace ridgeline::cli {
namespace {

namespace po = boost::program_options;

po::options_description describe(const Command& command) {
  po::options_description description;
  for (const Option& option : command.options) {
    if (option.value.empty()) {
      description.add_options()(option.name.c_str(), option.help.c_str());
    } else {
      description.add_options()(option.name.c_str(), po::value<std::string>(), option.help.c_str());
    }
  }
  return description;
}

const Option& find_option(const Command& command, std::string_view name) {
  for (const Option& option : command.options) {
    if (option.name == name) return option;
  }
  fail(fmt::format("--{}", name), "is not an option");
}

[[noreturn]] void fail_unknown(const Command& command, const std::string& token) {
  std::vector<std::string> known;
  for (const Option& option : command.options) known.push_back("--" + option.name);
  const std::string name = token.substr(0, token.find('='));
  fail(reports::shortened(reports::printable(name), 60),
       fmt::format("is not an option of 'ridgeline {}'", command.name),
       fmt::format("{}", fmt::join(known, ", ")), nearest_name(name, known));
}

/// Boost's own parser of words, its complaints turned into ours.
std::vector<po::option> split(const Command& command, std::span<const std::string> words) {
  const po::options_description description = describe(command);
  namespace style = po::command_line_style;
  try {
    return po::command_line_parser(std::vector<std::string>(words.begin(), words.end()))
        .options(description)
        .style(style::allow_long | style::long_allow_adjacent | style::long_allow_next)
        .run()
        .options;
  } catch (const po::unknown_option& error) {
    fail_unknown(command, error.get_option_name());
  } catch (const po::invalid_command_line_syntax& error) {
    const bool extra = error.kind() == po::invalid_syntax::extra_parameter;
    fail(reports::printable(error.get_option_name()),
         extra ? "is a switch and takes no value" : "needs a value");
  } catch (const po::error& error) {
    fail("command line", reports::printable(error.what()));
  }
}

std::string help_lines(const std::vector<Option>& options) {
  std::size_t width = 0;
  for (const Option& o : options) width = std::max(width, o.name.size() + o.value.size() + 1);
  const std::string indent(width + 6, ' ');
  std::string text;
  for (const Option& option : options) {
    text += fmt::format("  --{:<{}}  ", option.name + " " + option.value, width);
    for (const char c : option.help) {
      text += c;
      if (c == '\n') text += indent;
    }
    text += '\n';
  }
  return text;
}

constexpr std::string_view kExitCodes =
    "Exit codes: 0 done; 1 a check failed; 2 the input is wrong; 3 no mapping exists; 75 "
    "interrupted\n";

}  // namespace

Arguments::Arguments(const Command& command, std::span<const std::string> words)
    : command_(command.name) {
  const bool after_dashes = std::find(words.begin(), words.end(), "--") != words.end();
  for (const po::option& option : split(command, words)) {
    if (option.string_key.empty()) {
      for (const std::string& word : option.value) {
        if (!after_dashes && word.size() > 1 && word[0] == '-') fail_unknown(command, word);
        words_.push_back(word);
      }
      continue;
    }
    const Option& known = find_option(command, option.string_key);
    const bool takes_value = !known.value.empty();
    if (takes_value && !known.repeatable && has(known.name)) {
      fail("--" + known.name, "is given more than once");
    }
    const std::string value = option.value.empty() ? "" : option.value.front();
    const auto is_option = [&](const Option& o) { return value == "--" + o.name; };
    const bool forgotten = std::any_of(command.options.begin(), command.options.end(), is_option);
    if (takes_value && (value.empty() || forgotten)) fail("--" + known.name, "needs a value");
    values_[known.name].push_back(value);
  }
}

bool Arguments::has(std::string_view option) const {
  return values_.contains(option);
}

std::string Arguments::value(std::string_view option, std::string_view fallback) const {
  const auto found = values_.find(option);
  return found == values_.end() ? std::string(fallback) : found->second.front();
}

std::vector<std::string> Arguments::values(std::string_view option) const {
  const auto found = values_.find(option);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

std::string Arguments::required(std::string_view option, std::string_view hint) const {
  if (!has(option)) fail(fmt::format("--{}", option), "is missing", std::string(hint));
  return value(option);
}

std::vector<std::string> Arguments::words(std::span<const std::string> names,
                                          std::size_t least) const {
  const std::string where = fmt::format("ridgeline {}", command_);
  if (words_.size() < least) fail(where, fmt::format("{} is missing", names[words_.size()]));
  if (words_.size() > names.size()) {
    fail(where, fmt::format("does not take the argument {}", in_quotes(words_[names.size()])));
  }
  return words_;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  return fmt::format("'{}'", reports::shortened(reports::printable(text), kLongest));
}

void fail(std::string_view where, std::string what, std::string allowed, std::string nearest) {
  InputProblem problem;
  problem.file = where;
  problem.what = std::move(what);
  problem.allowed = std::move(allowed);
  problem.nearest = std::move(nearest);
  throw InputError(std::move(problem));
}

std::uint64_t whole_number(std::string_view option, std::string_view text, std::uint64_t min,
                           std::uint64_t max) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const std::string allowed = fmt::format("a whole number from {} to {}", min, max);
  if (stop != end || text.empty() || error == std::errc::invalid_argument) {
    fail(option, in_quotes(text) + " is not such a number", allowed);
  }
  if (error == std::errc::result_out_of_range || value < min || value > max) {
    fail(option, in_quotes(text) + " is out of range", allowed);
  }
  return value;
}

std::size_t choice(std::string_view option, std::string_view text,
                   std::span<const std::string> choices) {
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (choices[i] == text) return i;
  }
  fail(option, in_quotes(text) + " is not one of the choices",
       fmt::format("{}", fmt::join(choices, ", ")), nearest_name(text, choices));
}

std::vector<std::string> comma_list(std::string_view text) {
  std::vector<std::string> items;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view item = text.substr(0, comma);
    const std::size_t begin = std::min(item.find_first_not_of(' '), item.size());
    const std::size_t end = item.find_last_not_of(' ') + 1;
    items.emplace_back(item.substr(begin, end > begin ? end - begin : 0));
    if (comma == std::string_view::npos) return items;
    text.remove_prefix(comma + 1);
  }
}

std::string help_of(const Command& command) {
  std::string text;
  for (const std::string& form : command.usage) {
    text +=
        fmt::format("{} ridgeline {} {}\n", text.empty() ? "Usage:" : "      ", command.name, form);
  }
  text += fmt::format("\n{}\n\nOptions:\n{}\n{}\nExamples:\n", command.description,
                      help_lines(command.options), kExitCodes);
  for (const std::string& example : command.examples) text += "  ridgeline " + example + '\n';
  return text;
}

std::string help_of_program(std::span<const Command> commands) {
  std::string text =
      "Usage: ridgeline COMMAND ...\n\n"
      "Ridgeline simulates convolutional networks on PE-array accelerators: cycles, energy and\n"
      "traffic of every layer, and a check that the modelled machine computes the right numbers.\n"
      "\nCommands:\n";
  for (const Command& command : commands) {
    text += fmt::format("  {:<10} {}\n", command.name, command.summary);
  }
  return text + fmt::format(
                    "\nOptions:\n  --help     print this help; 'ridgeline COMMAND --help' for a "
                    "command's\n  --version  print the version\n\n{}\nExamples:\n"
                    "  ridgeline list archs\n"
                    "  ridgeline run --arch squeezelerator_16x16 --network squeezenet_v1.0\n",
                    kExitCodes);
}

}  // namespace ridgeline::cli
