#include <cctype>
#include <set>
#include <span>

#include "tests/arch_configs/config_files.hpp"

/// What a person gets wrong in an architecture or energy file, field by field: every case is a
/// correct file with one mistake. Syntax is in tests/models/base/json_reader_test.cpp.
using namespace ridgeline;
using namespace ridgeline::config_files;

namespace {

/// One value put into a correct file.
struct WrongValue {
  std::string pointer;
  std::string value;       ///< JSON text
  std::string what;        ///< part of the message
  std::string place = "";  ///< where the message points, if not at `pointer`
};

const WrongValue kWrongArchitectures[] = {
    {"/name", "3", "must be a string, got 3"},
    {"/name", "\"squeezelerator_16x16\"", "must be the name of the file"},
    {"/summary", "\"\"", "got an empty string"},
    {"/summary", "[\"a\"]", "must be a string, got a list of 1 item"},
    {"/summary", "\"a\\u001b[31m\"", "control characters, got the string \"a\\u001b[31m\""},
    {"/source", "\"a paper\"", "must be a list, got the string \"a paper\""},
    {"/source", "{}", "must be a list, got an object with 0 keys"},
    {"/source/0", "7", "must be a string, got 7"},
    {"/assumptions", "null", "must be a list, got null"},
    {"/assumptions/0", "\"a\\nb\"", "must not hold control characters"},
    {"/clock_mhz", "0", "is out of range, got 0"},
    {"/clock_mhz", "-1000", "is out of range, got -1000"},
    {"/clock_mhz", "0.999", "is out of range, got 0.999"},
    {"/clock_mhz", "1e9", "is out of range, got 1e9"},
    {"/clock_mhz", "\"1 GHz\"", "must be a number, got the string \"1 GHz\""},
    {"/pe_array", "16", "must be an object, got 16"},
    {"/pe_array", "[16, 16]", "must be an object, got a list of 2 items"},
    {"/pe_array", "null", "must be an object, got null"},
    {"/pe_array/rows", "0", "is out of range, got 0"},
    {"/pe_array/rows", "-16", "is out of range, got -16"},
    {"/pe_array/rows", "1025", "is out of range, got 1025"},
    {"/pe_array/rows", "99999999999999999999999", "is out of range, got 99999999999999999999999"},
    {"/pe_array/rows", "16.0", "without a decimal point or exponent, got 16.0"},
    {"/pe_array/rows", "16.5", "must be an integer"},
    {"/pe_array/rows", "1e1", "without a decimal point or exponent, got 1e1"},
    {"/pe_array/rows", "\"16\"", "must be an integer, got the string \"16\""},
    {"/pe_array/rows", "true", "must be an integer, got true"},
    {"/pe_array/cols", "null", "must be an integer, got null"},
    {"/pe_array/cols", "[16]", "must be an integer, got a list of 1 item"},
    {"/pe_array/cols", "9223372036854775808", "is out of range, got 9223372036854775808"},
    {"/pe_array/fabric", "\"brodcast\"", "must be the name of a fabric, got \"brodcast\""},
    {"/pe_array/fabric", "\"Systolic\"", "must be the name of a fabric, got \"Systolic\""},
    {"/pe_array/fabric", "\"\"", "must be the name of a fabric, got \"\""},
    {"/pe_array/fabric", "0", "must be the name of a fabric, got 0"},
    {"/pe_array/preload", "1", "must be true or false, got 1"},
    {"/pe_array/preload", "\"true\"", "must be true or false, got the string \"true\""},
    {"/pe_array/psums_per_pe", "0", "is out of range, got 0"},
    {"/pe_array/psums_per_pe", "65537", "is out of range, got 65537"},
    {"/pe_array/skip_zero_weights", "null", "must be true or false, got null"},
    {"/pe_array/gate_zero_activations", "1", "must be true or false, got 1"},
    {"/energy/mac_gated", "-1", "is out of range, got -1"},
    {"/pe_array/shorten_edge_passes", "\"no\"", "must be true or false, got the string \"no\""},
    {"/global_buffer/bytes", "0", "is out of range, got 0"},
    {"/global_buffer/bytes", "-1", "is out of range, got -1"},
    {"/global_buffer/bytes", "1099511627777", "is out of range, got 1099511627777"},
    {"/global_buffer/bytes", "\"128 KiB\"", "must be an integer, got the string \"128 KiB\""},
    {"/global_buffer/bytes", "131072.0", "without a decimal point or exponent"},
    {"/global_buffer/banks", "0", "is out of range, got 0"},
    {"/global_buffer/double_buffer", "\"yes\"", "must be true or false"},
    {"/global_buffer/ifmap_words_per_cycle", "0", "is out of range, got 0"},
    {"/global_buffer/filter_words_per_cycle", "-2", "is out of range, got -2"},
    {"/global_buffer/psum_in_words_per_cycle", "65537", "is out of range, got 65537"},
    {"/global_buffer/psum_out_words_per_cycle", "0.5", "must be an integer"},
    {"/dram/bytes_per_cycle", "0", "is out of range, got 0"},
    {"/dram/bytes_per_cycle", "16e9", "is out of range, got 16e9"},
    {"/dram/latency_cycles", "-1", "is out of range, got -1"},
    {"/dram/latency_cycles", "1000001", "is out of range, got 1000001"},
    {"/dram/burst_bytes", "0", "is out of range, got 0"},
    {"/vector_unit", "\"16 lanes\"", "must be an object, got the string"},
    {"/vector_unit/lanes", "0", "is out of range, got 0"},
    {"/dataflows", "[]", "must not be so short, got a list of 0 items"},
    {"/dataflows", "\"ws\"", "must be a list, got the string \"ws\""},
    {"/dataflows", "[\"ws\", \"os\", \"ws\"]", "\"ws\" appears twice", "/dataflows/2"},
    {"/dataflows/0", "\"weight_stationary\"", "must be the name of a dataflow"},
    {"/dataflows/1", "\"WS\"", "must be the name of a dataflow, got \"WS\""},
    {"/dataflows/1", "1", "must be the name of a dataflow, got 1"},
    {"/energy", "3", "must be the name of an energy table or an object, got 3"},
    {"/energy", "\"\"", "got an empty string"},
    {"/energy", "[]", "must be the name of an energy table or an object"},
    {"/energy/mac", "-1", "is out of range, got -1"},
    {"/energy/name", "\"\"", "got an empty string"},
};

const WrongValue kWrongEnergyTables[] = {
    {"/name", "\"eyeriss\"", "must be the name of the file"},
    {"/source", "[\"a\"]", "must be a string"},
    {"/unit", "\"nJ\"", "must be the name of a unit, got \"nJ\""},
    {"/unit", "\"pj\"", "must be the name of a unit, got \"pj\""},
    {"/unit", "1", "must be the name of a unit, got 1"},
    {"/mac", "-0.1", "is out of range, got -0.1"},
    {"/rf", "\"1\"", "must be a number, got the string \"1\""},
    {"/noc", "null", "must be a number, got null"},
    {"/glb", "1.1e12", "is out of range, got 1.1e12"},
    {"/dram", "-200", "is out of range, got -200"},
    {"/dram", "true", "must be a number, got true"},
    {"/vector", "{}", "must be a number, got an object with 0 keys"},
    {"/leakage_per_cycle", "[0]", "must be a number, got a list of 1 item"},
};

template <class Parse>
void check_wrong_values(const Json& good, std::span<const WrongValue> cases, const Parse& parse) {
  for (const WrongValue& given : cases) {
    INFO(given.pointer << " = " << given.value);
    Json changed = good;
    // Put in as text: a Json number would forget how it was written.
    changed[Json::json_pointer(given.pointer)] = "<here>";
    std::string text = changed.dump();
    text.replace(text.find("\"<here>\""), 8, given.value);
    const auto problem = problem_of([&] { return parse(text); });
    REQUIRE(problem);
    CHECK(problem->place == (given.place.empty() ? given.pointer : given.place));
    CHECK_THAT(problem->what, Catch::Contains(given.what));
    CHECK_FALSE(problem->file.empty());
  }
}

/// Calls what(pointer of the object, key) for each key of the document and of the objects in it.
template <class What>
void each_key(const Json& document, const std::string& at, const What& what) {
  const Json& object = document[Json::json_pointer(at)];
  for (const auto& [key, value] : object.items()) {
    what(at, key);
    if (value.is_object()) each_key(document, at + "/" + key, what);
  }
}

/// Keys that may be missing.
const std::set<std::string> kOptionalKeys{"/name",
                                          "/objective",
                                          "/pe_array/ifmap_words_per_pe",
                                          "/pe_array/filter_words_per_pe",
                                          "/pe_array/gate_zero_activations",
                                          "/pe_array/shorten_edge_passes",
                                          "/global_buffer/filter_bytes",
                                          "/global_buffer/psum_word_bytes",
                                          "/global_buffer/ifmap_pass_bytes",
                                          "/global_buffer/keep_ofmap_on_chip",
                                          "/dram/activations",
                                          "/energy/mac_gated",
                                          "/energy/technology",
                                          "/technology",
                                          "/mac_gated"};

template <class Parse>
void check_each_key_missing(const Json& good, const Parse& parse) {
  int keys = 0;
  each_key(good, "", [&](const std::string& at, const std::string& key) {
    Json changed = good;
    changed[Json::json_pointer(at)].erase(key);
    INFO("without " << at << "/" << key);
    const auto problem = problem_of([&] { return parse(changed.dump()); });
    REQUIRE(problem.has_value() != kOptionalKeys.contains(at + "/" + key));
    if (!problem) return;
    CHECK(problem->place == at + "/" + key);
    CHECK(problem->what == "this key is missing");
    ++keys;
  });
  CHECK(keys > 8);
}

/// Each key with a letter too many, one missing, and in capitals.
template <class Parse>
void check_each_key_misspelt(const Json& good, const Parse& parse) {
  each_key(good, "", [&](const std::string& at, const std::string& key) {
    std::string capital = key;
    capital[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(capital[0])));
    for (const std::string& wrong : {key + "s", key.substr(0, key.size() - 1), capital}) {
      Json changed = good;
      Json& object = changed[Json::json_pointer(at)];
      object[wrong] = object[key];
      object.erase(key);
      INFO(at << "/" << wrong);
      const auto problem = problem_of([&] { return parse(changed.dump()); });
      REQUIRE(problem);
      CHECK(problem->place == at + "/" + wrong);
      CHECK(problem->what == "unknown key \"" + wrong + "\"");
      CHECK(problem->nearest == key);
    }
  });
}

}  // namespace

TEST_CASE("A wrong value in an architecture file is named with its place", "[arch][bad_input]") {
  check_wrong_values(whole_architecture(), kWrongArchitectures, parse_architecture_text);
}

TEST_CASE("A wrong value in an energy file is named with its place", "[arch][bad_input]") {
  check_wrong_values(whole_energy_table(), kWrongEnergyTables, parse_energy_text);
}

TEST_CASE("Each missing key of an architecture or energy file is named", "[arch][bad_input]") {
  check_each_key_missing(whole_architecture(), parse_architecture_text);
  check_each_key_missing(whole_energy_table(), parse_energy_text);
}

TEST_CASE("Each misspelt key of an architecture or energy file is answered with the right one",
          "[arch][bad_input]") {
  check_each_key_misspelt(whole_architecture(), parse_architecture_text);
  check_each_key_misspelt(whole_energy_table(), parse_energy_text);
}

TEST_CASE("A key of one part is unknown in another", "[arch][bad_input]") {
  for (const std::string pointer :
       {"/rows", "/bytes", "/pe_array/bytes", "/dram/lanes", "/energy/base", "/pe_array/name",
        "/schema", "/$schema", "/comment", "/pe_array/_comment", "/"}) {
    Json changed = whole_architecture();
    changed[Json::json_pointer(pointer)] = 1;
    INFO(pointer);
    const auto problem = problem_of([&] { return parse_architecture_text(changed.dump()); });
    REQUIRE(problem);
    CHECK(problem->place == pointer);
    CHECK_THAT(problem->what, Catch::Contains("unknown key"));
    CHECK_FALSE(problem->allowed.empty());
  }
}

TEST_CASE("A file that is no JSON object is refused, for architectures and energy tables alike",
          "[arch][bad_input]") {
  struct Case {
    std::string text, place, what;
  };
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{\"pe_array\":";
  const std::string good = whole_architecture().dump();
  const Case cases[] = {
      {"", "", "is empty"},
      {"null", "", "must be an object, got null"},
      {"3", "", "must be an object, got 3"},
      {"\"squeezelerator_16x16\"", "", "must be an object, got the string"},
      {"[]", "", "must be an object, got a list of 0 items"},
      {"{}", "*", "this key is missing"},
      {"rows = 16\n", "line 1, column 1", "is not valid JSON"},
      {"<xml/>", "line 1, column 1", "is not valid JSON"},
      {"{\"name\": \"a\", \"name\": \"a\"}", "/name", "appears twice"},
      {"\xEF\xBB\xBF{}", "", "byte order mark"},
      {std::string("\x1f\x8b\x08\0", 4), "line 1, column 1", "byte 0x1f"},
      {deep, "", "nested too deeply"},
      {good.substr(0, good.size() - 1), "*", "ends too early"},
      {good + good, "*", "unexpected '{'"},
      {std::string((std::size_t{16} << 20) + 1, ' '), "", "is too large, 16777217 bytes"},
  };
  for (const Case& given : cases) {
    INFO(given.text.substr(0, 60));
    const auto arch = problem_of([&] { return parse_architecture_text(given.text); });
    const auto energy = problem_of([&] { return parse_energy_text(given.text); });
    for (const auto& problem : {arch, energy}) {
      REQUIRE(problem);
      if (given.place != "*") CHECK(problem->place == given.place);
      CHECK_THAT(problem->what, Catch::Contains(given.what));
    }
    CHECK(arch->file == "machine.json");
    CHECK(energy->file == "table.json");
  }
}

TEST_CASE("A message reads as one line: file, place, what, allowed, nearest", "[arch][bad_input]") {
  const auto message = [](const std::string& pointer, const Json& value) {
    Json changed = whole_architecture();
    changed[Json::json_pointer(pointer)] = value;
    const auto problem = problem_of([&] { return parse_architecture_text(changed.dump()); });
    REQUIRE(problem);
    return std::string(InputError(*problem).what());
  };
  CHECK(message("/pe_array/rows", 0) ==
        "machine.json: /pe_array/rows: is out of range, got 0; allowed: 1 to 1024");
  CHECK(message("/pe_array/rows", "16") ==
        "machine.json: /pe_array/rows: must be an integer, got the string \"16\"; allowed: 1 to "
        "1024");
  CHECK(message("/clock_mhz", 0) ==
        "machine.json: /clock_mhz: is out of range, got 0; allowed: 1 to 100000");
  CHECK(message("/dram/latency", 100) ==
        "machine.json: /dram/latency: unknown key \"latency\"; allowed: bytes_per_cycle, "
        "latency_cycles, burst_bytes, activations");
  CHECK(message("/pe_array/row", 16) ==
        "machine.json: /pe_array/row: unknown key \"row\"; allowed: rows, cols, fabric, preload, "
        "psums_per_pe, ifmap_words_per_pe, filter_words_per_pe, skip_zero_weights, "
        "gate_zero_activations, shorten_edge_passes; did you mean 'rows'?");
  CHECK(message("/energy/mac", -1) ==
        "machine.json: /energy/mac: is out of range, got -1; allowed: 0 to 1000000000000");
  CHECK(message("/pe_array/fabric", "brodcast") ==
        "machine.json: /pe_array/fabric: must be the name of a fabric, got \"brodcast\"; allowed: "
        "broadcast, systolic; did you mean 'broadcast'?");
  CHECK_THAT(message("/dataflows/0", "wss"),
             Catch::StartsWith("machine.json: /dataflows/0: must be the name of a dataflow, got "
                               "\"wss\"; allowed: ws, os") &&
                 Catch::EndsWith("; did you mean 'ws'?"));
}
