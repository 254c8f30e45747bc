#include "sim/cli/measured_roofs.hpp"

#include <catch2/catch.hpp>

#include "sim/cli/configs.hpp"

/// Micro-benchmarks on the simulated machine against the roofs that its architecture file promises.
namespace ridgeline {
namespace {

/// Part of its theoretical roof that was measured, in percent; by Roof.
std::vector<double> percents(const Architecture& arch, Precision precision = Precision::int8) {
  std::vector<double> all;
  for (const MeasuredRoof& roof : cli::measure_roofs(arch, precision)) {
    CHECK(static_cast<std::size_t>(roof.roof) == all.size());
    CHECK(roof.measured <= roof.theoretical * (1 + 1e-9));
    CHECK(roof.benchmark.empty() == (roof.measured == 0));
    all.push_back(100 * roof.measured / roof.theoretical);
  }
  CHECK(all.size() == 2 + kMemoryLevels);
  return all;
}

double percent_of(const std::vector<double>& all, Roof roof) {
  return all.at(static_cast<std::size_t>(roof));
}

constexpr std::array kSaturated{Roof::pe_array,     Roof::vector_unit, Roof::dram,
                                Roof::ifmap_port,   Roof::filter_port, Roof::psum_in_port,
                                Roof::psum_out_port};

}  // namespace

TEST_CASE("Machines whose units overlap attain every roof within 5 %", "[sim]") {
  for (const char* name : {"squeezelerator_8x8", "squeezelerator_16x16", "squeezelerator_32x32",
                           "systolic_8x8", "systolic_16x16"}) {
    const std::vector<double> all = percents(cli::load_architecture(name));
    for (const Roof roof : kSaturated) {
      INFO(name << ": " << roof_name(roof));
      CHECK(percent_of(all, roof) >= 95);
    }
  }
}

TEST_CASE("A roof stays out of reach where the machine never asks for so much", "[sim]") {
  // Arrays of 12 rows ask for 12 of 14 ifmap words; psums of tiles that fit leave 32 x 32 short.
  std::vector<double> all = percents(cli::load_architecture("systolic_12x14"));
  CHECK(percent_of(all, Roof::ifmap_port) == Approx(100.0 * 12 / 14).epsilon(0.02));
  all = percents(cli::load_architecture("systolic_32x32"));
  CHECK(percent_of(all, Roof::psum_in_port) >= 90);
  // os takes one weight a cycle, of 16 that the port carries, and no psums back.
  all = percents(cli::load_architecture("squeezelerator_16x16_os"));
  CHECK(percent_of(all, Roof::filter_port) == Approx(100.0 / 16).epsilon(0.02));
  CHECK(percent_of(all, Roof::psum_in_port) == 0);
  CHECK(percent_of(all, Roof::pe_array) >= 95);
  // eyeriss_v1 has one half of everything: it loads, then computes.
  all = percents(cli::load_architecture("eyeriss_v1"));
  CHECK(percent_of(all, Roof::dram) >= 90);
  CHECK(percent_of(all, Roof::vector_unit) >= 80);
  CHECK(percent_of(all, Roof::pe_array) >= 55);
  CHECK(percent_of(all, Roof::pe_array) < 95);
}

TEST_CASE("Measured roofs follow the width that is changed, and no other", "[sim]") {
  const Architecture wide = cli::load_architecture("squeezelerator_8x8");
  const std::vector<double> before = percents(wide);
  Architecture narrow = wide;
  narrow.dram.bytes_per_cycle /= 4;
  std::vector<double> after = percents(narrow);
  CHECK(percent_of(after, Roof::dram) >= 98);
  CHECK(percent_of(after, Roof::vector_unit) ==
        Approx(percent_of(before, Roof::vector_unit)).epsilon(0.01));
  narrow = wide;
  narrow.global_buffer.psum_out_words_per_cycle /= 2;
  after = percents(narrow);
  CHECK(percent_of(after, Roof::psum_out_port) >= 98);
  CHECK(percent_of(after, Roof::ifmap_port) <
        60);  // psums that cannot leave keep words from coming
  CHECK(percent_of(after, Roof::dram) == Approx(percent_of(before, Roof::dram)));
}

}  // namespace ridgeline
