#include "sim/machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <systemc>

#include "models/base/error.hpp"
#include "sim/hw/accelerator.hpp"
#include "sim/register_level/clocked_array.hpp"
#include "sim/stack_bounds.hpp"

namespace ridgeline::sim {
namespace {

Accelerator& accelerator() {
  // Never destroyed: SystemC's own globals may be gone before ours.
  static auto* const elaborated = [] {
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    // Whatever this process may ever run is elaborated now, before anything runs.
    static_cast<void>(register_level::ClockedArray::instance());
    return new Accelerator("accelerator");
  }();
  return *elaborated;
}

}  // namespace

Machine& Machine::instance() {
  static Machine machine;
  return machine;
}

void Machine::elaborate() {
  static_cast<void>(accelerator());
}

std::vector<std::byte>& Machine::memory() {
  return accelerator().memory();
}

const std::vector<std::byte>* Machine::kept(TensorId tensor) const {
  return accelerator().kept(tensor);
}

void Machine::run(const std::vector<LayerJob>& jobs) {
  if (starved_) throw SimulationError("the simulated machine starved earlier and cannot go on");
  for (const LayerJob& job : jobs) accelerator().submit(job);
  sc_core::sc_start();  // until nothing can happen any more
  announce_main_stack();
  const auto unfinished = std::ranges::find_if(
      jobs, [](const LayerJob& job) { return !accelerator().finished(job.index); });
  if (unfinished == jobs.end()) return;
  starved_ = true;
  throw SimulationError(fmt::format("layer {}: the machine starved with work left:{}",
                                    unfinished->layer.name, accelerator().describe_waits()));
}

}  // namespace ridgeline::sim
