#include "models/arch/accelergy.hpp"

#include "models/cost/energies.hpp"
#include "sim/cli/configs.hpp"
#include "sim/papers/papers.hpp"
#include "sim/run.hpp"

/// Reference outputs of Timeloop and Accelergy (github.com/Accelergy-Project/
/// timeloop-accelergy-exercises at 2d55108): example designs on their default problem and on layer
/// 5 of VGG-16 (06-mapper), and the ERT of the tutorial's Eyeriss-like design. What must hold
/// whatever the mapper chose: cycles times PEs in use are the MACs, traffic where everything fits
/// is compulsory, and counts times the ERT are the energy.
namespace ridgeline::papers {
namespace {

using reports::Figure;
using reports::Tolerance;

constexpr Tolerance kExact;
constexpr Tolerance kHundredths{.absolute = 0.005};

/// A buffer of 16 MiB.
constexpr Bytes kForAllOperands{std::int64_t{1} << 24};

struct Problem {
  const char* name;
  int C, M, H, stride;
};
constexpr Problem kDefault{"default problem", 3, 32, 225, 2};
constexpr Problem kVgg{"VGG-16 layer 5", 128, 256, 58, 1};

LayerStats run_problem(const Architecture& arch, const Problem& problem, const char* dataflow,
                       Objective objective) {
  NetworkBuilder net(problem.name, "timeloop-accelergy-exercises",
                     {.C = problem.C, .H = problem.H, .W = problem.H});
  const Window window{.R = 3, .S = 3, .stride = {problem.stride, problem.stride}};
  net.conv("conv", net.input(), {.M = problem.M, .window = window, .bias = false});
  const LoweredNetwork network = lower(std::move(net).build());
  return sim::run_analytic(arch, network, Precision::int8, 1,
                           {.dataflow = dataflow, .objective = objective})
      .layers.front();
}

/// An array of so many PEs that all of them are in use, as in the design's mapping.
Architecture array_of(int rows, int cols) {
  Architecture arch = cli::load_architecture("squeezelerator_16x16");
  arch.pe_array.rows = rows;
  arch.pe_array.cols = cols;
  arch.pe_array.skip_zero_weights = false;
  arch.global_buffer.bytes = kForAllOperands;
  return arch;
}

/// Rows of 14 PEs, as many as the design's mapping uses of its twelve, and the ifmap words that it
/// has in a PE: three of one channel, or of four.
Architecture row_stationary(int rows, int ifmap_words) {
  Architecture arch = cli::load_architecture("eyeriss_v1");
  arch.pe_array.rows = rows;
  arch.pe_array.ifmap_words_per_pe = ifmap_words;
  // The array is what limits it.
  arch.global_buffer = {.bytes = kForAllOperands,
                        .ifmap_words_per_cycle = 64,
                        .filter_words_per_cycle = 64,
                        .psum_in_words_per_cycle = 64,
                        .psum_out_words_per_cycle = 64};
  arch.dram.bytes_per_cycle = 64;
  return arch;
}

void put_cycles(std::vector<Figure>& figures) {
  struct Design {
    const char* name;
    Problem problem;
    double cycles;
    Architecture arch;
    const char* dataflow;
  };
  const Design designs[] = {{"eyeriss_like", kDefault, 86'016, row_stationary(9, 3), "rs"},
                            {"simple_output_stationary", kDefault, 677'376, array_of(4, 4), "os"},
                            {"simple_weight_stationary", kDefault, 903'168, array_of(3, 4), "ws"},
                            {"simba_like", kDefault, 225'792, array_of(3, 16), "ws"},
                            {"eyeriss_like", kVgg, 5'505'024, row_stationary(12, 12), "rs"}};
  for (const Design& design : designs) {
    const LayerStats layer =
        run_problem(design.arch, design.problem, design.dataflow, Objective::latency);
    figures.push_back({{design.name, design.problem.name, "cycles"},
                       design.cycles,
                       static_cast<double>(layer.cycles.compute.count()),
                       kExact});
  }
}

/// Everything is loaded and stored once; our channel records, which they do not have, left out.
void put_traffic(std::vector<Figure>& figures) {
  const LayerStats layer = run_problem(array_of(3, 4), kDefault, "ws", Objective::traffic);
  const std::int64_t records = kDefault.M * channel_record_bytes(Precision::int8).count() /
                               word_bytes(Precision::int8).count();
  const AccessCounts& n = layer.accesses;
  figures.push_back({{"simple_weight_stationary", kDefault.name, "DRAM words"},
                     554'147,
                     static_cast<double>(n.dram_read() + n.dram_write() - records),
                     kExact});
}

/// The design's ERT, and an access of its tutorial's by arguments.
constexpr const char* kErt = R"(ERT:
    version: '0.4'
    tables:
      - name: system_top_level.DRAM[1..1]
        actions:
          - {name: read, arguments: {global_cycle_seconds: 1e-09}, energy: 512.0}
          - {name: write, arguments: {global_cycle_seconds: 1e-09}, energy: 512.0}
      - name: system_top_level.mac[1..168]
        actions:
          - {name: compute, arguments: {}, energy: 0.207692}
      - name: eyeriss_like.PE[0..167].ifmap_spad
        actions:
          - {name: read, arguments: {address_delta: 0, data_delta: 0}, energy: 0.0549}
          - {name: read, arguments: {address_delta: 0, data_delta: 1}, energy: 0.19298}
          - {name: read, arguments: {address_delta: 1, data_delta: 0}, energy: 0.09824}
          - {name: read, arguments: {address_delta: 1, data_delta: 1}, energy: 0.23632}
)";

void put_energy(std::vector<Figure>& figures) {
  constexpr int kWordsOfAccess = 8;  // 64 bits of 8-bit words
  const SourceText ert{"eyeriss_like.yaml", kErt};
  Architecture arch;
  arch.energy =
      parse_accelergy(std::span(&ert, 1), {.components = {{"DRAM", "dram", kWordsOfAccess}},
                                           .arguments = AccelergyArguments{.average = true}});
  const Energies energies = energies_of(arch, Precision::int8);
  struct Run {
    const char* problem;
    std::int64_t macs, dram_words;
    double dram;           ///< fJ a MAC
    double others, total;  ///< fJ a MAC, all of the design
  };
  constexpr double kMac = 207.69;
  for (const Run& run : {Run{kDefault.name, 10'838'016, 572'528, 3380.86,
                             386.77 + 1006.69 + 112.37 + 375.27, 5469.65},
                         Run{kVgg.name, 924'844'032, 14'450'688, 1000.0,
                             478.44 + 1107.5 + 105.92 + 89.47, 2989.02}}) {
    const AccessCounts counts{.mac = run.macs, .dram_ifmap_read = run.dram_words};
    const EnergyBreakdown energy = energy_of(counts, Cycles(0), energies);
    constexpr double kFemto = 1000;
    const auto a_mac = [&](Energy of) {
      return of.count() * kFemto / static_cast<double>(run.macs);
    };
    const auto put = [&](const char* what, double published, double ours) {
      figures.push_back({{"eyeriss_like", run.problem, what}, published, ours, kHundredths});
    };
    put("MAC, fJ/MAC", kMac, a_mac(energy.mac));
    put("DRAM, fJ/MAC", run.dram, a_mac(energy.dram));
    put("total, fJ/MAC", run.total, a_mac(energy.total()) + run.others);
  }
  figures.push_back({{"04_eyeriss_like", "ERT", "ifmap_spad read, average, pJ"},
                     0.14561,
                     energies.rf_ifmap_read,
                     Tolerance{.absolute = 5e-6}});
}

reports::Reproduction figures() {
  reports::Reproduction result{
      .name = {},
      .title = {},
      .source =
          "reference outputs of github.com/Accelergy-Project/timeloop-accelergy-exercises at "
          "2d55108, example designs and ISPASS 2020 tutorial",
      .columns = {"design", "problem", "quantity"},
      .figures = {},
      .notes = {"cycles in which the array multiplies, on an array of as many PEs as the design's "
                "mapping uses: 126, 16, 12, 48 and 168",
                "energies: the design's counts times its ERT, read and multiplied as those of runs "
                "are; the total adds what it publishes of its register files and buffer",
                "DRAM words: nothing is loaded or stored twice; channel records left out"}};
  put_cycles(result.figures);
  put_traffic(result.figures);
  put_energy(result.figures);
  return result;
}

}  // namespace

Paper accelergy() {
  return {"accelergy", "Cycles, traffic and energies of Timeloop's and Accelergy's examples",
          &figures};
}

}  // namespace ridgeline::papers
