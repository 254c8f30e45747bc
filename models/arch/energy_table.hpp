#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "models/arch/precision.hpp"
#include "models/base/units.hpp"

/// What actions cost, as a table says it: numbers with their unit, source and technology. What they
/// come to on a machine, with its buffer sizes and word widths, are Energies (energies.hpp).
///
/// Actions have paths: "rf" is every access to a register file, "rf.filter" those to filter words,
/// "rf.filter.read" one of them. An entry holds for its path and all below it that have no entry
/// of their own; where none holds, the plain number of the component does.
namespace ridgeline {

/// A process and its supply, where a source names them.
struct Technology {
  double nm = 0;
  std::optional<double> volts{};

  bool operator==(const Technology&) const = default;
};

/// The same for a word of any width, or for an action that moves no word.
struct PerAction {
  double energy = 0;
  bool operator==(const PerAction&) const = default;
};

/// For each bit of a word.
struct PerBit {
  double energy = 0;
  bool operator==(const PerBit&) const = default;
};

/// A wire: for each bit and millimetre, and the millimetres of a hop from one PE to the next.
struct PerBitAndMillimetre {
  double energy = 0;
  double mm = 1;
  bool operator==(const PerBitAndMillimetre&) const = default;
};

/// Datapaths of different widths.
struct ByPrecision {
  double int8 = 0, int16 = 0, fp32 = 0;

  [[nodiscard]] double of(Precision precision) const {
    return precision == Precision::int8 ? int8 : precision == Precision::int16 ? int16 : fp32;
  }
  bool operator==(const ByPrecision&) const = default;
};

/// How a curve goes from one of its points to the next, and on beyond the last.
enum class Between {
  linear,
  power  ///< energy = c x bytes^e, a straight line on logarithmic scales
};

/// A memory's access energy over its size: at least two points, sizes ascending, energies not
/// descending, and above zero. They hold for accesses of `bits`; others cost in proportion.
struct SizeCurve {
  std::vector<std::pair<Bytes, double>> points{};
  int bits = 16;
  Between between = Between::linear;

  /// Of one bit in a memory of this size. Before the first point and behind the last one the
  /// nearest segment goes on, but never below zero.
  [[nodiscard]] double per_bit(Bytes size) const;
  bool operator==(const SizeCurve&) const = default;
};

/// Static power of the machine; only for "leakage", in pJ tables.
struct Milliwatts {
  double power = 0;
  bool operator==(const Milliwatts&) const = default;
};

using EnergyForm =
    std::variant<PerAction, PerBit, PerBitAndMillimetre, ByPrecision, SizeCurve, Milliwatts>;

struct EnergyEntry {
  std::string action{};  ///< its path
  EnergyForm form{};
  std::string source{};                    ///< empty: the table's
  std::optional<Technology> technology{};  ///< none: the table's

  bool operator==(const EnergyEntry&) const = default;
};

/// What a component takes up, each of its instances; known of tables that come with an ART.
struct ComponentArea {
  std::string component{};
  double square_micrometres = 0;

  bool operator==(const ComponentArea&) const = default;
};

/// Cost of one access or action, all in `unit`. The plain numbers hold for a word of any width.
struct EnergyTable {
  std::string name{};
  std::string source{};
  std::string unit{};  ///< "pJ", or "MAC" for a normalised table
  std::optional<Technology> technology{};
  double mac = 1;
  double mac_gated = 0;          ///< a MAC that is gated: nothing switches in its datapath
  double rf = 1;                 ///< register file, a word read or written
  double noc = 2;                ///< a word moved from one PE to the next
  double glb = 6;                ///< global buffer, a word read or written
  double dram = 200;             ///< a word read or written
  double vector = 1;             ///< one operation of a vector lane
  double leakage_per_cycle = 0;  ///< of the whole machine, its clock network too
  std::vector<EnergyEntry> entries{};
  std::vector<ComponentArea> areas{};

  bool operator==(const EnergyTable&) const = default;
};

/// Every path that an entry may have, a component before its parts.
[[nodiscard]] const std::vector<std::string>& energy_actions();
/// The entry that holds for the path, or null.
[[nodiscard]] const EnergyEntry* entry_for(const EnergyTable& table, std::string_view action);

/// The table at another technology, every on-chip number multiplied by the ratio of energy factors
/// (technology_scaling.hpp); DRAM stays, and areas are dropped. Its source says so.
/// @throws std::invalid_argument with a sentence if the table cannot be scaled there: it is
/// normalised, names no technology or no voltage, or a node is beyond the formula's.
[[nodiscard]] EnergyTable scaled_to(const EnergyTable& table, const Technology& technology);

}  // namespace ridgeline
