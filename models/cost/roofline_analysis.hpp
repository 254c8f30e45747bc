#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "models/cost/energy_roofline.hpp"
#include "models/cost/run_stats.hpp"

/// A run under its roofs: for each layer how fast every part of the machine would let it be, how
/// fast it was, and where the rest went. Plain values, worked out from RunStats; reports draw them.
///
/// Hierarchical roofline (Williams, Waterman and Patterson, CACM 52(4), 2009; one intensity and one
/// roof a memory level as Yang, Kurth and Williams, Concurrency and Computation 32(20), 2020, eq.
/// 1): P <= min(P_peak, min over levels of BW_level x AI_level). Work is executed MACs, skipped
/// ones are none; rates are a cycle, intensities a byte.
namespace ridgeline {

/// The parts of the machine that a layer's work passes through, each of which is a roof. Where two
/// are equally low, the earlier one is said to bind.
enum class Roof {
  pe_array,     ///< one MAC a PE a cycle
  vector_unit,  ///< one operation a lane a cycle
  dram,         ///< reads and writes share the bus
  ifmap_port,   ///< of the global buffer, for the array
  filter_port,
  psum_in_port,
  psum_out_port,
  register_file  ///< what the MACs of all PEs read and write
};
/// "pe_array", "ifmap_port": as in JSON and CSV.
[[nodiscard]] std::string_view roof_name(Roof roof);
/// "PE array", "ifmap port": for people.
[[nodiscard]] std::string_view roof_label(Roof roof);

/// The roofs that bytes go through, outermost first.
inline constexpr std::array kMemoryRoofs{Roof::dram,          Roof::ifmap_port,
                                         Roof::filter_port,   Roof::psum_in_port,
                                         Roof::psum_out_port, Roof::register_file};
inline constexpr std::size_t kMemoryLevels = kMemoryRoofs.size();

/// Words that a PE's MAC takes from and gives to its register file in a cycle, at most: ifmap word,
/// filter word and psum in, psum out.
inline constexpr int kRegisterReadsPerMac = 3, kRegisterWritesPerMac = 1;

/// A slanted roof of the machine, for words of the run's precision.
struct MemoryLevel {
  Roof roof = Roof::dram;
  double bytes_per_cycle = 0;
  double ridge_macs_per_byte = 0;  ///< from here on the array's peak is lower: peak / bandwidth
};

/// A layer at one memory level.
struct LevelPoint {
  double bytes = 0;             ///< moved through the level
  double compulsory_bytes = 0;  ///< that any mapping moves; 0 for the register file
  double cycles = 0;            ///< that `bytes` need: no run of this mapping is faster
  /// MACs / bytes. None for a layer that has no MACs or moves nothing here.
  std::optional<double> macs_per_byte{};
  /// MACs / compulsory bytes: the most that any mapping could have. None where nothing has to move.
  std::optional<double> optimal_macs_per_byte{};
  /// Of this level and the array's peak, at the layer's intensity.
  double roof_macs_per_cycle = 0;
};

/// From the peak to what was attained, in PE-cycles: PEs x cycles of the array's time. The losses
/// and `macs` add up to `peak` exactly.
struct LossWaterfall {
  std::int64_t peak = 0;             ///< PEs x (cycles and overlapped cycles)
  std::int64_t idle_pes = 0;         ///< of edge tiles and passes, while others multiply
  std::int64_t fill_drain = 0;       ///< operands on their way in, results on their way out
  std::int64_t stationary_load = 0;  ///< waiting for the stationary operand
  std::int64_t glb_stall = 0;        ///< a buffer port too narrow for the pass
  std::int64_t dram_stall = 0;       ///< waiting for DRAM
  std::int64_t vector_stall = 0;     ///< waiting for the vector unit, or its own layers
  std::int64_t overlapped = 0;       ///< beside other layers (LayerStats::overlapped); 0 in a total
  std::int64_t macs = 0;             ///< what is left: executed MACs

  /// The losses, in order: (name, label, member).
  static constexpr auto losses() {
    struct Field {
      const char* name;
      const char* label;
      std::int64_t LossWaterfall::*member;
    };
    return std::array<Field, 7>{
        {{"idle_pes", "idle PEs", &LossWaterfall::idle_pes},
         {"fill_drain", "fill and drain", &LossWaterfall::fill_drain},
         {"stationary_load", "stationary loads", &LossWaterfall::stationary_load},
         {"glb_stall", "buffer stalls", &LossWaterfall::glb_stall},
         {"dram_stall", "DRAM stalls", &LossWaterfall::dram_stall},
         {"vector_stall", "vector unit", &LossWaterfall::vector_stall},
         {"overlapped", "beside other layers", &LossWaterfall::overlapped}}};
  }
  bool operator==(const LossWaterfall&) const = default;
};

/// A layer, or the whole run, under every roof.
struct RooflineLayer {
  std::string name;
  std::string op{};        ///< layer_kind_name; empty for the total
  std::string dataflow{};  ///< "vector" for layers of the vector unit; empty for the total
  std::int64_t macs = 0;   ///< executed; layers of the vector unit have none
  std::int64_t vector_operations = 0;
  /// That the roofs hold for: own and overlapped ones of a layer, own ones of the run.
  Cycles cycles{};
  double pe_array_cycles = 0;                      ///< macs / PEs
  double vector_unit_cycles = 0;                   ///< operations / lanes
  std::array<LevelPoint, kMemoryLevels> levels{};  ///< as kMemoryRoofs
  Roof bound = Roof::pe_array;
  double roof_cycles = 0;              ///< of the binding roof: the slowest part of the machine
  double roof_macs_per_cycle = 0;      ///< the lowest roof at the layer's intensities
  double attained_macs_per_cycle = 0;  ///< never above it
  double percent_of_roof = 0;          ///< 100 x roof_cycles / cycles; 0 for a layer without cycles
  double headroom_cycles = 0;          ///< cycles - roof_cycles
  LossWaterfall waterfall{};
  EnergyPoint energy{};

  [[nodiscard]] const LevelPoint& at(Roof memory_roof) const;
};

/// What a micro-benchmark on the simulator attained (sim/cli/measured_roofs.hpp).
struct MeasuredRoof {
  Roof roof = Roof::pe_array;
  double theoretical = 0;  ///< `unit` a cycle
  double measured = 0;
  std::string unit{};       ///< "MACs", "operations", "bytes"
  std::string benchmark{};  ///< the layer that came nearest, as a text
};

struct RooflineAnalysis {
  std::string arch;
  std::string network;
  std::string engine;  ///< as RunStats has it
  Precision precision = Precision::int8;
  Hertz clock{};
  double peak_macs_per_cycle = 0;  ///< PEs
  double peak_vector_operations_per_cycle = 0;
  std::array<MemoryLevel, kMemoryLevels> levels{};  ///< as kMemoryRoofs
  std::vector<RooflineLayer> layers{};
  RooflineLayer total{};
  EnergyRoofline energy{};
  std::vector<MeasuredRoof> measured{};  ///< empty unless they were asked for
};

/// A layer above a roof of the machine, or losses that are negative: a mistake of ours, never of
/// the user's. what() names the layer, the roof and both numbers.
class RooflineViolation : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// @throws RooflineViolation
[[nodiscard]] RooflineAnalysis analyse_roofline(const RunStats& run);

}  // namespace ridgeline
