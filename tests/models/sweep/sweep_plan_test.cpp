#include "models/sweep/sweep_plan.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "models/arch/architecture_json.hpp"
#include "tests/models/sweep/sweep_case.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;
using config_files::Json;
using testing::parse_sweep;
using testing::small_sweep;

namespace {

/// Numbers of the points, in order, with the values of their axes.
std::map<std::uint64_t, std::vector<std::size_t>> points_of(const SweepSpec& spec) {
  std::map<std::uint64_t, std::vector<std::size_t>> points;
  PointWalker walker(spec);
  const SweepSize size = size_of(spec, "small.json");
  for (std::uint64_t candidate = 0; candidate < size.candidates; ++candidate) {
    if (walker.go_to(candidate)) points.emplace(candidate, walker.indices());
  }
  CHECK(points.size() == size.points);
  return points;
}

/// Axes of 4, 5 and 6 values.
SweepSpec larger_sweep(const char* method, std::uint64_t points) {
  Json json = small_sweep();
  json["axes"] = Json::parse(R"([
    {"set": {"arch.pe_array.rows": [4, 8, 16, 32]}},
    {"set": {"arch.dram.bytes_per_cycle": {"from": 0.1, "to": 0.5, "step": 0.1}}},
    {"set": {"arch.global_buffer.bytes": {"from": 16384, "to": 524288, "factor": 2}}}])");
  if (method != nullptr) json["sample"] = {{"method", method}, {"points", points}, {"seed", 3}};
  return parse_sweep(json);
}

}  // namespace

TEST_CASE("A grid has every combination, the last axis changing first", "[sweep]") {
  const SweepSpec spec = parse_sweep(small_sweep());
  PointWalker walker(spec);
  REQUIRE(walker.go_to(4));
  CHECK(walker.indices() == std::vector<std::size_t>{1, 1});
  CHECK(walker.point().arch.pe_array.rows == 16);
  CHECK(walker.point().arch.pe_array.cols == 16);
  CHECK(walker.point().arch.global_buffer.bytes == Bytes(65536));
  CHECK(points_of(spec).size() == 6);
}

TEST_CASE("Ranges end where they say", "[sweep]") {
  const SweepSpec spec = larger_sweep(nullptr, 0);
  std::vector<std::string> steps, factors;
  for (const SettingValue& value : spec.axes[1].settings[0].values) steps.push_back(value.text);
  for (const SettingValue& value : spec.axes[2].settings[0].values) factors.push_back(value.text);
  CHECK(steps == std::vector<std::string>{"0.1", "0.2", "0.3", "0.4", "0.5"});
  CHECK(factors ==
        std::vector<std::string>{"16384", "32768", "65536", "131072", "262144", "524288"});
}

TEST_CASE("A point is the same however one gets there", "[sweep]") {
  Json json = small_sweep();
  json["axes"].push_back(Json::parse(R"({"set": {"dataflow": ["auto", "ws", "os"]}})"));
  json["axes"].push_back(Json::parse(R"({"set": {"precision": ["int8", "int16"]}})"));
  json["axes"].push_back(
      Json::parse(R"({"set": {"arch": ["squeezelerator_16x16", "squeezelerator_8x8"]}})"));
  json["axes"].push_back(Json::parse(R"({"set": {"network.conv1": [5, 7]}})"));
  json["networks"] = {"squeezenext", "squeezenext:width=2"};
  json["derived"] = {{"arch.vector_unit.lanes", "2 * arch.pe_array.cols"}};
  const SweepSpec spec = parse_sweep(json);
  PointWalker walker(spec);
  testing::Random random(11);
  for (int i = 0; i < 200; ++i) {
    const auto candidate =
        static_cast<std::uint64_t>(random.between(0, static_cast<int>(walker.candidates()) - 1));
    REQUIRE(walker.go_to(candidate));
    PointWalker fresh(spec);
    REQUIRE(fresh.go_to(candidate));
    CHECK(walker.point().arch == fresh.point().arch);
    CHECK(walker.point().networks == fresh.point().networks);
    CHECK(key_of(walker.point()) == key_of(fresh.point()));
    CHECK(walker.point().arch.vector_unit.lanes == 2 * walker.point().arch.pe_array.cols);
  }
}

TEST_CASE("Every point has a key of its own", "[sweep]") {
  const SweepSpec spec = larger_sweep(nullptr, 0);
  PointWalker walker(spec);
  std::set<std::uint64_t> keys;
  for (std::uint64_t i = 0; i < walker.candidates(); ++i) {
    (void)walker.go_to(i);
    keys.insert(key_of(walker.point()));
  }
  CHECK(keys.size() == 120);
}

TEST_CASE("Constraints leave the points that meet them", "[sweep]") {
  Json json = small_sweep();
  json["constraints"] = {"pes > 64 or buffer_bytes >= 65536", "on_chip_bytes < 200000"};
  const SweepSpec spec = parse_sweep(json);
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, unused] : points_of(spec)) numbers.push_back(number);
  // Register files of 16 x 16 PEs have 16 psums of 4 bytes and three words: 17,152 bytes.
  CHECK(numbers == std::vector<std::uint64_t>{1, 2, 3, 4, 5});
}

TEST_CASE("A random sample has so many different points that meet the constraints", "[sweep]") {
  const auto points = points_of(larger_sweep("random", 50));
  std::set<std::vector<std::size_t>> different;
  for (const auto& [unused, indices] : points) different.insert(indices);
  CHECK(different.size() == 50);
  CHECK(points_of(larger_sweep("random", 1000)).size() == 120);
  Json json = small_sweep();
  json["sample"] = {{"method", "random"}, {"points", 3}};
  json["constraints"] = {"pes == 64"};
  CHECK(points_of(parse_sweep(json)).size() == 3);
}

TEST_CASE("A Latin hypercube takes the values of each axis equally often", "[sweep]") {
  const SweepSpec spec = larger_sweep("latin_hypercube", 60);
  PointWalker walker(spec);
  std::vector<std::map<std::size_t, int>> taken(3);
  std::set<std::vector<std::size_t>> different;
  std::size_t points = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    points += walker.go_to(i) ? 1 : 0;
    different.insert(walker.indices());
    for (std::size_t a = 0; a < 3; ++a) ++taken[a][walker.indices()[a]];
  }
  for (std::size_t a = 0; a < 3; ++a) {
    for (const auto& [unused, times] : taken[a]) {
      CHECK(times == 60 / static_cast<int>(spec.axes[a].size()));
    }
  }
  // What comes twice is one point.
  CHECK(points == different.size());
}

TEST_CASE("Permutations are permutations, whatever their size", "[sweep]") {
  for (const std::uint64_t size : {1U, 2U, 3U, 5U, 64U, 65U, 1000U, 4097U}) {
    const Permutation order(size, 9), other(size, 10);
    std::set<std::uint64_t> seen;
    int alike = 0;
    for (std::uint64_t i = 0; i < size; ++i) {
      seen.insert(order(i));
      alike += order(i) == other(i) ? 1 : 0;
    }
    CHECK(seen.size() == size);
    if (size > 64) CHECK(alike < static_cast<int>(size) / 16);
  }
  CHECK(Permutation(std::uint64_t{1} << 62, 1)(12345) < std::uint64_t{1} << 62);
}

TEST_CASE("A sweep of any size is counted at once", "[sweep]") {
  Json json = small_sweep();
  json["axes"] = Json::parse(R"([
    {"set": {"arch.global_buffer.bytes": {"from": 1, "to": 50000, "step": 1}}},
    {"set": {"arch.dram.latency_cycles": {"from": 1, "to": 50000, "step": 1}}},
    {"set": {"arch.dram.burst_bytes": {"from": 1, "to": 4000, "step": 1}}}])");
  CHECK(size_of(parse_sweep(json), "").points == 10'000'000'000'000U);
  json["constraints"] = {"buffer_bytes > 25000"};
  const SweepSize size = size_of(parse_sweep(json), "");
  CHECK_FALSE(size.exact);
  CHECK(static_cast<double>(size.points) == Approx(5e12).epsilon(0.02));
}

TEST_CASE("A derived field without a fit value is the point's problem", "[sweep]") {
  Json json = small_sweep();
  json["derived"] = {{"arch.vector_unit.lanes", "arch.pe_array.cols / 16"}};
  const SweepSpec spec = parse_sweep(json);
  PointWalker walker(spec);
  CHECK(walker.go_to(0));
  CHECK(walker.problem().find("arch.vector_unit.lanes = arch.pe_array.cols / 16: ") == 0);
  CHECK(walker.go_to(5));
  CHECK(walker.problem().empty());
  CHECK(walker.go_to(1));
  CHECK_FALSE(walker.problem().empty());
}

TEST_CASE("Every field of an architecture that is no prose can be varied by its path", "[sweep]") {
  const Architecture arch = config_files::load("squeezelerator_16x16");
  const Json json = Json::parse(to_json_text(arch));
  const auto file = std::make_shared<const std::string>("a test");
  std::size_t found = 0;
  const auto walk = [&](const Json& part, const std::string& prefix, const auto& self) -> void {
    for (const auto& [key, member] : part.items()) {
      const std::string path = prefix + key;
      if (member.is_object() && key != "energy") {
        self(member, path + ".", self);
      } else if (key != "name" && key != "summary" && key != "source" && key != "assumptions") {
        INFO(path);
        CHECK(std::ranges::find(field_paths(), path) != field_paths().end());
        ++found;
        Architecture other{};
        const JsonValue value = parse_json({"a test", member.dump()});
        set_field(other, path, read_field(path, JsonField(value), config_files::lookup()));
        CHECK(field_number(other, path) == field_number(arch, path));
        CHECK(field_number(arch, path).has_value() == (member.is_number() || member.is_boolean()));
      }
    }
  };
  walk(json, "", walk);
  CHECK(found == field_paths().size());
}
