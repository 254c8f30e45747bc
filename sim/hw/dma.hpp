#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <systemc>

#include "sim/hw/dram.hpp"
#include "sim/hw/global_buffer.hpp"
#include "sim/hw/job.hpp"
#include "sim/hw/progress.hpp"

namespace ridgeline::sim {

/// Brings tiles from DRAM into free halves of the global buffer, as far ahead as halves are free.
/// On a double-buffered machine it goes on with the next layer while the last tiles of a layer are
/// in work: with its filters at once, with its ifmap when that is complete.
class LoadDma : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<LoadDma> dram{"dram"};
  sc_core::sc_fifo_in<const LayerJob*> jobs{"jobs"};
  sc_core::sc_fifo_out<TileToken> tiles{"tiles"};  ///< to the array, in order

  LoadDma(sc_core::sc_module_name name, GlobalBuffer& buffer, Progress& progress,
          Timeline& timeline);
  [[nodiscard]] const Activity& activity() const { return activity_; }

 private:
  void run();
  void load_layer(const LayerJob& job);
  void load_tile(const LayerJob& job, const Tile& tile, TileToken& token);
  void load_ifmap(const LayerJob& job, const Tile& tile, TileToken& token);
  void load_filters(const LayerJob& job, const Tile& tile, TileToken& token);
  void load_residual(const LayerJob& job, const Tile& tile, TileToken& token);
  void load_records(const LayerJob& job, Range channels, std::span<std::byte> to, TileToken& token);
  /// One request, which fills `half`; raises the token's time of readiness.
  void request(const LayerJob& job, std::int64_t address, BlockTransfer block, Track half,
               std::span<std::byte> to, Precision words, TileToken& token);
  int take(HalfPool& pool, const char* what);

  GlobalBuffer& buffer_;
  Progress& progress_;
  Timeline& timeline_;
  Cycles bus_free_;
  Activity activity_{.unit = "load DMA"};
};

/// Takes finished ofmap tiles from the global buffer to DRAM, unless the ofmap stays in the buffer,
/// and frees their halves. The last of a layer completes it.
class StoreDma : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<StoreDma> dram{"dram"};
  sc_core::sc_fifo_in<const LayerJob*> jobs{"jobs"};
  sc_core::sc_fifo_in<TileToken> tiles{"tiles"};

  StoreDma(sc_core::sc_module_name name, GlobalBuffer& buffer, Progress& progress,
           Timeline& timeline);
  [[nodiscard]] const Activity& activity() const { return activity_; }

 private:
  void run();
  void store_tile(const LayerJob& job, const TileToken& token);

  GlobalBuffer& buffer_;
  Progress& progress_;
  Timeline& timeline_;
  Activity activity_{.unit = "store DMA"};
};

}  // namespace ridgeline::sim
