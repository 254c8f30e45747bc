#include <algorithm>

#include "models/mapping/dataflow.hpp"

/// ws (Kwon et al., DAC 2018): rows of PEs hold C, columns hold M, one weight a PE, R and S one tap
/// after another. One ofmap position enters a cycle; its ifmap words go along the rows, the sums go
/// down the columns and are added to psums in the global buffer.
namespace ridgeline::dataflows {
namespace {

PassExtent pass_extent(const PeArray& array, const ConvShape& /*shape*/, const TileExtent& tile) {
  return {.N = tile.N, .M = array.cols, .C = array.rows, .P = tile.P, .Q = tile.Q};
}

TileExtent tile_step(const PeArray& array) {
  return {.M = array.cols, .C = array.rows};
}

/// Cycles that a result needs from the PE where it starts to the edge of the array.
Cycles pipeline_depth(Fabric fabric, const Pass& pass) {
  const int down = pass.c.size() - 1;  // the adder chain of a column: one PE a cycle
  const int across = fabric == Fabric::systolic ? pass.m.size() - 1 : 0;
  return Cycles(down + across);
}

PassCost cost(const Architecture& arch, const ConvShape& /*shape*/, const Pass& pass,
              const ZeroWeights& /*zeros*/) {
  const GlobalBuffer& glb = arch.global_buffer;
  const std::int64_t T = pass.positions();
  const std::int64_t C = pass.c.size();
  const std::int64_t M = pass.m.size();
  PassCost c;
  c.load = port_cycles(C * M, glb.filter_words_per_cycle);
  c.compute = Cycles(T);
  c.stream = std::max({c.compute, port_cycles(C * T, glb.ifmap_words_per_cycle),
                       port_cycles(M * T, glb.psum_out_words_per_cycle)});
  if (!pass.first) {
    c.stream = std::max(c.stream, port_cycles(M * T, glb.psum_in_words_per_cycle));
  }
  if (pass.ends_tile || !arch.pe_array.preload) {
    c.fill_drain = pipeline_depth(arch.pe_array.fabric, pass);
  }
  return c;
}

/// Ifmap words of a channel that taps r, s meet over the positions of the pass, padding left out.
std::int64_t real_positions(const ConvShape& shape, const Pass& pass) {
  const Window& w = shape.window;
  const auto inside = [](Range out, int tap, int stride, int dilation, int pad, int extent) {
    // Positions o with 0 <= o * stride + tap * dilation - pad < extent.
    const int offset = tap * dilation - pad;
    const int low = std::max(out.begin, offset >= 0 ? 0 : ceil_div(-offset, stride));
    const int high = extent - offset <= 0 ? 0 : (extent - offset - 1) / stride + 1;
    return std::max(0, std::min(out.end, high) - low);
  };
  return std::int64_t{pass.n.size()} *
         inside(pass.p, pass.r.begin, w.stride[0], w.dilation[0], w.pad[0], shape.H) *
         inside(pass.q, pass.s.begin, w.stride[1], w.dilation[1], w.pad[1], shape.W);
}

PassAccesses accesses(const Architecture& /*arch*/, const ConvShape& shape, const Pass& pass,
                      const ZeroWeights& /*zeros*/) {
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

}  // namespace

Dataflow weight_stationary() {
  return {
      .name = "ws",
      .stationary = "filter",
      .rows = "C",
      .cols = "M",
      .summary =
          "weights stay, R and S one tap after another; ifmap words broadcast along rows, "
          "psums go down the columns into the global buffer",
      .source = "Kwon et al., Co-Design of Deep Neural Nets and Neural Net Accelerators, DAC 2018",
      .pass_extent = &pass_extent,
      .tile_step = &tile_step,
      .cost = &cost,
      .accesses = &accesses};
}

}  // namespace ridgeline::dataflows
