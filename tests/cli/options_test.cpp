#include "sim/cli/options.hpp"

#include <catch2/catch.hpp>

#include "models/base/error.hpp"

namespace ridgeline::cli {
namespace {

using Catch::Matchers::Contains;
using Words = std::vector<std::string>;

Command sample_command() {
  return {.name = "sample",
          .summary = "a command for tests",
          .usage = {"[OPTIONS] KIND"},
          .description = "Does nothing.",
          .options = {{"seed", "S", "a number"},
                      {"network", "N", "a name\nof two lines", true},
                      {"json", "", "print JSON"}},
          .examples = {"sample --json x"},
          .run = nullptr};
}

std::string complaint_about(const Words& words) {
  try {
    (void)Arguments(sample_command(), words);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no complaint";
}

TEST_CASE("Options take their value behind a blank or an equals sign; the rest are words") {
  const Words words{"a", "--seed", "3", "--network=x", "--json", "--network", "y", "b"};
  const Arguments arguments(sample_command(), words);
  CHECK(arguments.value("seed") == "3");
  CHECK(arguments.values("network") == Words{"x", "y"});
  CHECK(arguments.has("json"));
  CHECK(arguments.words(Words{"KIND", "NAME"}, 1) == Words{"a", "b"});
  CHECK_THROWS_WITH(arguments.words(Words{"KIND"}, 1),
                    "ridgeline sample: does not take the argument 'b'");
}

TEST_CASE("An option that is not given has its fallback, and a required one is missed") {
  const Arguments arguments(sample_command(), Words{});
  CHECK(arguments.value("seed", "1") == "1");
  CHECK(arguments.values("network").empty());
  CHECK_THROWS_WITH(arguments.required("seed", "a number"),
                    "--seed: is missing; allowed: a number");
  CHECK_THROWS_WITH(arguments.words(Words{"KIND"}, 1), "ridgeline sample: KIND is missing");
}

TEST_CASE("Each mistake with options has one message that names the option") {
  CHECK_THAT(complaint_about({"--sed", "3"}), Contains("--sed: is not an option of 'ridgeline "
                                                       "sample'; allowed: --seed, --network") &&
                                                  Contains("did you mean '--seed'?"));
  CHECK_THAT(complaint_about({"--se=3"}), Contains("--se: is not an option"));
  CHECK_THAT(complaint_about({"-s"}), Contains("-s: is not an option"));
  CHECK(complaint_about({"--seed"}) == "--seed: needs a value");
  CHECK(complaint_about({"--seed="}) == "--seed: needs a value");
  CHECK(complaint_about({"--seed", ""}) == "--seed: needs a value");
  CHECK(complaint_about({"--seed", "--json"}) == "--seed: needs a value");
  CHECK(complaint_about({"--seed=1", "--seed=1"}) == "--seed: is given more than once");
  CHECK(complaint_about({"--json=1"}) == "--json: is a switch and takes no value");
  CHECK_THAT(complaint_about({std::string(10000, '-')}), Contains("is not an option"));
  CHECK_THAT(complaint_about({"--a\x1b[31m"}), Contains("\\x1b"));
}

TEST_CASE("What follows two dashes is no option") {
  const Arguments arguments(sample_command(), Words{"--", "--seed", "-x"});
  CHECK(arguments.words(Words{"A", "B"}, 0) == Words{"--seed", "-x"});
}

TEST_CASE("A whole number has digits only and lies in its range") {
  CHECK(whole_number("--seed", "0", 0, 9) == 0);
  CHECK(whole_number("--seed", "18446744073709551615", 0, 18446744073709551615U) ==
        18446744073709551615U);
  for (const char* wrong : {"", "-1", "+1", " 1", "1 ", "0x1", "1.0", "1e3", "one", "\n"}) {
    CHECK_THROWS_WITH(whole_number("--seed", wrong, 0, 9), Contains("is not such a number; "
                                                                    "allowed: a whole number from "
                                                                    "0 to 9"));
  }
  for (const char* wrong : {"10", "18446744073709551616", "99999999999999999999999"}) {
    CHECK_THROWS_WITH(whole_number("--seed", wrong, 0, 9), Contains("is out of range"));
  }
}

TEST_CASE("A choice names what there is to choose from") {
  const Words names{"int8", "int16"};
  CHECK(choice("--precision", "int16", names) == 1);
  CHECK_THROWS_WITH(choice("--precision", "int9", names),
                    "--precision: 'int9' is not one of the choices; allowed: int8, int16; did you "
                    "mean 'int8'?");
}

TEST_CASE("A list with commas may have blanks around them") {
  CHECK(comma_list("text") == Words{"text"});
  CHECK(comma_list("text, json ,csv") == Words{"text", "json", "csv"});
  CHECK(comma_list(",a,") == Words{"", "a", ""});
  CHECK(comma_list("  ") == Words{""});
}

TEST_CASE("Help aligns the options and shows usage and examples") {
  CHECK(help_of(sample_command()) ==
        "Usage: ridgeline sample [OPTIONS] KIND\n"
        "\n"
        "Does nothing.\n"
        "\n"
        "Options:\n"
        "  --seed S     a number\n"
        "  --network N  a name\n"
        "               of two lines\n"
        "  --json       print JSON\n"
        "\n"
        "Exit codes: 0 done; 1 a check failed; 2 the input is wrong; 3 no mapping exists; 75 "
        "interrupted\n"
        "\n"
        "Examples:\n"
        "  ridgeline sample --json x\n");
}

}  // namespace
}  // namespace ridgeline::cli
