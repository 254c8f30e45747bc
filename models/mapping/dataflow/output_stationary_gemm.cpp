#include <algorithm>

#include "models/mapping/dataflow.hpp"
#include "models/mapping/dataflow/ifmap_words.hpp"

/// os_gemm (Samajdar et al., SCALE-Sim, ISPASS 2020): the convolution as a matrix product. Rows of
/// PEs hold P Q flattened, columns hold M, one psum a PE; each cycle a word of C R S flattened goes
/// along every row and down every column. A pass is one fold.
///
/// On a systolic fabric PE (x, m) is x + m cycles late. The psums of a column are done one PE a
/// cycle and leave in that cycle over the column's output bus, into a queue in front of the psum
/// port: with a port wide enough there is no drain beyond the skew, T + rows + cols - 2 in all, as
/// SCALE-Sim's code has it (its paper adds another `rows` for shifting psums down the columns). On
/// a broadcast fabric all PEs are done at once and the buses take one row a cycle.
namespace ridgeline::dataflows {
namespace {

PassExtent pass_extent(const PeArray& array, const ConvShape& shape, const TileExtent& tile) {
  return {.M = array.cols,
          .C = tile.C,
          .P = tile.P,
          .Q = tile.Q,
          .R = shape.R(),
          .S = shape.S(),
          .X = array.rows};
}

TileExtent tile_step(const PeArray& array) {
  return {.M = array.cols, .Q = array.rows};
}

/// Cycles in which psums leave, from the first PE that is done to the last psum's cycle at the
/// port, for `x` by `m` PEs in use of an array whose passes last as long as `rows` by `cols` need.
std::int64_t leaving_cycles(Fabric fabric, std::int64_t x, std::int64_t m, std::int64_t rows,
                            std::int64_t cols, std::int64_t port) {
  if (fabric == Fabric::broadcast) return std::max(rows, ceil_div(x * m, port));
  const std::int64_t skew = rows + cols - 1;
  if (port >= std::min(x, m)) return skew;
  // Cycle i finishes i + 1 psums at first. Until there are more than the port takes they leave at
  // once; all the others then keep it busy.
  const std::int64_t at_once = port * (port - 1) / 2;
  return std::max(skew, port - 1 + ceil_div(x * m - at_once, port));
}

PassCost cost(const Architecture& arch, const ConvShape& /*shape*/, const Pass& pass,
              const ZeroWeights& /*zeros*/) {
  const GlobalBuffer& glb = arch.global_buffer;
  const PeArray& array = arch.pe_array;
  const std::int64_t K = pass.depth();
  const std::int64_t X = pass.positions();
  const std::int64_t M = pass.m.size();
  const std::int64_t rows = array.shorten_edge_passes ? X : array.rows;
  const std::int64_t cols = array.shorten_edge_passes ? M : array.cols;
  PassCost c;
  c.compute = Cycles(K);
  c.stream = std::max({c.compute, port_cycles(X * K, glb.ifmap_words_per_cycle),
                       port_cycles(M * K, glb.filter_words_per_cycle)});
  if (pass.last) {
    // The first psum is done in the last cycle of the stream.
    c.fill_drain =
        Cycles(leaving_cycles(array.fabric, X, M, rows, cols, glb.psum_out_words_per_cycle) - 1);
  } else if (array.fabric == Fabric::systolic) {
    c.fill_drain = Cycles(rows + cols - 2);
  }
  return c;
}

PassAccesses accesses(const Architecture& /*arch*/, const ConvShape& shape, const Pass& pass,
                      const ZeroWeights& /*zeros*/) {
  const std::int64_t drained = pass.last ? pass.positions() * pass.m.size() : 0;
  PassAccesses a;
  a.ports = {.ifmap = real_ifmap_words(shape, pass),
             .filter = pass.depth() * pass.m.size(),
             .psum_out = drained};
  a.counts.mac = pass.macs().count();
  a.counts.rf_psum_read = a.counts.mac + drained;
  a.counts.rf_psum_write = a.counts.mac;
  a.counts.noc_ifmap = a.counts.mac;   // along the row
  a.counts.noc_filter = a.counts.mac;  // down the column
  a.counts.noc_psum = drained;         // on their way out
  a.counts.glb_ifmap_read = a.ports.ifmap;
  a.counts.glb_filter_read = a.ports.filter;
  a.counts.glb_psum_write = a.ports.psum_out;
  return a;
}

LayerTotals totals(const LayerPasses& layer) {
  LayerTotals a;
  a.ports = {.ifmap = layer.ifmap_words() * layer.filter_blocks(),
             .filter = layer.weights * layer.position_blocks(),
             .psum_out = layer.psums()};
  a.counts.mac = a.counts.rf_psum_write = layer.macs();
  a.counts.rf_psum_read = layer.macs() + layer.psums();
  a.counts.noc_ifmap = a.counts.noc_filter = layer.macs();
  a.counts.noc_psum = layer.psums();
  a.counts.glb_ifmap_read = a.ports.ifmap;
  a.counts.glb_filter_read = a.ports.filter;
  a.counts.glb_psum_write = a.ports.psum_out;
  a.compute = Cycles(std::int64_t{layer.shape.C} * layer.shape.R() * layer.shape.S() *
                     layer.filter_blocks() * layer.position_blocks());
  return a;
}

}  // namespace

Dataflow output_stationary_gemm() {
  return {.name = "os_gemm",
          .stationary = "ofmap",
          .rows = "P*Q",
          .cols = "M",
          .summary =
              "the convolution as a matrix product: each PE keeps one psum, ifmap words go along "
              "the rows and weights down the columns",
          .source = "Samajdar et al., SCALE-Sim, ISPASS 2020",
          .psums_stay_in_pes = true,
          .pass_extent = &pass_extent,
          .tile_step = &tile_step,
          .cost = &cost,
          .accesses = &accesses,
          .totals = &totals};
}

}  // namespace ridgeline::dataflows
