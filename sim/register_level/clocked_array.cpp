#include "sim/register_level/clocked_array.hpp"

#include "sim/hw/clock.hpp"

namespace ridgeline::sim::register_level {

ClockedArray::ClockedArray(sc_core::sc_module_name name) : sc_module(name) {
  SC_HAS_PROCESS(ClockedArray);
  SC_METHOD(tick);
  sensitive << edge_;
  dont_initialize();
}

ClockedArray& ClockedArray::instance() {
  // Never destroyed: SystemC's own globals may be gone before ours.
  static auto* const array = new ClockedArray("register_level_array");
  return *array;
}

Cycles ClockedArray::run_until_settled(const std::function<State()>& cycle) {
  cycle_ = cycle;
  cycles_ = Cycles(0);
  edge_.notify(duration(Cycles(1)));
  sc_core::sc_start();
  return cycles_;
}

void ClockedArray::tick() {
  const State state = cycle_();
  if (state.counted) cycles_ += Cycles(1);
  if (!state.settled) edge_.notify(duration(Cycles(1)));
}

}  // namespace ridgeline::sim::register_level
