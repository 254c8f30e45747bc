#pragma once

#include <systemc>

#include "models/base/units.hpp"

/// The one place where cycles become SystemC time. The kernel counts cycles, whatever the clock of
/// the modelled machine: one cycle is one nanosecond of simulated time.
namespace ridgeline::sim {

inline constexpr sc_dt::uint64 kTicksPerCycle = 1000;  // at the default resolution of 1 ps

[[nodiscard]] inline sc_core::sc_time duration(Cycles cycles) {
  return sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(cycles.count()) * kTicksPerCycle);
}
[[nodiscard]] inline Cycles cycles_of(const sc_core::sc_time& time) {
  return Cycles(static_cast<std::int64_t>(time.value() / kTicksPerCycle));
}
[[nodiscard]] inline Cycles now() {
  return cycles_of(sc_core::sc_time_stamp());
}

/// Suspends the calling thread; returns at once for zero cycles.
inline void elapse(Cycles cycles) {
  if (cycles > Cycles(0)) sc_core::wait(duration(cycles));
}
inline void elapse_until(Cycles time) {
  elapse(time - now());
}

}  // namespace ridgeline::sim
