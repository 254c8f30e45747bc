#pragma once

#include "models/cost/run_stats.hpp"
#include "models/cost/zero_weights.hpp"
#include "models/mapping/pass.hpp"

/// The primitive cost of one pass: its cycles and its accesses. Both the simulation and the
/// analytic estimate start from it; each adds up for itself.
///
/// ws (Kwon et al., DAC 2018): rows of PEs hold C, columns hold M, one weight a PE. One ofmap
///   position enters a cycle; its ifmap words go along the rows, the sums go down the columns.
/// os: every PE owns one ofmap position and M psums. Each cycle one weight is broadcast; ifmap
///   words shift between neighbours from an ifmap block that is loaded channel by channel.
namespace ridgeline {

struct PassCost {
  Cycles load;        ///< what must be in the PEs before the pass starts: ws, the weights;
                      ///< os, the first channel of the ifmap block
  Cycles compute;     ///< one MAC a PE a cycle, zero weights skipped where the array can
  Cycles stream;      ///< the same through the buffer's ports: never below compute
  Cycles fill_drain;  ///< ws: the way down the columns, once a tile if weights are preloaded, as
                      ///< the next pass follows directly; os: psums leaving the PEs
  Cycles load_port;   ///< part of stream in which the port that loads use is taken: the next
                      ///< pass's load can only hide behind the rest
};

[[nodiscard]] PassCost pass_cost(const Architecture& arch, const ConvShape& shape, DataflowId id,
                                 const Pass& pass, const ZeroWeights& zeros);

/// Accesses of the array and of the global buffer on behalf of it, in words, and buffer bytes.
/// `noc` counts words times PEs reached: a word on a bus along 16 PEs counts 16.
struct PassAccesses {
  AccessCounts counts;
  PortWords ports;  ///< part of counts
};
[[nodiscard]] PassAccesses pass_accesses(const Architecture& arch, const ConvShape& shape,
                                         DataflowId id, const Pass& pass, const ZeroWeights& zeros);

/// Time that the array spends on a pass, `next_load` being the load of the pass after it in the
/// tile (zero for the last one). With preload that load hides behind the pass.
[[nodiscard]] CycleBreakdown pass_cycles(const PassCost& cost, Cycles next_load, bool preload);
/// Time before the first pass of a tile, which nothing hides.
[[nodiscard]] CycleBreakdown first_load_cycles(const PassCost& first, bool preload);

}  // namespace ridgeline
