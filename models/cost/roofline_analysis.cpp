#include "models/cost/roofline_analysis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "models/mapping/buffer_plan.hpp"

namespace ridgeline {
namespace {

/// Roofs are quotients of doubles; an exactly attained one may round either way.
constexpr double kRounding = 1e-9;

struct RoofText {
  std::string_view name, label;
};
constexpr std::array<RoofText, 8> kRoofTexts{{{"pe_array", "PE array"},
                                              {"vector_unit", "vector unit"},
                                              {"dram", "DRAM"},
                                              {"ifmap_port", "ifmap port"},
                                              {"filter_port", "filter port"},
                                              {"psum_in_port", "psum-in port"},
                                              {"psum_out_port", "psum-out port"},
                                              {"register_file", "register file"}}};

/// How wide the levels are, in words a cycle and bytes a word. Those of DRAM are bytes.
struct Widths {
  std::array<double, kMemoryLevels> words_per_cycle{};
  std::array<double, kMemoryLevels> word_bytes{};
};

Widths widths_of(const Architecture& arch, Precision precision) {
  const GlobalBuffer& glb = arch.global_buffer;
  const auto word = static_cast<double>(word_bytes(precision).count());
  const auto psum = static_cast<double>(buffered_psum_bytes(glb, precision).count());
  constexpr int kAccesses = kRegisterReadsPerMac + kRegisterWritesPerMac;
  return {{arch.dram.bytes_per_cycle, static_cast<double>(glb.ifmap_words_per_cycle),
           static_cast<double>(glb.filter_words_per_cycle),
           static_cast<double>(glb.psum_in_words_per_cycle),
           static_cast<double>(glb.psum_out_words_per_cycle),
           static_cast<double>(kAccesses) * arch.pes()},
          {1, word, word, psum, psum, word}};
}

/// What MACs take from and give to the register files. Loads of a stationary word, windows that
/// shift and psums on their way out can be more than that where zero weights leave few MACs to do:
/// the machine has registers and ports of their own for them.
std::int64_t register_words(const AccessCounts& counts) {
  return std::min(counts.rf_read(), kRegisterReadsPerMac * counts.mac) +
         std::min(counts.rf_write(), kRegisterWritesPerMac * counts.mac);
}

using LevelWords = std::array<std::int64_t, kMemoryLevels>;

LevelWords moved_words(const LayerStats& layer) {
  const PortWords& p = layer.ports;
  const Bytes dram = layer.bytes.dram_read + layer.bytes.dram_write;
  return {dram.count(), p.ifmap, p.filter, p.psum_in, p.psum_out, register_words(layer.accesses)};
}

/// Psums need never come back to the array, and MACs can find all they need in latches.
LevelWords compulsory_words(const LayerStats& layer) {
  const PortWords& p = layer.compulsory.ports;
  return {layer.compulsory.dram.count(), p.ifmap, p.filter, p.psum_in, p.psum_out, 0};
}

LossWaterfall waterfall_of(const LayerStats& layer, Cycles overlapped, std::int64_t pes) {
  const CycleBreakdown& cycles = layer.cycles;
  return {.peak = pes * (cycles.total() + overlapped).count(),
          .idle_pes = pes * cycles.compute.count() - layer.accesses.mac,
          .fill_drain = pes * cycles.fill_drain.count(),
          .stationary_load = pes * cycles.stationary_load.count(),
          .glb_stall = pes * cycles.glb_stall.count(),
          .dram_stall = pes * cycles.dram_stall.count(),
          .vector_stall = pes * cycles.vector_stall.count(),
          .overlapped = pes * overlapped.count(),
          .macs = layer.accesses.mac};
}

/// Intensities and roofs of the levels, whose bytes and cycles are known.
void place_levels(RooflineLayer& layer, double peak) {
  const auto macs = static_cast<double>(layer.macs);
  if (macs <= 0) return;
  for (LevelPoint& level : layer.levels) {
    if (level.bytes > 0) level.macs_per_byte = macs / level.bytes;
    if (level.compulsory_bytes > 0) level.optimal_macs_per_byte = macs / level.compulsory_bytes;
    level.roof_macs_per_cycle = level.cycles > 0 ? std::min(peak, macs / level.cycles) : peak;
  }
}

/// The slowest part of the machine, and what follows from it.
void bind(RooflineLayer& layer) {
  layer.bound = Roof::pe_array;
  layer.roof_cycles = layer.pe_array_cycles;
  const auto consider = [&](Roof roof, double cycles) {
    if (cycles <= layer.roof_cycles) return;
    layer.bound = roof;
    layer.roof_cycles = cycles;
  };
  consider(Roof::vector_unit, layer.vector_unit_cycles);
  for (std::size_t i = 0; i < kMemoryLevels; ++i) consider(kMemoryRoofs[i], layer.levels[i].cycles);
  const auto macs = static_cast<double>(layer.macs);
  const auto cycles = static_cast<double>(layer.cycles.count());
  layer.roof_macs_per_cycle = quotient(macs, layer.roof_cycles);
  layer.attained_macs_per_cycle = quotient(macs, cycles);
  layer.percent_of_roof = 100 * quotient(layer.roof_cycles, cycles);
  layer.headroom_cycles = cycles - layer.roof_cycles;
}

void check(const RooflineLayer& layer) {
  const auto cycles = static_cast<double>(layer.cycles.count());
  if (layer.roof_cycles > cycles * (1 + kRounding)) {
    throw RooflineViolation(
        fmt::format("layer {} lies above its roof: the {} needs {:.6g} cycles, it took {}",
                    layer.name, roof_label(layer.bound), layer.roof_cycles, layer.cycles.count()));
  }
  for (const auto& loss : LossWaterfall::losses()) {
    if (layer.waterfall.*loss.member >= 0) continue;
    throw RooflineViolation(fmt::format("layer {} has a loss of {} PE-cycles: {}", layer.name,
                                        layer.waterfall.*loss.member, loss.label));
  }
}

/// Intensities, bound, rates and the check, of a layer or a total whose sums are known.
void complete(RooflineLayer& layer, double peak) {
  place_levels(layer, peak);
  bind(layer);
  check(layer);
}

RooflineLayer layer_of(const LayerStats& stats, const Architecture& arch) {
  RooflineLayer layer{.name = stats.name,
                      .op = stats.op,
                      .dataflow = stats.dataflow,
                      .macs = stats.accesses.mac,
                      .vector_operations = stats.accesses.vector,
                      .cycles = stats.cycles.total() + stats.overlapped,
                      .waterfall = waterfall_of(stats, stats.overlapped, arch.pes())};
  layer.pe_array_cycles = static_cast<double>(layer.macs) / arch.pes();
  layer.vector_unit_cycles = static_cast<double>(layer.vector_operations) / arch.vector_unit.lanes;
  const Widths widths = widths_of(arch, stats.precision);
  const LevelWords moved = moved_words(stats);
  const LevelWords compulsory = compulsory_words(stats);
  for (std::size_t i = 0; i < kMemoryLevels; ++i) {
    const auto words = static_cast<double>(moved[i]);
    layer.levels[i] = {
        .bytes = words * widths.word_bytes[i],
        .compulsory_bytes = static_cast<double>(compulsory[i]) * widths.word_bytes[i],
        .cycles = words / widths.words_per_cycle[i]};
  }
  complete(layer, arch.pes());
  layer.energy = energy_point_of(stats, layer.roof_cycles);
  return layer;
}

/// Of all layers one after another. Their roofs are added up part by part: each part of the machine
/// must do all of its work within the run. What layers did beside one another counts once.
RooflineLayer total_layer(const RunStats& run, const std::vector<RooflineLayer>& layers) {
  const LayerStats sums = total_of(run);
  RooflineLayer total{.name = sums.name,
                      .macs = sums.accesses.mac,
                      .vector_operations = sums.accesses.vector,
                      .cycles = sums.cycles.total(),
                      .waterfall = waterfall_of(sums, Cycles(0), run.arch.pes())};
  for (const RooflineLayer& layer : layers) {
    total.pe_array_cycles += layer.pe_array_cycles;
    total.vector_unit_cycles += layer.vector_unit_cycles;
    for (std::size_t i = 0; i < kMemoryLevels; ++i) {
      total.levels[i].bytes += layer.levels[i].bytes;
      total.levels[i].compulsory_bytes += layer.levels[i].compulsory_bytes;
      total.levels[i].cycles += layer.levels[i].cycles;
    }
  }
  complete(total, run.arch.pes());
  total.energy = energy_point_of(sums, total.roof_cycles);
  return total;
}

}  // namespace

std::string_view roof_name(Roof roof) {
  return kRoofTexts[static_cast<std::size_t>(roof)].name;
}

std::string_view roof_label(Roof roof) {
  return kRoofTexts[static_cast<std::size_t>(roof)].label;
}

const LevelPoint& RooflineLayer::at(Roof memory_roof) const {
  const auto at = std::ranges::find(kMemoryRoofs, memory_roof);
  assert(at != kMemoryRoofs.end());
  return levels[static_cast<std::size_t>(at - kMemoryRoofs.begin())];
}

RooflineAnalysis analyse_roofline(const RunStats& run) {
  const Architecture& arch = run.arch;
  RooflineAnalysis analysis{
      .arch = arch.name,
      .network = run.network,
      .engine = run.engine,
      .precision = run.precision,
      .clock = arch.clock,
      .peak_macs_per_cycle = static_cast<double>(arch.pes()),
      .peak_vector_operations_per_cycle = static_cast<double>(arch.vector_unit.lanes)};
  const Widths widths = widths_of(arch, run.precision);
  for (std::size_t i = 0; i < kMemoryLevels; ++i) {
    const double bandwidth = widths.words_per_cycle[i] * widths.word_bytes[i];
    analysis.levels[i] = {kMemoryRoofs[i], bandwidth, analysis.peak_macs_per_cycle / bandwidth};
  }
  for (const LayerStats& layer : run.layers) analysis.layers.push_back(layer_of(layer, arch));
  analysis.total = total_layer(run, analysis.layers);
  analysis.energy = energy_roofline_of(total_of(run), arch);
  return analysis;
}

}  // namespace ridgeline
