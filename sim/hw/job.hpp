#pragma once

#include <optional>
#include <ostream>
#include <vector>

#include "models/cost/run_stats.hpp"
#include "models/cost/zero_weights.hpp"
#include "models/mapping/buffer_plan.hpp"
#include "models/mapping/dataflow.hpp"
#include "models/mapping/mapping.hpp"
#include "models/mapping/tile.hpp"
#include "models/numeric/workload.hpp"
#include "sim/hw/trace_notes.hpp"

/// What the units of the accelerator are told, and what they hand each other.
namespace ridgeline::sim {

/// Where a tensor lies, in DRAM or, whole, in the global buffer: a run of channels of a stored
/// tensor.
struct TensorPlace {
  std::int64_t address = 0;  ///< of the stored tensor's first byte
  TensorShape stored;
  int channel_offset = 0;
  Precision precision = Precision::int8;  ///< of its words
  double coded_ratio = 1;  ///< length in DRAM, as a part of the plain one (dram_cost.hpp)
  /// The stored tensor if it stays in the global buffer; the address counts from its first byte.
  std::optional<TensorId> on_chip{};
};

/// A stored tensor that stays in the global buffer.
struct ResidentMap {
  TensorId tensor = 0;
  Bytes bytes{0};
  Bytes held{0};  ///< in whole banks
};

/// What the units measured while they ran one layer.
struct Measurement {
  CycleBreakdown cycles;
  Cycles accounted;                                ///< end of the last of them
  Cycles overlapped;                               ///< see LayerStats
  std::vector<std::pair<Cycles, Cycles>> early{};  ///< bus times before the layer's own begins
  Cycles vector_finished;  ///< when the vector unit was done with the last tile
  AccessCounts counts;
  Bytes dram_read, dram_write;
  PortWords ports;                ///< of the array; part of counts
  std::int64_t vector_psums = 0;  ///< read by the vector unit; part of counts
};

/// One layer for the accelerator: a value, complete, that no unit changes. The tiles are listed
/// twice because the DMA that loads and the units that work and store follow their own list, as
/// real descriptor rings do.
struct LayerJob {
  const Architecture* arch = nullptr;
  int index = 0;   ///< in the run
  int needs = -1;  ///< the last layer before it that writes what it reads; -1 if none does
  LoweredLayer layer;
  const LayerParameters* parameters = nullptr;  ///< null without data
  LayerPrecision precision = Precision::int8;
  Mapping mapping;
  PassExtent pass{};  ///< of layers on the array
  BufferPlan plan;
  std::vector<Tile> loads{};
  std::vector<Tile> tiles{};
  TensorPlace input{}, output{}, residual{};
  Residency residency{};
  std::vector<ResidentMap> keeps{};  ///< maps that stay in the buffer from this layer on
  Bytes frees{0};                    ///< of maps that stayed, and that nobody reads after it
  std::int64_t filters_address = 0, records_address = 0;
  const ZeroWeights* zeros = nullptr;
  bool data = false;
  Measurement* measured = nullptr;
  TraceNotes trace{};
};

/// The track of half 0 or 1 of an operand of the layer; the operand's first track is given.
[[nodiscard]] inline Track half_track(const LayerJob& job, Track first, int half) {
  return static_cast<Track>(static_cast<int>(first) + 2 * (job.index % 2) + half);
}

/// A tile on its way through the units, with the halves of the buffer that hold its operands.
struct TileToken {
  int tile = 0;
  int ifmap_half = 0, filter_half = 0, residual_half = 0, ofmap_half = 0;
  Cycles ready;  ///< when its last word has arrived
};
/// sc_fifo asks for it.
inline std::ostream& operator<<(std::ostream& out, const TileToken& token) {
  return out << "tile " << token.tile;
}

/// What a unit is waiting for, so that a machine that starves can say so.
struct Activity {
  const char* unit = "";
  const char* waiting_for = "a layer";
  int tile = 0;
};

}  // namespace ridgeline::sim
