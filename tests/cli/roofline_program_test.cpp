#include <catch2/catch.hpp>
#include <map>

#include "sim/cli/terminal.hpp"
#include "tests/cli/quick_run.hpp"

/// `ridgeline roofline`, and what it takes the terminal for.
namespace ridgeline {
namespace {

using Catch::Matchers::Contains;
using Words = std::vector<std::string>;

Finished roofline(const ScratchFolder& scratch, const Words& more) {
  return run_quick(scratch, "roofline", more);
}

cli::Environment environment(std::map<std::string, std::string> values) {
  return [values](const char* name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string() : found->second;
  };
}

}  // namespace

TEST_CASE("roofline draws braille in a UTF-8 locale and ASCII in others, without colour in files") {
  const ScratchFolder scratch;
  {
    const EnvironmentVariable locale("LC_ALL", "C.UTF-8");
    const Finished run = roofline(scratch, {"--engine", "analytic"});
    CHECK(run.code == 0);
    CHECK_THAT(run.out, Contains("⣀") && Contains("┤") && Contains("analytic engine"));
    CHECK_THAT(run.out, !Contains("\x1b"));
  }
  const EnvironmentVariable locale("LC_ALL", "C");
  const Finished run = roofline(scratch, {"--level", "psum_out_port"});
  CHECK(run.code == 0);
  CHECK(std::ranges::all_of(run.out, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
  CHECK_THAT(run.out,
             Contains("MACs/byte, psum-out port") && Contains("attained") && Contains("simulated"));
}

TEST_CASE("roofline writes its files, each the same every time") {
  const ScratchFolder scratch;
  REQUIRE(roofline(scratch, {"--out", "a", "--layers", "pool1", "--measured"}).code == 0);
  REQUIRE(roofline(scratch, {"--out", "b", "--layers", "pool1", "--measured"}).code == 0);
  const std::vector<std::string> names = names_below(scratch.path() / "a");
  REQUIRE(names.size() == 4);
  for (const std::string& name : names) {
    INFO(name);
    CHECK_THAT(name, Contains("@squeezelerator_8x8.roofline."));
    const std::string bytes = bytes_of_file(scratch.path() / "a" / name);
    CHECK(bytes.size() > 100);
    CHECK(bytes == bytes_of_file(scratch.path() / "b" / name));
    CHECK_THAT(bytes, Contains("pool1"));
  }
  const auto begins = [&](const std::string& extension, const std::string& text) {
    const auto name = std::ranges::find_if(
        names, [&](const std::string& n) { return n.ends_with(".roofline." + extension); });
    REQUIRE(name != names.end());
    CHECK_THAT(bytes_of_file(scratch.path() / "a" / *name), Catch::Matchers::StartsWith(text));
  };
  begins("txt", "squeezenext:width=0.5,blocks=1-1-1-1,input=64 on squeezelerator_8x8, int8, sim");
  begins("json", "{\n \"schema\": \"ridgeline.roofline/1\"");
  begins("csv", "network,architecture,layer,");
  begins("md", "# Roofline\n");
}

TEST_CASE("roofline refuses what it does not know, and names what it does") {
  const ScratchFolder scratch;
  const std::vector<std::pair<Words, std::string>> wrong{
      {{"--level", "glb"}, "--level: 'glb' is not one of the choices; allowed: dram, ifmap_port"},
      {{"--format", "html5"}, "--format: "},
      {{"--width", "39"}, "--width: "},
      {{"--no-data"}, "--no-data"},
      {{"--network", "alexnet"}, "--network"}};
  for (const auto& [words, message] : wrong) {
    check_refused(roofline(scratch, words), message);
  }
}

TEST_CASE("The first locale variable that is set says whether text is UTF-8") {
  CHECK(cli::shows_utf8(environment({{"LANG", "de_DE.UTF-8"}})));
  CHECK(cli::shows_utf8(environment({{"LC_CTYPE", "en_US.utf8"}, {"LANG", "C"}})));
  CHECK(!cli::shows_utf8(environment({{"LC_ALL", "C"}, {"LANG", "de_DE.UTF-8"}})));
  CHECK(cli::shows_utf8(environment({{"LC_ALL", ""}, {"LANG", "C.UTF-8"}})));
  CHECK(!cli::shows_utf8(environment({{"LANG", "de_DE.ISO-8859-1"}})));
  CHECK(!cli::shows_utf8(environment({})));
}

TEST_CASE("Colour is for terminals, but not with NO_COLOR nor on dumb ones") {
  CHECK(cli::shows_colour(environment({{"TERM", "xterm"}}), true));
  CHECK(!cli::shows_colour(environment({{"TERM", "xterm"}}), false));
  CHECK(!cli::shows_colour(environment({{"NO_COLOR", "1"}}), true));
  CHECK(cli::shows_colour(environment({{"NO_COLOR", ""}}), true));
  CHECK(!cli::shows_colour(environment({{"TERM", "dumb"}}), true));
}

}  // namespace ridgeline
