#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The command line: what each subcommand takes, reading it, and its help. Boost.Program_options
/// splits the words; messages and help are made here, so that each names the nearest option.
/// Mistakes are InputErrors whose file is the option ("--seed").
namespace ridgeline::cli {

struct Option {
  std::string name;   ///< without the dashes
  std::string value;  ///< placeholder ("FILE"); empty for a switch
  std::string help;   ///< one or more lines; says units and the default
  bool repeatable = false;
};

class Arguments;

struct Command {
  std::string name;
  std::string summary;             ///< one line, for the program's help
  std::vector<std::string> usage;  ///< what follows "ridgeline NAME"; one line a form
  std::string description;
  std::vector<Option> options;
  std::vector<std::string> examples;  ///< without "ridgeline"
  int (*run)(const Arguments& arguments);
};

/// The words of one subcommand, split into options and the rest.
class Arguments {
 public:
  /// @throws InputError for an unknown option, a missing, extra or repeated value.
  Arguments(const Command& command, std::span<const std::string> words);

  [[nodiscard]] bool has(std::string_view option) const;
  /// The option's value, or `fallback`.
  [[nodiscard]] std::string value(std::string_view option, std::string_view fallback = "") const;
  /// Every value of a repeatable option, in the order given.
  [[nodiscard]] std::vector<std::string> values(std::string_view option) const;
  /// Throws unless the option is there; `hint` says where valid values come from.
  [[nodiscard]] std::string required(std::string_view option, std::string_view hint) const;
  /// The words that are no options: at least `least` and at most names.size() of them.
  [[nodiscard]] std::vector<std::string> words(std::span<const std::string> names,
                                               std::size_t least) const;

 private:
  std::string command_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> words_;
};

/// A text from outside as messages show it: quoted, escaped, shortened.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// Throws the InputError "WHERE: WHAT; allowed: ALLOWED; did you mean 'NEAREST'?".
[[noreturn]] void fail(std::string_view where, std::string what, std::string allowed = "",
                       std::string nearest = "");

/// A whole number from min to max, digits only.
[[nodiscard]] std::uint64_t whole_number(std::string_view option, std::string_view text,
                                         std::uint64_t min, std::uint64_t max);
/// Index of `text` among `choices`.
[[nodiscard]] std::size_t choice(std::string_view option, std::string_view text,
                                 std::span<const std::string> choices);
/// "a, b,c" -> {"a", "b", "c"}; blanks around commas do not count.
[[nodiscard]] std::vector<std::string> comma_list(std::string_view text);

[[nodiscard]] std::string help_of(const Command& command);
[[nodiscard]] std::string help_of_program(std::span<const Command> commands);

}  // namespace ridgeline::cli
