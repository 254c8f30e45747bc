#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "models/arch/energy_table.hpp"
#include "models/base/integer.hpp"
#include "models/base/units.hpp"

/// The modelled machine, as one resolved value. It is read from JSON once (architecture_json.hpp);
/// nothing below the reader sees JSON or files. Widths are words a cycle, a word being one
/// activation, weight or psum of the run's precision. Members that have no default value say {}, so
/// that a designated initialiser may leave them out.
namespace ridgeline {

/// How operands reach the PEs.
enum class Fabric {
  broadcast,  ///< buses along rows and columns; the sums of a column go down an adder chain
  systolic    ///< operands hop from PE to PE and skew along both axes
};

struct PeArray {
  int rows = 16;
  int cols = 16;
  Fabric fabric = Fabric::broadcast;
  /// The next stationary operand is loaded behind the running pass, into shadow registers.
  bool preload = true;
  int psums_per_pe = 16;          ///< register file words for partial sums, what `os` keeps in a PE
  int ifmap_words_per_pe = 12;    ///< register file words for the sliding window of `rs`
  int filter_words_per_pe = 224;  ///< register file words for the filter rows of `rs`
  /// `os` spends no cycle on a weight that is zero.
  bool skip_zero_weights = true;
  /// A MAC whose ifmap word is zero takes its cycle, but its multiplier does not switch and its
  /// weight is not read out of the PE's register file.
  bool gate_zero_activations = false;
  /// A pass that uses fewer rows or columns than there are takes only as long as those need; if
  /// not, it loads and drains like a full one, as in arrays whose controller knows one size only.
  bool shorten_edge_passes = true;

  bool operator==(const PeArray&) const = default;
};

struct GlobalBuffer {
  Bytes bytes{131072};
  int banks = 1;              ///< an operand takes whole banks, so that units never share one
  bool double_buffer = true;  ///< every tile has two halves: one fills while the other is used
  int ifmap_words_per_cycle = 16;
  int filter_words_per_cycle = 16;
  int psum_in_words_per_cycle = 16;
  int psum_out_words_per_cycle = 16;
  Bytes filter_bytes{0};      ///< a buffer of their own for filters; 0 if they share `bytes`
  Bytes psum_word_bytes{0};   ///< a psum in the buffer; 0 means as wide as it accumulates
  Bytes ifmap_pass_bytes{0};  ///< most that a pass of `rs` reads of an image; 0 means any
  /// An ofmap that fits beside the tiles stays for its readers, where that is no slower.
  bool keep_ofmap_on_chip = false;

  /// What an operand of so many bytes takes up.
  [[nodiscard]] Bytes allocated(Bytes wanted) const {
    if (banks <= 1) return wanted;
    const std::int64_t bank = std::max<std::int64_t>(1, bytes.count() / banks);
    return Bytes(round_up(wanted.count(), bank));
  }
  bool operator==(const GlobalBuffer&) const = default;
};

/// How feature maps are coded in DRAM.
enum class ActivationCoding {
  plain,      ///< word by word
  run_length  ///< zeros as runs (dram_cost.hpp), where that is shorter
};

struct Dram {
  double bytes_per_cycle = 16;
  Cycles latency{100};   ///< once a request; requests pipeline
  int burst_bytes = 32;  ///< each contiguous run occupies the bus for whole bursts
  ActivationCoding activations = ActivationCoding::plain;

  bool operator==(const Dram&) const = default;
};

struct VectorUnit {
  int lanes = 16;  ///< one operation a lane a cycle

  bool operator==(const VectorUnit&) const = default;
};

/// What the choice of mappings minimises.
enum class Objective {
  latency,
  energy,
  edp,     ///< energy x delay
  traffic  ///< words to and from DRAM, zeros and padding included; then latency
};

[[nodiscard]] std::string_view objective_name(Objective objective);

struct Architecture {
  std::string name{};
  std::string summary{};
  std::vector<std::string> source{};       ///< where the numbers come from
  std::vector<std::string> assumptions{};  ///< numbers that no source gives
  Hertz clock{1e9};
  PeArray pe_array{};
  GlobalBuffer global_buffer{};
  Dram dram{};
  VectorUnit vector_unit{};
  std::vector<std::string> dataflows{};  ///< offered; names of dataflow.hpp
  EnergyTable energy{};
  Objective objective = Objective::latency;  ///< of runs that do not ask for one

  [[nodiscard]] int pes() const { return pe_array.rows * pe_array.cols; }
  bool operator==(const Architecture&) const = default;
};

}  // namespace ridgeline
