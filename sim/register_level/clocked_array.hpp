#pragma once

#include <functional>
#include <systemc>

#include "models/base/units.hpp"

namespace ridgeline::sim::register_level {

/// The clock of a register-level array: one SC_METHOD, activated once a cycle for as long as the
/// array has something to do. The arrays themselves are plain classes that say what every register
/// holds after the next edge; one elaborated clock drives any of them, as SystemC elaborates once
/// in a process.
///
/// An array has clock(), one cycle; busy(), whether the cycle to come is the tile's; and settled(),
/// whether its last psums have also reached the global buffer.
class ClockedArray : public sc_core::sc_module {
 public:
  explicit ClockedArray(sc_core::sc_module_name name);
  /// Made by Machine::elaborate().
  [[nodiscard]] static ClockedArray& instance();

  /// Clocks `array` until it is settled. @return the cycles in which it was busy.
  template <class Array>
  Cycles run(Array& array) {
    return run_until_settled([&array] {
      const bool busy = array.busy();
      array.clock();
      return State{.counted = busy, .settled = array.settled()};
    });
  }

 private:
  struct State {
    bool counted = false, settled = false;
  };
  Cycles run_until_settled(const std::function<State()>& cycle);
  void tick();

  std::function<State()> cycle_;
  sc_core::sc_event edge_;
  Cycles cycles_;
};

}  // namespace ridgeline::sim::register_level
