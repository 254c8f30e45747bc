#pragma once

#include <systemc>

#include "models/cost/pass_cost.hpp"
#include "models/numeric/tile_datapath.hpp"
#include "sim/hw/global_buffer.hpp"
#include "sim/hw/job.hpp"
#include "sim/hw/progress.hpp"

namespace ridgeline::sim {

/// The PE array, one wait a pass. How long a pass takes is decided by the dataflow, what it
/// computes by TileDatapath; this module owns time, order and the halves of the buffer. Tiles of
/// the vector unit's own layers pass through untouched.
class PeArrayUnit : public sc_core::sc_module {
 public:
  sc_core::sc_fifo_in<const LayerJob*> jobs{"jobs"};
  sc_core::sc_fifo_in<TileToken> tiles{"tiles"};         ///< from the load DMA
  sc_core::sc_fifo_out<TileToken> finished{"finished"};  ///< ofmap tiles, to the vector unit

  PeArrayUnit(sc_core::sc_module_name name, GlobalBuffer& buffer, Progress& progress,
              Timeline& timeline);
  [[nodiscard]] const Activity& activity() const { return activity_; }

 private:
  void run();
  void run_layer(const LayerJob& job);
  void begin_ofmap_tile(const LayerJob& job, const Tile& tile, TileToken& token);
  /// The halves that no later tile uses.
  void give_back(const LayerJob& job, const Tile& tile, const TileToken& token);
  void take_operands(const LayerJob& job, const Tile& tile, const TileToken& token);
  /// One wait a pass; counts its accesses.
  void spend_passes(const LayerJob& job, const PassSequence& passes);
  /// The numbers of the passes that were spent.
  void compute_passes(const LayerJob& job, const Tile& tile, const TileToken& token);

  GlobalBuffer& buffer_;
  Progress& progress_;
  Timeline& timeline_;
  TileDatapath datapath_;
  std::vector<Pass> passes_;  ///< of the tile, with data
  Activity activity_{.unit = "PE array"};
};

}  // namespace ridgeline::sim
