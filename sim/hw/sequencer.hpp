#pragma once

#include <deque>
#include <systemc>

#include "sim/hw/dram.hpp"
#include "sim/hw/global_buffer.hpp"
#include "sim/hw/job.hpp"
#include "sim/hw/progress.hpp"

namespace ridgeline::sim {

/// Gives the submitted layers to the units in order, at most two at a time: the one that runs, and
/// the next, whose first tiles may come early.
class Sequencer : public sc_core::sc_module {
 public:
  sc_core::sc_fifo_out<const LayerJob*> load{"load"}, array{"array"}, vector{"vector"},
      store{"store"};

  Sequencer(sc_core::sc_module_name name, GlobalBuffer& buffer, DramTarget& dram,
            Progress& progress, Timeline& timeline);

  /// From outside the simulation, between two calls of sc_start().
  void submit(const LayerJob& job);

 private:
  void run();
  void start_run(const Architecture& arch);

  GlobalBuffer& buffer_;
  DramTarget& dram_;
  Progress& progress_;
  Timeline& timeline_;
  std::deque<const LayerJob*> queue_;
  sc_core::sc_event submitted_;
};

}  // namespace ridgeline::sim
