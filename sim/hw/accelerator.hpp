#pragma once

#include <string>
#include <systemc>

#include "sim/hw/dma.hpp"
#include "sim/hw/dram.hpp"
#include "sim/hw/global_buffer.hpp"
#include "sim/hw/pe_array.hpp"
#include "sim/hw/sequencer.hpp"
#include "sim/hw/vector_unit.hpp"

namespace ridgeline::sim {

/// The whole machine:
///
///   DRAM <-> load DMA -> global buffer -> PE array -> vector unit -> store DMA -> DRAM
///
/// The units hand on tokens of tiles; the words lie in DRAM and in the global buffer. Its structure
/// does not depend on any architecture, so one elaborated machine runs every job.
class Accelerator : public sc_core::sc_module {
 public:
  explicit Accelerator(sc_core::sc_module_name name);

  /// Queues a layer; it runs during the next sc_start().
  void submit(const LayerJob& job) { sequencer_.submit(job); }
  /// Whether that layer of the run is done.
  [[nodiscard]] bool finished(int layer) const { return progress_.stored.passed_by(layer); }
  /// Who waits for what: one line a unit.
  [[nodiscard]] std::string describe_waits() const;
  [[nodiscard]] std::vector<std::byte>& memory() { return dram_.memory; }
  /// See GlobalBuffer::kept.
  [[nodiscard]] const std::vector<std::byte>* kept(TensorId tensor) const {
    return buffer_.kept(tensor);
  }

 private:
  Progress progress_;
  Timeline timeline_;
  DramTarget dram_;
  GlobalBuffer buffer_;
  LoadDma load_;
  PeArrayUnit array_;
  VectorUnitModule vector_;
  StoreDma store_;
  Sequencer sequencer_;
  sc_core::sc_fifo<const LayerJob*> load_jobs_{1}, array_jobs_{1}, vector_jobs_{1}, store_jobs_{1};
  sc_core::sc_fifo<TileToken> loaded_{2}, computed_{2}, finished_{2};
};

}  // namespace ridgeline::sim
