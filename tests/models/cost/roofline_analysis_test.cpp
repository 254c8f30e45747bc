#include "models/cost/roofline_analysis.hpp"

#include <catch2/catch.hpp>

#include "models/cost/compulsory_traffic.hpp"
#include "tests/reports/sample_run.hpp"

namespace ridgeline {
namespace {

/// 4 x 8 PEs, ports of 16 words a cycle, 8 bytes a cycle of DRAM, int8 with psums of 4 bytes: 19000
/// MACs in 1100 cycles.
RunStats one_layer() {
  RunStats run = sample_run();
  run.layers.resize(1);
  LayerStats& layer = run.layers.front();
  layer.ports = {.ifmap = 4000, .filter = 1600, .psum_in = 8000, .psum_out = 9600};
  layer.compulsory = {.dram = Bytes(1900),
                      .ports = {.ifmap = 1083, .filter = 216, .psum_out = 720}};
  derive(layer, run.arch);
  return run;
}

std::int64_t sum_of(const LossWaterfall& waterfall) {
  std::int64_t sum = waterfall.macs;
  for (const auto& loss : LossWaterfall::losses()) sum += waterfall.*loss.member;
  return sum;
}

}  // namespace

TEST_CASE("A small layer's roofs, intensities and headroom are those worked out by hand") {
  const RooflineAnalysis analysis = analyse_roofline(one_layer());
  CHECK(analysis.peak_macs_per_cycle == 32);
  CHECK(analysis.peak_vector_operations_per_cycle == 16);
  // DRAM, ifmap, filter, psum in, psum out, register file.
  const std::array<double, 6> bandwidths{8, 16, 16, 64, 64, 128};
  const std::array<double, 6> ridges{4, 2, 2, 0.5, 0.5, 0.25};
  const std::array<double, 6> bytes{2220, 4000, 1600, 32000, 38400, 59000};
  const std::array<double, 6> cycles{277.5, 250, 100, 500, 600, 460.9375};
  REQUIRE(analysis.layers.size() == 1);
  const RooflineLayer& layer = analysis.layers.front();
  for (std::size_t i = 0; i < kMemoryLevels; ++i) {
    INFO(roof_name(kMemoryRoofs[i]));
    CHECK(analysis.levels[i].roof == kMemoryRoofs[i]);
    CHECK(analysis.levels[i].bytes_per_cycle == bandwidths[i]);
    CHECK(analysis.levels[i].ridge_macs_per_byte == ridges[i]);
    CHECK(layer.levels[i].bytes == bytes[i]);
    CHECK(layer.levels[i].cycles == cycles[i]);
    CHECK(layer.levels[i].macs_per_byte.value() == Approx(19000 / bytes[i]));
    CHECK(layer.levels[i].roof_macs_per_cycle == Approx(std::min(32.0, 19000 / cycles[i])));
  }
  CHECK(layer.pe_array_cycles == 593.75);
  CHECK(layer.vector_unit_cycles == 90);
  CHECK(layer.bound == Roof::psum_out_port);
  CHECK(layer.roof_cycles == 600);
  CHECK(layer.roof_macs_per_cycle == Approx(19000.0 / 600));
  CHECK(layer.attained_macs_per_cycle == Approx(19000.0 / 1100));
  CHECK(layer.percent_of_roof == Approx(100.0 * 600 / 1100));
  CHECK(layer.headroom_cycles == 500);
  CHECK(layer.at(Roof::dram).optimal_macs_per_byte == 10);
  CHECK(layer.at(Roof::psum_out_port).optimal_macs_per_byte.value() == Approx(19000.0 / 2880));
  CHECK(!layer.at(Roof::psum_in_port).optimal_macs_per_byte);
  CHECK(!layer.at(Roof::register_file).optimal_macs_per_byte);
}

TEST_CASE("What a layer loses between peak and attained adds up, cause by cause") {
  RunStats run = one_layer();
  run.layers.front().overlapped = Cycles(7);
  const RooflineAnalysis analysis = analyse_roofline(run);
  const LossWaterfall expected{.peak = 32 * 1107,
                               .idle_pes = 32 * 1000 - 19000,
                               .fill_drain = 32 * 40,
                               .stationary_load = 32 * 30,
                               .glb_stall = 32 * 20,
                               .dram_stall = 32 * 10,
                               .vector_stall = 0,
                               .overlapped = 32 * 7,
                               .macs = 19000};
  CHECK(analysis.layers.front().waterfall == expected);
  CHECK(sum_of(expected) == expected.peak);
  // What lies beside other layers is no time of the run.
  CHECK(analysis.total.waterfall.peak == 32 * 1100);
  CHECK(analysis.total.waterfall.overlapped == 0);
  CHECK(sum_of(analysis.total.waterfall) == 32 * 1100);
  CHECK(sizeof(LossWaterfall) == (LossWaterfall::losses().size() + 2) * sizeof(std::int64_t));
}

TEST_CASE("A layer of the vector unit has no MAC rates, but roofs and headroom in cycles") {
  const RooflineAnalysis analysis = analyse_roofline(sample_run());
  const RooflineLayer& pool = analysis.layers.at(1);
  CHECK(pool.bound == Roof::dram);
  CHECK(pool.roof_cycles == 110);  // 880 bytes; 1440 operations take 90
  CHECK(pool.headroom_cycles == 90);
  CHECK(pool.percent_of_roof == Approx(55));
  CHECK(pool.attained_macs_per_cycle == 0);
  CHECK(!pool.at(Roof::dram).macs_per_byte);
  CHECK(pool.waterfall.vector_stall == pool.waterfall.peak);
}

TEST_CASE("A layer above a roof is an internal error that names layer and roof") {
  RunStats run = one_layer();
  LayerStats& layer = run.layers.front();
  SECTION("more psums than the port carries in that time") {
    layer.ports.psum_out = 16 * 1100;
    CHECK_NOTHROW(analyse_roofline(run));
    layer.ports.psum_out += 1;
    CHECK_THROWS_WITH(analyse_roofline(run),
                      "layer conv1 lies above its roof: the psum-out port needs 1100.06 cycles, it "
                      "took 1100");
  }
  SECTION("more MACs than PEs have cycles for") {
    layer.accesses.mac = 32 * 1000 + 1;
    CHECK_THROWS_WITH(analyse_roofline(run), "layer conv1 has a loss of -1 PE-cycles: idle PEs");
  }
  SECTION("the whole run, where layers' own cycles do not suffice") {
    layer.overlapped = Cycles(10000);
    layer.bytes.dram_read = Bytes(80000);
    CHECK_THROWS_WITH(analyse_roofline(run), Catch::Contains("layer total lies above its roof"));
  }
}

TEST_CASE("The energy roofline is Choi's: MACs, DRAM bytes and time add up") {
  RunStats run = one_layer();
  run.arch.energy.leakage_per_cycle = 10;
  derive(run.layers.front(), run.arch);
  const RooflineAnalysis analysis = analyse_roofline(run);
  const EnergyRoofline& energy = analysis.energy;
  const double on_chip = 19000 + 60000 + 2 * 5000 + 6 * 5000 + 1440;
  CHECK(energy.energy_per_mac == Approx(on_chip / 19000));
  CHECK(energy.multiplier_energy_per_mac == Approx(1));
  CHECK(energy.energy_per_dram_byte == Approx(200));
  CHECK(energy.static_energy_per_cycle == Approx(10));
  CHECK(energy.time_balance_macs_per_byte == Approx(4));
  CHECK(energy.energy_balance_macs_per_byte == Approx(200 / (on_chip / 19000)));
  const EnergyPoint& point = analysis.layers.front().energy;
  CHECK(point.macs_per_energy == Approx(19000 / (on_chip + 444000 + 11000)));
  CHECK(point.roof_macs_per_energy == Approx(19000 / (19000 + 444000 + 10 * 600.0)));
  // On the arch line lies a layer whose time is that of its roofs.
  const double intensity = 19000.0 / 2220;
  CHECK(arch_line(energy, energy.energy_per_mac, intensity) ==
        Approx(19000 / (on_chip + 444000 + 10 * 593.75)));
  // Without leakage the balance point is where half of the best efficiency is reached; with it, the
  // effective one. Below the ridge time is the DRAM's.
  for (const double leakage : {0.0, 10.0, 1e6}) {
    EnergyRoofline leaky = energy;
    RunStats again = one_layer();
    again.arch.energy.leakage_per_cycle = leakage;
    derive(again.layers.front(), again.arch);
    leaky = analyse_roofline(again).energy;
    const double best = arch_line(leaky, leaky.energy_per_mac, 1e18);
    CHECK(arch_line(leaky, leaky.energy_per_mac, leaky.effective_balance_macs_per_byte) ==
          Approx(best / 2));
    if (leakage == 0) {
      CHECK(leaky.effective_balance_macs_per_byte == Approx(leaky.energy_balance_macs_per_byte));
    }
  }
}

TEST_CASE("Compulsory traffic counts each word once, gaps between windows and kept maps not") {
  LoweredLayer layer;
  layer.shape = {.N = 2, .G = 1, .M = 4, .C = 3, .H = 10, .W = 10};
  // Rows 0, 3, 6, 9 and columns 0-1, 3-4, 6-7: gaps. One tap lies on the padding at the top.
  layer.shape.window = {.R = 1, .S = 2, .stride = {3, 3}};
  layer.output_shape = layer.shape.ofmap();
  REQUIRE(layer.output_shape == TensorShape{2, 4, 4, 3});
  const std::int64_t ifmap = 2 * 3 * 4 * 6;
  const std::int64_t ofmap = 2 * 4 * 4 * 3;
  const std::int64_t filters = 4 * 3 * 2;
  CompulsoryTraffic traffic = compulsory_traffic(layer, Precision::int8, {}, {}, 5);
  CHECK(traffic.dram == Bytes(ifmap + ofmap + filters + 4 * 8));
  CHECK(traffic.ports == PortWords{.ifmap = ifmap, .filter = filters - 5, .psum_out = ofmap});

  SECTION("a residual operand of wide words, maps that are coded") {
    layer.residual = 1;
    const LayerPrecision wide(Precision::int8, Precision::int8, Precision::int16);
    traffic = compulsory_traffic(layer, wide, {}, {.input = 0.5, .output = 1, .residual = 0.3}, 0);
    CHECK(traffic.dram == Bytes(ifmap / 2 + ofmap + 57 + filters + 4 * 8));  // 57.6
  }
  SECTION("maps in the buffer") {
    layer.residual = 1;
    const Residency kept{.ifmap = true, .residual = true, .ofmap = true};
    CHECK(compulsory_traffic(layer, Precision::int8, kept, {}, 0).dram == Bytes(filters + 4 * 8));
  }
  SECTION("a pool has neither filters nor ports") {
    layer.kind = LayerKind::max_pool;
    traffic = compulsory_traffic(layer, Precision::int16, {}, {}, 0);
    CHECK(traffic.dram == Bytes(2 * (ifmap + ofmap)));
    CHECK(traffic.ports == PortWords{});
  }
}

}  // namespace ridgeline
