#pragma once

#include <systemc>

#include "sim/hw/global_buffer.hpp"
#include "sim/hw/job.hpp"
#include "sim/hw/progress.hpp"

namespace ridgeline::sim {

/// The vector unit, one wait a tile: it finishes the array's ofmap tiles and runs the layers that
/// the array cannot. What it computes is in vector_datapath.hpp.
class VectorUnitModule : public sc_core::sc_module {
 public:
  sc_core::sc_fifo_in<const LayerJob*> jobs{"jobs"};
  sc_core::sc_fifo_in<TileToken> tiles{"tiles"};
  sc_core::sc_fifo_out<TileToken> finished{"finished"};  ///< to the store DMA

  VectorUnitModule(sc_core::sc_module_name name, GlobalBuffer& buffer, Progress& progress,
                   Timeline& timeline);
  [[nodiscard]] const Activity& activity() const { return activity_; }

 private:
  void run();
  void run_layer(const LayerJob& job);
  void finish_array_tile(const LayerJob& job, const Tile& tile, const TileToken& token);
  void run_own_tile(const LayerJob& job, const Tile& tile, TileToken& token);
  void work(const LayerJob& job, std::int64_t words);

  GlobalBuffer& buffer_;
  Progress& progress_;
  Timeline& timeline_;
  Activity activity_{.unit = "vector unit"};
};

}  // namespace ridgeline::sim
