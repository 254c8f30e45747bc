#include "sim/hw/accelerator.hpp"

#include <fmt/format.h>

namespace ridgeline::sim {

Accelerator::Accelerator(sc_core::sc_module_name name)
    : sc_module(name),
      dram_("dram"),
      buffer_("global_buffer"),
      load_("load_dma", buffer_, progress_, timeline_),
      array_("pe_array", buffer_, progress_, timeline_),
      vector_("vector_unit", buffer_, progress_, timeline_),
      store_("store_dma", buffer_, progress_, timeline_),
      sequencer_("sequencer", buffer_, dram_, progress_, timeline_) {
  load_.dram.bind(dram_.load_port);
  store_.dram.bind(dram_.store_port);
  sequencer_.load(load_jobs_);
  sequencer_.array(array_jobs_);
  sequencer_.vector(vector_jobs_);
  sequencer_.store(store_jobs_);
  load_.jobs(load_jobs_);
  array_.jobs(array_jobs_);
  vector_.jobs(vector_jobs_);
  store_.jobs(store_jobs_);
  load_.tiles(loaded_);
  array_.tiles(loaded_);
  array_.finished(computed_);
  vector_.tiles(computed_);
  vector_.finished(finished_);
  store_.tiles(finished_);
}

std::string Accelerator::describe_waits() const {
  std::string text;
  for (const Activity& activity :
       {load_.activity(), array_.activity(), vector_.activity(), store_.activity()}) {
    text += fmt::format("\n  the {} waits for {} (tile {})", activity.unit, activity.waiting_for,
                        activity.tile);
  }
  return text;
}

}  // namespace ridgeline::sim
