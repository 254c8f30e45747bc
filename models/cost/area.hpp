#pragma once

#include "models/arch/architecture.hpp"
#include "models/arch/precision.hpp"

/// A proxy for the silicon area of PE array and on-chip memories, to weigh designs against each
/// other; no floor plan, no wires, no control. At 45 nm:
/// - a multiplier and an adder that accumulates: M. Horowitz, Computing's Energy Problem (and what
///   we can do about it), ISSCC 2014 (recalled): int8 282 + 137 um^2, int16 by the square of the
///   width 1,128 + 137, fp32 7,700 + 4,184.
/// - SRAM 0.7 um^2 a bit: a cell of 0.35 um^2 with as much again around it (assumed).
/// - register files of PEs 1.4 um^2 a bit: small arrays of two ports, twice that (assumed).
/// The vector unit's lanes count as one multiplier and adder each.
namespace ridgeline {

/// What the area proxy counts.
struct Area {
  double arithmetic_mm2 = 0;      ///< MACs of the array, lanes of the vector unit
  double register_files_mm2 = 0;  ///< of the PEs
  double buffer_mm2 = 0;
  [[nodiscard]] double total_mm2() const {
    return arithmetic_mm2 + register_files_mm2 + buffer_mm2;
  }
};
[[nodiscard]] Area area_of(const Architecture& arch, Precision precision);

/// Bytes of the global buffer and of the buffer for filters.
[[nodiscard]] Bytes buffer_bytes(const Architecture& arch);
/// Bytes of the register file in one PE: for each operand what that one of the dataflows offered
/// needs (Dataflow::register_words) that needs most, and a word that is preloaded.
[[nodiscard]] Bytes register_file_bytes(const Architecture& arch, Precision precision);

}  // namespace ridgeline
