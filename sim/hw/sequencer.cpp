#include "sim/hw/sequencer.hpp"

#include "sim/hw/clock.hpp"

namespace ridgeline::sim {

Sequencer::Sequencer(sc_core::sc_module_name name, GlobalBuffer& buffer, DramTarget& dram,
                     Progress& progress, Timeline& timeline)
    : sc_module(name), buffer_(buffer), dram_(dram), progress_(progress), timeline_(timeline) {
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
    const LayerJob& job = *queue_.front();
    queue_.pop_front();
    if (job.index == 0) start_run(*job.arch);
    progress_.stored.wait_for(job.index - 2);
    *job.measured = Measurement();
    buffer_.prepare(job);
    for (auto* unit : {&load, &array, &vector, &store}) (*unit)->write(&job);
  }
}

void Sequencer::start_run(const Architecture& arch) {
  buffer_.reset(arch);
  dram_.configure(arch.dram);
  progress_.reset();
  timeline_.start(now());
}

}  // namespace ridgeline::sim
