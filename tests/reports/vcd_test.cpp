#include <catch2/catch.hpp>

#include <map>
#include <sstream>

#include "reports/report.hpp"
#include "tests/reports/sample_trace.hpp"

namespace ridgeline::reports {
namespace {

/// What a value change dump says, read by the grammar of IEEE 1364, clause 18.2.
struct Dump {
  std::map<std::string, std::string> signals;  ///< "scope.name" -> identifier
  std::string timescale, comment;
  std::vector<long> times;
  std::map<std::string, std::map<long, std::string>> changes;  ///< identifier -> time -> value

  [[nodiscard]] const std::map<long, std::string>& of(const std::string& signal) const {
    return changes.at(signals.at(signal));
  }
};

std::string until_end(std::istream& in) {
  std::string text;
  for (std::string word; in >> word && word != "$end";) text += text.empty() ? word : ' ' + word;
  return text;
}

void read_declaration(Dump& dump, std::string& scope, const std::string& keyword,
                      const std::string& body) {
  std::istringstream words(body);
  std::string type, name;
  if (keyword == "$timescale") dump.timescale = body;
  if (keyword == "$comment") dump.comment = body;
  if (keyword == "$upscope")
    scope.erase(scope.find('.') == std::string::npos ? 0 : scope.rfind('.'));
  if (keyword == "$scope") {
    words >> type >> name;
    REQUIRE(type == "module");
    scope += scope.empty() ? name : '.' + name;
  }
  if (keyword == "$var") {
    int bits = 0;
    std::string id;
    words >> type >> bits >> id >> name;
    REQUIRE(type == "wire");
    REQUIRE(bits > 0);
    REQUIRE(dump.signals.emplace(scope + '.' + name, id).second);
    REQUIRE(dump.changes.emplace(id, std::map<long, std::string>()).second);
  }
}

void read_change(Dump& dump, std::istream& in, const std::string& word) {
  if (word[0] == '#') {
    dump.times.push_back(std::stol(word.substr(1)));
    return;
  }
  REQUIRE(word[0] == 'b');
  REQUIRE((word == "bz" || word.find_first_not_of("01", 1) == std::string::npos));
  std::string id;
  in >> id;
  REQUIRE(dump.changes.contains(id));
  REQUIRE(!dump.times.empty());
  const bool first_at_this_time = dump.changes[id].emplace(dump.times.back(), word).second;
  CHECK(first_at_this_time);
}

Dump read_dump(const std::string& text) {
  Dump dump;
  std::istringstream in(text);
  std::string scope, word;
  while (in >> word && word != "$enddefinitions") {
    read_declaration(dump, scope, word, until_end(in));
  }
  CHECK(scope.empty());
  CHECK(until_end(in).empty());
  bool initial = false;
  while (in >> word) {
    if (word == "$dumpvars" || word == "$end") {
      initial = word == "$dumpvars";
      continue;
    }
    read_change(dump, in, word);
  }
  CHECK(!initial);
  return dump;
}

using Values = std::map<long, std::string>;

TEST_CASE("A value change dump says what every unit does and every half holds") {
  const Dump dump = read_dump(render_vcd(traced_sample_run()));
  CHECK(dump.timescale == "1 ns");
  CHECK(dump.of("ridgeline.pe_array.layer") == Values{{0, "b0"}, {110, "b1"}, {130, "bz"}});
  CHECK(dump.of("ridgeline.pe_array.tile") ==
        Values{{0, "b0"}, {50, "b1"}, {100, "bz"}, {110, "b0"}, {130, "bz"}});
  CHECK(dump.of("ridgeline.pe_array.state") ==
        Values{{0, "b100"}, {10, "b0"}, {100, "b101"}, {130, "bz"}});
  CHECK(dump.of("ridgeline.dram_bus.state") == Values{{0, "b110"}, {6, "b111"}, {8, "bz"}});
  CHECK(dump.of("ridgeline.ifmap_0.tile") == Values{{0, "bz"}, {10, "b0"}, {100, "bz"}});
  CHECK(dump.of("ridgeline.psum_1.tile") == Values{{0, "bz"}});
}

TEST_CASE("Time in a value change dump only grows, and ends with the run") {
  const Dump dump = read_dump(render_vcd(traced_sample_run()));
  CHECK(std::is_sorted(dump.times.begin(), dump.times.end(), std::less_equal<>()));
  CHECK(dump.times.front() == 0);
  CHECK(dump.times.back() == 130);
}

TEST_CASE("A value change dump declares each signal once, with a value from the start") {
  const Dump dump = read_dump(render_vcd(traced_sample_run()));
  CHECK(dump.signals.size() == 2 * kTracks + 2);
  for (const auto& [id, changes] : dump.changes) CHECK(changes.begin()->first == 0);
}

TEST_CASE("The comment of a value change dump explains numbers and time") {
  const Dump dump = read_dump(render_vcd(traced_sample_run()));
  CHECK(dump.comment ==
        "Ridgeline: two_layers on tiny 1 ns is 1 cycle of the machine, which runs at 500 MHz "
        "state: 0 compute, 1 fill_drain, 2 stationary_load, 3 glb_stall, 4 dram_stall, "
        "5 vector_stall, 6 ifmap, 7 filter, 8 residual, 9 ofmap layers: 0 conv1 1 pool1");
}

TEST_CASE("No name breaks out of the comment of a value change dump") {
  RunStats run = traced_sample_run();
  run.trace.layers[0].name = "a $end $var wire 1 ! x $end \n\xFF";
  run.network = "$end";
  const Dump dump = read_dump(render_vcd(run));
  CHECK(dump.signals.size() == 2 * kTracks + 2);
  CHECK_THAT(dump.comment, Catch::Contains("0 a _end _var wire 1 ! x _end \\x0a\\xff"));
}

TEST_CASE("A run without slices is a dump in which nothing changes") {
  const Dump dump = read_dump(render_vcd(sample_run()));
  CHECK(dump.times == std::vector<long>{0});
}

}  // namespace
}  // namespace ridgeline::reports
