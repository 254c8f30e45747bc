#include "models/cost/run_stats.hpp"

#include <catch2/catch.hpp>

#include "models/cost/energies.hpp"
#include "tests/reports/sample_run.hpp"

namespace ridgeline {
namespace {

TEST_CASE("A cycle breakdown adds up to its total, cause by cause") {
  CycleBreakdown cycles;
  std::int64_t expected = 0;
  std::int64_t next = 1;
  for (const auto& field : CycleBreakdown::fields()) {
    cycles.*field.member = Cycles(next);
    expected += next;
    next *= 10;
  }
  CHECK(cycles.total() == Cycles(expected));
  CHECK(expected == 111111);
  cycles += cycles;
  CHECK(cycles.total() == Cycles(222222));
  CHECK(cycles.vector_stall == Cycles(200000));
}

TEST_CASE("Field lists name every field of their structs") {
  // A field that a list forgets would be missing from sums and reports.
  CHECK(sizeof(CycleBreakdown) == CycleBreakdown::fields().size() * sizeof(Cycles));
  CHECK(sizeof(AccessCounts) == AccessCounts::fields().size() * sizeof(std::int64_t));
  CHECK(sizeof(TrafficBytes) == TrafficBytes::fields().size() * sizeof(Bytes));
  CHECK(sizeof(EnergyBreakdown) == EnergyBreakdown::fields().size() * sizeof(Energy));
}

TEST_CASE("Energy is the sum of counts times the table's entries") {
  const EnergyTable table{.name = "t",
                          .source = "",
                          .unit = "pJ",
                          .mac = 1,
                          .rf = 10,
                          .noc = 100,
                          .glb = 1000,
                          .dram = 1e4,
                          .vector = 1e5,
                          .leakage_per_cycle = 1e6};
  const AccessCounts counts{.mac = 1,
                            .rf_ifmap_read = 1,
                            .rf_psum_write = 1,
                            .noc_ifmap = 1,
                            .noc_psum = 2,
                            .glb_filter_read = 2,
                            .glb_ofmap_write = 2,
                            .dram_filter_read = 4,
                            .dram_ofmap_write = 1,
                            .vector = 6};
  Architecture arch;
  arch.energy = table;
  const EnergyBreakdown energy = energy_of(counts, Cycles(7), energies_of(arch, Precision::int16));
  CHECK(energy.mac == Energy(1));
  CHECK(energy.rf == Energy(20));
  CHECK(energy.noc == Energy(300));
  CHECK(energy.glb == Energy(4000));
  CHECK(energy.dram == Energy(50000));
  CHECK(energy.vector == Energy(600000));
  CHECK(energy.leakage == Energy(7000000));
  CHECK(energy.total() == Energy(7654321));
}

TEST_CASE("Skipped MACs, utilisation and rates follow from a layer's counts and cycles") {
  const Architecture arch = sample_architecture();
  const LayerStats layer = sample_conv(arch);
  CHECK(layer.macs == Macs(19440));
  CHECK(layer.macs_skipped == Macs(440));
  CHECK(layer.utilization == Approx(19000.0 / (32 * 1100)));
  CHECK(layer.roofline.attained_macs_per_cycle == Approx(19000.0 / 1100));
  CHECK(layer.roofline.macs_per_dram_byte == Approx(19000.0 / 2220));
  CHECK(layer.roofline.macs_per_glb_byte == Approx(19000.0 / 5000));
}

TEST_CASE("The bound is the lowest roof, and the roof is never below the attained rate") {
  Architecture arch = sample_architecture();
  LayerStats layer = sample_conv(arch);
  CHECK(layer.roofline.bound == Bound::compute);
  CHECK(layer.roofline.roof_macs_per_cycle == Approx(32));

  SECTION("DRAM: 8 B/cycle and 2 MACs a byte are 16 MACs/cycle") {
    layer.bytes.dram_read = Bytes(9500 - 720);
    layer.cycles.dram_stall += Cycles(500);
    derive(layer, arch);
    CHECK(layer.roofline.bound == Bound::dram);
    CHECK(layer.roofline.roof_macs_per_cycle == Approx(16));
  }
  SECTION("Buffer: 8000 psums through a port of 8 words take 1000 cycles") {
    arch.global_buffer.psum_in_words_per_cycle = 8;
    layer.ports.psum_in = 8000;
    derive(layer, arch);
    CHECK(layer.roofline.bound == Bound::glb);
    CHECK(layer.roofline.roof_macs_per_cycle == Approx(19));
  }
  CHECK(layer.roofline.roof_macs_per_cycle >= layer.roofline.attained_macs_per_cycle);
}

TEST_CASE(
    "A layer of the vector unit has no MAC rates, and its bound is that of its lanes or its "
    "traffic") {
  const LayerStats pool = sample_pool(sample_architecture());
  CHECK(pool.utilization == 0);
  CHECK(pool.roofline.attained_macs_per_cycle == 0);
  CHECK(pool.roofline.roof_macs_per_cycle == 0);
  CHECK(pool.roofline.bound == Bound::dram);
}

TEST_CASE("A layer without work divides by nothing") {
  LayerStats layer;
  derive(layer, sample_architecture());
  CHECK(layer.utilization == 0);
  CHECK(layer.energy.total() == Energy(0));
  CHECK(layer.roofline.macs_per_dram_byte == 0);
  CHECK(layer.roofline.roof_macs_per_cycle == 0);
}

TEST_CASE("The total of a run is the sum of its layers, with rates of the whole") {
  const RunStats run = sample_run();
  const LayerStats total = total_of(run);
  CHECK(total.name == "total");
  CHECK(total.macs == Macs(19440));
  CHECK(total.macs_skipped == Macs(440));
  CHECK(total.parameters == 224);
  CHECK(total.cycles.total() == Cycles(1300));
  CHECK(total.accesses.vector == 2880);
  CHECK(total.bytes.glb_write == Bytes(2160));
  CHECK(total.energy.total() == run.layers[0].energy.total() + run.layers[1].energy.total());
  CHECK(total.utilization == Approx(19000.0 / (32 * 1300)));
  CHECK(total.check.compared == 880);
  CHECK(total.check.passed());
}

TEST_CASE("The total names the first layer that differs, and its first wrong element") {
  RunStats run = sample_run();
  run.layers[0].check = {720, 2, 1.0, "ofmap[0,0,0,1] is 5, expected 7"};
  run.layers[1].check = {160, 1, 3.0, "ofmap[0,0,2,1] is 1, expected 4"};
  const TensorCheck check = total_of(run).check;
  CHECK(check.mismatches == 3);
  CHECK(check.max_abs_error == 3.0);
  CHECK(check.first_mismatch == "conv1: ofmap[0,0,0,1] is 5, expected 7");
}

TEST_CASE("A run without layers has a total of nothing") {
  RunStats run = sample_run();
  run.layers.clear();
  CHECK(total_of(run).cycles.total() == Cycles(0));
  CHECK(total_of(run).utilization == 0);
}

}  // namespace
}  // namespace ridgeline
