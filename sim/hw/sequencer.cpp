#include "sim/hw/sequencer.hpp"

#include "sim/hw/clock.hpp"

namespace ridgeline::sim {

Sequencer::Sequencer(sc_core::sc_module_name name, GlobalBuffer& buffer, DramTarget& dram)
    : sc_module(name), buffer_(buffer), dram_(dram) {
  SC_HAS_PROCESS(Sequencer);
  SC_THREAD(run);
}

void Sequencer::submit(const LayerJob& job) {
  queue_.push_back(&job);
  submitted_.notify(sc_core::SC_ZERO_TIME);
}

void Sequencer::run() {
  for (;;) {
    while (queue_.empty()) sc_core::wait(submitted_);
    run_layer(*queue_.front());
    queue_.pop_front();
  }
}

void Sequencer::run_layer(const LayerJob& job) {
  buffer_.prepare(job);
  dram_.configure(job.arch->dram);
  Measurement& measured = *job.measured;
  measured = Measurement();
  measured.timeline.start(now());
  for (auto* unit : {&load, &array, &vector, &store}) (*unit)->write(&job);
  done.read();
  // What remains after the timeline's owner was done: the vector unit, then the last store.
  measured.timeline.spend(&CycleBreakdown::vector_stall, measured.vector_finished);
  measured.timeline.spend(&CycleBreakdown::dram_stall, now());
}

}  // namespace ridgeline::sim
