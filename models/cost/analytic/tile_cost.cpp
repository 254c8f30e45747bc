#include "models/cost/analytic/tile_cost.hpp"

#include "models/cost/vector_cost.hpp"

namespace ridgeline::analytic {
namespace {

Transfer feature_transfer(const LayerTensors::Place& place, Precision precision,
                          const TensorShape& extent) {
  return {coded(dram_block(place.stored, precision, extent), place.coded_ratio), extent.elements()};
}

}  // namespace

Transfer ifmap_transfer(const LayerQuestion& in, const Tile& tile) {
  const IfmapBlock block = ifmap_block(in.layer.shape, tile.p, tile.q);
  return feature_transfer(in.tensors.input, in.precision,
                          {.N = tile.n.size(),
                           .C = ifmap_channels(in.layer, tile).size(),
                           .H = block.rows.size(),
                           .W = block.cols.size()});
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

TileCost tile_cost(const LayerQuestion& in, const Tile& tile) {
  const auto bus = [&](const Transfer& transfer) {
    return bus_cycles(in.arch.dram, transfer.block).count();
  };
  TileCost cost;
  cost.ifmap_bus = bus(ifmap_transfer(in, tile));
  if (runs_on_array(in.layer.kind)) {
    cost.filter_bus = bus(filter_transfer(in, tile));
    if (tile.first_c) cost.records_bus = bus(records_transfer(in, tile));
  }
  if (!tile.last_c) return cost;
  const Transfer ofmap = ofmap_transfer(in, tile, in.tensors.output, in.precision.output);
  cost.store_bus = bus(ofmap);
  if (in.layer.residual)
    cost.residual_bus = bus(ofmap_transfer(in, tile, in.tensors.residual, in.precision.residual));
  cost.vector =
      vector_cycles(in.arch.vector_unit, ofmap.words * lane_operations_per_word(in.layer)).count();
  return cost;
}

}  // namespace ridgeline::analytic
