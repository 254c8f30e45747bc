#include "models/cost/analytic/tile_cost.hpp"

#include "models/cost/analytic/segments.hpp"
#include "models/cost/vector_cost.hpp"

namespace ridgeline::analytic {
namespace {

Transfer feature_transfer(const LayerTensors::Place& place, Precision precision,
                          const TensorShape& extent) {
  return {coded(dram_block(place.stored, precision, extent), place.coded_ratio), extent.elements()};
}

Time bus(const LayerQuestion& in, const Transfer& transfer) {
  return bus_cycles(in.arch.dram, transfer.block).count();
}

}  // namespace

Transfer ifmap_transfer(const LayerQuestion& in, const Tile& tile) {
  return feature_transfer(in.tensors.input, in.precision,
                          {.N = tile.n.size(),
                           .C = ifmap_channels(in.layer, tile).size(),
                           .H = window_rows(in.layer.shape).touched(tile.p).size(),
                           .W = window_cols(in.layer.shape).touched(tile.q).size()});
}

Transfer filter_transfer(const LayerQuestion& in, const Tile& tile) {
  const DramBlock block = filter_block(in.layer, in.precision, tile);
  return {block, dram_words(block, in.precision)};
}

Transfer records_transfer(const LayerQuestion& in, const Tile& tile) {
  const DramBlock block =
      contiguous(channel_record_bytes(in.precision) * ofmap_channels(in.layer, tile).size());
  return {block, dram_words(block, in.precision)};
}

Transfer ofmap_transfer(const LayerQuestion& in, const Tile& tile, const LayerTensors::Place& place,
                        Precision precision) {
  return feature_transfer(place, precision,
                          {.N = tile.n.size(),
                           .C = ofmap_channels(in.layer, tile).size(),
                           .H = tile.p.size(),
                           .W = tile.q.size()});
}

Time ifmap_bus(const LayerQuestion& in, const Tile& tile) {
  return bus(in, ifmap_transfer(in, tile));
}

Time filter_bus(const LayerQuestion& in, const Tile& tile) {
  const Time filters = bus(in, filter_transfer(in, tile));
  return tile.first_c ? filters + bus(in, records_transfer(in, tile)) : filters;
}

void add_results(TileCost& cost, const LayerQuestion& in, const Tile& tile) {
  const Transfer ofmap = ofmap_transfer(in, tile, in.tensors.output, in.precision.output);
  cost.store_bus = in.residency.ofmap ? kStays : bus(in, ofmap);
  if (in.layer.residual && !in.residency.residual) {
    cost.duties |= kLoadsResidual;
    cost.residual_bus =
        bus(in, ofmap_transfer(in, tile, in.tensors.residual, in.precision.residual));
  }
  cost.duties |= kCompletesPsums;
  cost.vector =
      vector_cycles(in.arch.vector_unit, ofmap.words * lane_operations_per_word(in.layer)).count();
}

}  // namespace ridgeline::analytic
