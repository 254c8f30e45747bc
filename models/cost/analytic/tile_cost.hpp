#pragma once

#include "models/cost/analytic.hpp"
#include "models/cost/analytic/units.hpp"
#include "models/cost/dram_cost.hpp"
#include "models/mapping/tile.hpp"

/// What the DMAs carry for a tile, as blocks of tensors.
namespace ridgeline::analytic {

/// The words of a block, and what the bus sees of them.
struct Transfer {
  DramBlock block{};
  std::int64_t words = 0;  ///< plain, as the buffer holds them
};
[[nodiscard]] Transfer ifmap_transfer(const LayerQuestion& in, const Tile& tile);
[[nodiscard]] Transfer filter_transfer(const LayerQuestion& in, const Tile& tile);
/// The channel records of a tile's filters.
[[nodiscard]] Transfer records_transfer(const LayerQuestion& in, const Tile& tile);
[[nodiscard]] Transfer ofmap_transfer(const LayerQuestion& in, const Tile& tile,
                                      const LayerTensors::Place& place, Precision precision);

/// Cycles of the bus for a tile's operands: filters with their channel records, where the tile
/// starts psums.
[[nodiscard]] Time ifmap_bus(const LayerQuestion& in, const Tile& tile);
[[nodiscard]] Time filter_bus(const LayerQuestion& in, const Tile& tile);
/// What completes psums: the vector unit, the store, the other operand of an addition.
void add_results(TileCost& cost, const LayerQuestion& in, const Tile& tile);

}  // namespace ridgeline::analytic
