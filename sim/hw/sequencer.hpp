#pragma once

#include <deque>
#include <systemc>

#include "sim/hw/dram.hpp"
#include "sim/hw/global_buffer.hpp"
#include "sim/hw/job.hpp"

namespace ridgeline::sim {

/// Runs the submitted layers one after another: prepares buffer and DRAM timing, tells every unit,
/// waits until the last ofmap tile is stored, and closes the layer's timeline.
class Sequencer : public sc_core::sc_module {
 public:
  sc_core::sc_fifo_out<const LayerJob*> load{"load"}, array{"array"}, vector{"vector"},
      store{"store"};
  sc_core::sc_fifo_in<const LayerJob*> done{"done"};

  Sequencer(sc_core::sc_module_name name, GlobalBuffer& buffer, DramTarget& dram);

  /// From outside the simulation, between two calls of sc_start().
  void submit(const LayerJob& job);
  [[nodiscard]] std::size_t unfinished() const { return queue_.size(); }

 private:
  void run();
  void run_layer(const LayerJob& job);

  GlobalBuffer& buffer_;
  DramTarget& dram_;
  std::deque<const LayerJob*> queue_;
  sc_core::sc_event submitted_;
};

}  // namespace ridgeline::sim
