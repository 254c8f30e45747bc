#include "models/cost/pass_cost.hpp"

namespace ridgeline {

CycleBreakdown pass_cycles(const PassCost& cost, Cycles next_load, bool preload) {
  CycleBreakdown time;
  time.compute = cost.compute;
  time.glb_stall = cost.stream - cost.compute;
  time.fill_drain = cost.fill_drain;
  if (preload) {
    const Cycles room = cost.stream + cost.fill_drain - cost.load_port;
    time.stationary_load = next_load > room ? next_load - room : Cycles(0);
  } else {
    time.stationary_load = cost.load;
  }
  return time;
}

CycleBreakdown first_load_cycles(const PassCost& first, bool preload) {
  CycleBreakdown time;
  if (preload) time.stationary_load = first.load;
  return time;
}

}  // namespace ridgeline
