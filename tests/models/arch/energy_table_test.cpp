#include "models/arch/energy_table.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

#include "models/arch/technology_scaling.hpp"
#include "models/cost/energies.hpp"
#include "tests/arch_configs/config_files.hpp"

using namespace ridgeline;
using namespace ridgeline::config_files;

namespace {

SizeCurve timeloops_line() {
  return {.points = {{Bytes(512), 1.0}, {Bytes(102400), 6.0}}, .bits = 16};
}

SizeCurve horowitz_caches(Between between) {
  return {.points = {{Bytes(8192), 10.0}, {Bytes(32768), 20.0}, {Bytes(1048576), 100.0}},
          .bits = 64,
          .between = between};
}

Architecture machine(const char* table) {
  Architecture arch = config_files::load("eyeriss_v1");
  arch.energy = config_files::load_energy(table);
  return arch;
}

/// A table with entries for all of its components but leakage.
Json table_with_entries() {
  return Json::parse(R"({"source": "s", "unit": "pJ", "leakage_per_cycle": 0, "entries": [
      {"action": "mac", "by_precision": {"int8": 1, "int16": 2, "fp32": 3}},
      {"action": "rf", "per_bit": 0.1},
      {"action": "noc", "per_bit_mm": 0.2, "mm": 0.5},
      {"action": "glb", "curve": {"points": [[512, 1], [1024, 2]], "bits": 16, "between": "linear"}},
      {"action": "dram", "per_bit": 20, "technology": {"nm": 28}},
      {"action": "vector", "value": 1, "source": "t"}]})");
}

struct WrongValue {
  std::string pointer, value, what;
  std::string place{};  ///< where the message points, if not at the value
};

const WrongValue kWrongEntries[] = {
    {"/entries", "{}", "must be a list, got an object"},
    {"/entries/0", "3", "must be an object, got 3"},
    {"/entries/0/action", "\"macs\"", "must be the name of a machine action, got \"macs\""},
    {"/entries/1/action", "\"mac\"", "the action \"mac\" has an entry already", "/entries/1"},
    {"/entries/0/by_precision", "1", "must be an object, got 1"},
    {"/entries/0/value", "1", "\"value\" already says what the action costs",
     "/entries/0/by_precision"},
    {"/entries/1/curve", "{}", "\"per_bit\" already says"},
    {"/entries/1/mm", "1", "goes with \"per_bit_mm\" only"},
    {"/entries/1/milliwatts", "1", "does not say what \"rf\" costs"},
    {"/entries/5/per_bit_mm", "1", "does not say what \"vector\" costs"},
    {"/entries/2/mm", "-1", "is out of range, got -1"},
    {"/entries/3/curve/points/1/0", "512", "sizes must ascend, got 512 after 512"},
    {"/entries/3/curve/points/1/1", "0.5", "energies must not fall with the size, got 0.5 after 1"},
    {"/entries/3/curve/points/0/1", "0", "is out of range, got 0"},
    {"/entries/3/curve/points/0", "[1, 2, 3]", "must not be so long"},
    {"/entries/3/curve/between", "\"cubic\"", "must be the name of a way to interpolate"},
    {"/entries/4/technology", "28", "must be an object, got 28"},
    {"/entries/4/technology/volts", "0", "is out of range, got 0"},
    {"/mac", "1", "the entry for \"mac\" says this already"},
    {"/technology", "{}", "this key is missing", "/technology/nm"},
};

}  // namespace

TEST_CASE("Energy scales between nodes by Stillmaker and Baas's equations: their own example",
          "[energy]") {
  // The corrigendum of section 4.2.1: 1 pJ at 65 nm and 1.3 V. The target's coefficients are those
  // that it prints.
  const EnergyPolynomial x{3.755, -4.398, 1.975}, y{0.8367, -0.4341, 0.1701};
  CHECK(x.at(1.3) == Approx(2.604).margin(0.0005));
  CHECK(y.at(0.9) == Approx(0.4571).margin(0.00005));
  // It divides the rounded factors: 0.4571 / 2.604 = 0.1755; unrounded they give 0.17558.
  CHECK(energy_ratio(y, 0.9, x, 1.3) == Approx(0.1755).margin(0.0001));
}

TEST_CASE("Scaling there and back changes nothing, and smaller nodes and voltages cost less",
          "[energy]") {
  const Technology a{.nm = 65, .volts = 1.0}, b{.nm = 45, .volts = 0.9};
  CHECK(energy_ratio(a, a) == 1);
  CHECK(energy_ratio(a, b) * energy_ratio(b, a) == Approx(1).epsilon(1e-14));
  CHECK(energy_ratio(a, b) == Approx((1.103 * 0.81 - 0.362 * 0.9 + 0.2767) / 1.332));
  // By steps of one nanometre, at 1 V; the fits of 130 nm and 90 nm cross near it.
  double before = energy_ratio(a, {.nm = 90, .volts = 1.0});
  for (double nm = 89; nm >= 7; --nm) {
    const double now = energy_ratio(a, {.nm = nm, .volts = 1.0});
    CHECK(now < before);
    before = now;
  }
  CHECK_THROWS_AS(energy_ratio(a, {.nm = 5, .volts = 0.7}), std::invalid_argument);
  CHECK_THROWS_AS(energy_ratio(a, {.nm = 45, .volts = 0.4}), std::invalid_argument);
  CHECK_THROWS_AS(energy_ratio({.nm = 45}, a), std::invalid_argument);
}

TEST_CASE("A scaled table has every on-chip number scaled, and DRAM as it was", "[energy]") {
  const Technology to{.nm = 16, .volts = 0.8};
  for (const char* name : {"eyeriss_65nm_16b", "horowitz_45nm"}) {
    Architecture arch = machine(name);
    const Energies before = energies_of(arch, Precision::int16);
    const double by = energy_ratio(*arch.energy.technology, to);
    arch.energy = scaled_to(arch.energy, to);
    const Energies after = energies_of(arch, Precision::int16);
    CHECK(arch.energy.technology == to);
    for (const MachineAction& action : machine_actions()) {
      const std::string path = action.path;
      if (name == std::string("horowitz_45nm") && path.starts_with("noc")) continue;  // of 40 nm
      INFO(name << " " << path);
      const double expected = path.starts_with("dram") ? 1 : by;
      CHECK(after.*action.energy == Approx(before.*action.energy * expected).epsilon(1e-12));
    }
  }
}

TEST_CASE("A memory's energy goes through the points of its curve and never falls with its size",
          "[energy]") {
  const SizeCurve linear = timeloops_line();
  CHECK(linear.per_bit(Bytes(512)) * 16 == 1.0);
  CHECK(linear.per_bit(Bytes(102400)) * 16 == 6.0);
  CHECK(linear.per_bit(Bytes((512 + 102400) / 2)) * 16 == Approx(3.5));
  const SizeCurve power = horowitz_caches(Between::power);
  for (const auto& [size, energy] : power.points) CHECK(power.per_bit(size) * 64 == energy);
  // Four times the size is twice the energy: 16 KiB lies in the geometric middle of 8 and 32.
  CHECK(power.per_bit(Bytes(16384)) * 64 == Approx(10 * std::sqrt(2.0)));
  for (const SizeCurve& curve : {linear, power, horowitz_caches(Between::linear)}) {
    double before = 0;
    for (std::int64_t bytes = 1; bytes < std::int64_t{1} << 40; bytes += 1 + bytes / 7) {
      const double now = curve.per_bit(Bytes(bytes));
      REQUIRE(now >= before);
      before = now;
    }
    CHECK(before > 0);
  }
}

TEST_CASE("Buffer energy follows the configured size and the word's width", "[energy]") {
  Architecture arch = machine("horowitz_45nm");
  arch.global_buffer.bytes = Bytes(32768);
  arch.global_buffer.filter_bytes = Bytes(8192);
  const Energies words = energies_of(arch, Precision::int16);
  CHECK(words.glb_ifmap_read == Approx(20.0 * 16 / 64));
  CHECK(words.glb_filter_write == Approx(10.0 * 16 / 64));  // a buffer of their own
  CHECK(words.glb_psum_read == words.glb_ifmap_read);       // 16 bits too, on this machine
  const Energies bytes = energies_of(arch, Precision::int8);
  CHECK(bytes.glb_ifmap_read == Approx(words.glb_ifmap_read / 2));
  CHECK(bytes.dram_read == Approx(8 * 20));
  CHECK(bytes.mac_random == 0.3);
  CHECK(words.mac_reused == 1.1);
  arch.global_buffer.psum_word_bytes = Bytes(0);
  CHECK(energies_of(arch, Precision::int8).rf_psum_read == Approx(32 * 0.03125));
  const Energies mixed = energies_of(arch, {Precision::int8, Precision::int16, Precision::int8});
  CHECK(mixed.dram_write == Approx(2 * mixed.dram_read));
  CHECK(mixed.glb_ofmap_write == Approx(2 * mixed.glb_ifmap_write));
}

TEST_CASE("The longest path that fits an action holds for it", "[energy]") {
  Architecture arch;
  arch.energy.unit = "pJ";
  arch.energy.entries = {{.action = "rf", .form = PerAction{2}},
                         {.action = "rf.filter", .form = PerAction{3}},
                         {.action = "rf.filter.read", .form = PerAction{4}},
                         {.action = "mac", .form = PerAction{5}},
                         {.action = "leakage", .form = Milliwatts{10}},
                         {.action = "noc", .form = PerBitAndMillimetre{.energy = 0.5, .mm = 2}}};
  arch.clock = Hertz(200e6);
  const Energies e = energies_of(arch, Precision::int8);
  CHECK(e.rf_ifmap_read == 2);
  CHECK(e.rf_filter_write == 3);
  CHECK(e.rf_filter_read == 4);
  CHECK(e.mac_random == 5);
  CHECK(e.mac_reused == 5);
  CHECK(e.mac_gated == 0);  // what holds for MACs does not hold for those that do not happen
  CHECK(e.leakage == 50);   // 10 mW at 200 MHz
  CHECK(e.noc_ifmap == 8);
  CHECK(e.glb_ifmap_read == arch.energy.glb);
}

TEST_CASE("Every table that ships names its technology, and its entries read back as they are",
          "[energy][arch_configs]") {
  for (const auto& path : config_files::json_files(config_files::folder() / "energy")) {
    INFO(path);
    const EnergyTable table = parse_energy_table(config_files::read(path), config_files::lookup());
    REQUIRE(table.technology);
    const SourceText written{.path = path.string(), .text = to_json_text(table)};
    CHECK(parse_energy_table(written) == table);
  }
}

TEST_CASE("A wrong entry of an energy table is named with its place", "[arch][bad_input]") {
  REQUIRE_FALSE(problem_of([] { return parse_energy_text(table_with_entries().dump()); }));
  for (const WrongValue& wrong : kWrongEntries) {
    INFO(wrong.pointer << " = " << wrong.value);
    Json changed = table_with_entries();
    changed[Json::json_pointer(wrong.pointer)] = Json::parse(wrong.value);
    const auto problem = problem_of([&] { return parse_energy_text(changed.dump()); });
    REQUIRE(problem);
    CHECK(problem->place == (wrong.place.empty() ? wrong.pointer : wrong.place));
    CHECK_THAT(problem->what, Catch::Contains(wrong.what));
  }
  Json without = table_with_entries();
  without["entries"].erase(0);
  const auto problem = problem_of([&] { return parse_energy_text(without.dump()); });
  REQUIRE(problem);
  CHECK(problem->place == "/mac");
  CHECK(problem->what == "this key is missing");
  Json nothing = table_with_entries();
  nothing["entries"][1].erase("per_bit");
  CHECK(problem_of([&] { return parse_energy_text(nothing.dump()); })->place == "/entries/1");
}

TEST_CASE("A table at another technology names one that can be scaled", "[arch][bad_input]") {
  const auto read = [](const std::string& base, const std::string& technology) {
    return problem_of([&] {
      return parse_energy_table(
          {.path = "table.json",
           .text = R"({"base": ")" + base + R"(", "technology": )" + technology + "}"},
          lookup());
    });
  };
  CHECK_FALSE(read("eyeriss_65nm_16b", R"({"nm": 45, "volts": 0.9})"));
  CHECK_THAT(read("eyeriss_isca16", R"({"nm": 45, "volts": 0.9})")->what,
             Catch::Contains("relative to a MAC"));
  CHECK_THAT(read("accelergy_eyeriss_45nm_16b", R"({"nm": 16, "volts": 0.8})")->what,
             Catch::Contains("its voltage is not known"));
  CHECK_THAT(read("eyeriss_65nm_16b", R"({"nm": 5, "volts": 0.7})")->what,
             Catch::Contains("5 nm is beyond the scaling equations' 130 to 7 nm"));
  CHECK_THAT(read("eyeriss_65nm_16b", R"({"nm": 45})")->what,
             Catch::Contains("its voltage is not known"));
  CHECK(read("eyeriss_65nm_16b", R"({"nm": 45, "volts": 2})")->place == "/technology");
  const auto itself = problem_of([] {
    const SourceText same{.path = "table.json",
                          .text = R"({"base": "table", "technology": {"nm": 45, "volts": 1}})"};
    return parse_energy_table(
        same, {.architecture = {}, .energy_table = [=](const auto&) { return same; }});
  });
  REQUIRE(itself);
  CHECK(itself->place == "/base");
}
