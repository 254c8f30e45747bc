#include "models/cost/pass_cost.hpp"

#include <algorithm>

namespace ridgeline {
namespace {

Cycles port_cycles(std::int64_t words, int words_per_cycle) {
  return Cycles(ceil_div(words, std::int64_t{words_per_cycle}));
}

/// Weights of the pass that the array multiplies by: all of them, or the non-zero ones.
std::int64_t multiplied_weights(const PeArray& array, const ConvShape& shape, const Pass& pass,
                                const ZeroWeights& zeros) {
  const std::int64_t all =
      std::int64_t{pass.m.size()} * pass.c.size() * pass.r.size() * pass.s.size();
  if (!array.skip_zero_weights) return all;
  const int first_filter = pass.g * shape.M_per_group();
  return all - zeros.count({first_filter + pass.m.begin, first_filter + pass.m.end}, pass.c);
}

/// Cycles that a result needs from the PE where it starts to the edge of the array.
Cycles pipeline_depth(Fabric fabric, const Pass& pass) {
  const int down = pass.c.size() - 1;  // the adder chain of a column: one PE a cycle
  const int across = fabric == Fabric::systolic ? pass.m.size() - 1 : 0;
  return Cycles(down + across);
}

PassCost ws_cost(const Architecture& arch, const Pass& pass) {
  const GlobalBuffer& glb = arch.global_buffer;
  const std::int64_t T = pass.positions();
  const std::int64_t C = pass.c.size();
  const std::int64_t M = pass.m.size();
  PassCost cost;
  cost.load = port_cycles(C * M, glb.filter_words_per_cycle);
  cost.compute = Cycles(T);
  cost.stream = std::max({cost.compute, port_cycles(C * T, glb.ifmap_words_per_cycle),
                          port_cycles(M * T, glb.psum_out_words_per_cycle)});
  if (!pass.first) {
    cost.stream = std::max(cost.stream, port_cycles(M * T, glb.psum_in_words_per_cycle));
  }
  if (pass.ends_tile || !arch.pe_array.preload) {
    cost.fill_drain = pipeline_depth(arch.pe_array.fabric, pass);
  }
  return cost;
}

PassCost os_cost(const Architecture& arch, const ConvShape& shape, const Pass& pass,
                 const ZeroWeights& zeros) {
  const GlobalBuffer& glb = arch.global_buffer;
  const std::int64_t block = ifmap_block(shape, pass.p, pass.q).real_words();
  const std::int64_t weights = multiplied_weights(arch.pe_array, shape, pass, zeros);
  PassCost cost;
  cost.load = port_cycles(block, glb.ifmap_words_per_cycle);
  cost.compute = Cycles(weights);
  // The other channels' ifmap blocks stream in behind the MACs.
  cost.load_port = port_cycles(block * (pass.c.size() - 1), glb.ifmap_words_per_cycle);
  cost.stream =
      std::max({cost.compute, port_cycles(weights, glb.filter_words_per_cycle), cost.load_port});
  if (pass.last) {
    cost.fill_drain = port_cycles(pass.positions() * pass.m.size(), glb.psum_out_words_per_cycle);
  }
  return cost;
}

/// Ifmap words that taps r, s meet over the positions of the pass, padding left out.
std::int64_t real_positions(const ConvShape& shape, const Pass& pass) {
  const Window& w = shape.window;
  const auto inside = [](Range out, int tap, int stride, int dilation, int pad, int extent) {
    // Positions o with 0 <= o * stride + tap * dilation - pad < extent.
    const int offset = tap * dilation - pad;
    const int low = std::max(out.begin, offset >= 0 ? 0 : ceil_div(-offset, stride));
    const int high = extent - offset <= 0 ? 0 : (extent - offset - 1) / stride + 1;
    return std::max(0, std::min(out.end, high) - low);
  };
  return std::int64_t{inside(pass.p, pass.r.begin, w.stride[0], w.dilation[0], w.pad[0], shape.H)} *
         inside(pass.q, pass.s.begin, w.stride[1], w.dilation[1], w.pad[1], shape.W);
}

PassAccesses ws_accesses(const ConvShape& shape, const Pass& pass) {
  const std::int64_t T = pass.positions();
  const std::int64_t C = pass.c.size();
  const std::int64_t M = pass.m.size();
  PassAccesses a;
  a.ports = {.ifmap = real_positions(shape, pass) * C,
             .filter = C * M,
             .psum_in = pass.first ? 0 : M * T,
             .psum_out = M * T};
  a.counts.mac = T * C * M;
  a.counts.rf_read = T * C * M;          // the weight
  a.counts.rf_write = C * M;             // the weight, loaded
  a.counts.noc = 2 * T * C * M + C * M;  // ifmap word along, psum down; the weight's way in
  a.counts.glb_read = a.ports.ifmap + a.ports.filter + a.ports.psum_in;
  a.counts.glb_write = a.ports.psum_out;
  return a;
}

PassAccesses os_accesses(const PeArray& array, const ConvShape& shape, const Pass& pass,
                         const ZeroWeights& zeros) {
  const std::int64_t T = pass.positions();
  const std::int64_t weights = multiplied_weights(array, shape, pass, zeros);
  const std::int64_t shifts = T * pass.c.size() * pass.r.size() * pass.s.size();
  const std::int64_t drained = pass.last ? T * pass.m.size() : 0;
  PassAccesses a;
  a.ports = {.ifmap = ifmap_block(shape, pass.p, pass.q).real_words() * pass.c.size(),
             .filter = weights,
             .psum_out = drained};
  a.counts.mac = T * weights;
  a.counts.rf_read = 2 * T * weights + drained;   // ifmap word and psum; psums on their way out
  a.counts.rf_write = T * weights + shifts;       // psum; ifmap word
  a.counts.noc = T * weights + shifts + drained;  // the weight to every PE; shifts; psums out
  a.counts.glb_read = a.ports.ifmap + a.ports.filter;
  a.counts.glb_write = a.ports.psum_out;
  return a;
}

}  // namespace

PassCost pass_cost(const Architecture& arch, const ConvShape& shape, DataflowId id,
                   const Pass& pass, const ZeroWeights& zeros) {
  return id == DataflowId::ws ? ws_cost(arch, pass) : os_cost(arch, shape, pass, zeros);
}

PassAccesses pass_accesses(const Architecture& arch, const ConvShape& shape, DataflowId id,
                           const Pass& pass, const ZeroWeights& zeros) {
  return id == DataflowId::ws ? ws_accesses(shape, pass)
                              : os_accesses(arch.pe_array, shape, pass, zeros);
}

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
