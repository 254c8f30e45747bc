#pragma once

#include "models/cost/run_stats.hpp"
#include "models/mapping/pass.hpp"

/// The primitive cost of one pass: its cycles and its accesses. Each dataflow works them out
/// (dataflow.hpp); the simulation and the analytic engine add them up, each for itself.
namespace ridgeline {

struct PassCost {
  Cycles load;        ///< what must be in the PEs before the pass starts: ws, the weights;
                      ///< os, the first channel of the ifmap block
  Cycles compute;     ///< one MAC a PE a cycle, zero weights skipped where the array can
  Cycles stream;      ///< the same through the buffer's ports: never below compute
  Cycles fill_drain;  ///< ws: the way down the columns, once a tile if weights are preloaded, as
                      ///< the next pass follows directly; os: psums leaving the PEs
  Cycles load_port;   ///< part of stream before the next pass's load may begin: it can only hide
                      ///< behind the rest
};

/// Accesses of the array and of the global buffer on behalf of it, in words, and buffer bytes.
/// `noc` counts words times PEs reached: a word on a bus along 16 PEs counts 16.
struct PassAccesses {
  AccessCounts counts;
  PortWords ports;  ///< part of counts
};
/// Cycles that `words` take through a port of the global buffer.
[[nodiscard]] inline Cycles port_cycles(std::int64_t words, int words_per_cycle) {
  return Cycles(ceil_div(words, std::int64_t{words_per_cycle}));
}

/// Time that the array spends on a pass, `next_load` being the load of the pass after it in the
/// tile (zero for the last one). With preload that load hides behind the pass.
[[nodiscard]] CycleBreakdown pass_cycles(const PassCost& cost, Cycles next_load, bool preload);
/// Time before the first pass of a tile, which nothing hides.
[[nodiscard]] CycleBreakdown first_load_cycles(const PassCost& first, bool preload);

}  // namespace ridgeline
