#pragma once

#include <vector>

#include "models/mapping/dataflow.hpp"
#include "models/mapping/tile.hpp"
#include "sim/register_level/operands.hpp"
#include "tests/support/random_case.hpp"

/// Random small layers, cut into random tiles, for arrays of up to 12 x 12 PEs.
namespace ridgeline::testing {

struct RegisterCase {
  Architecture arch;
  sim::register_level::LayerData data;
  LoweredLayer layer;
  ZeroWeights zeros;
  Mapping mapping;
};

/// random_architecture() with at most 12 x 12 PEs and narrow ports.
[[nodiscard]] Architecture random_small_array(Random& random, Fabric fabric);
/// A layer, a machine with fabric `fabric`, and tiles that `dataflow` can run.
[[nodiscard]] RegisterCase random_register_case(Random& random, const Dataflow& dataflow,
                                                Fabric fabric);
[[nodiscard]] std::vector<Pass> passes_of(const RegisterCase& c, const Tile& tile);
/// What the pass model says that a tile's passes take.
[[nodiscard]] Cycles modelled_cycles(const RegisterCase& c, const std::vector<Pass>& passes);
/// One word of the convolution, by the plain loop.
[[nodiscard]] std::int64_t convolution_at(const sim::register_level::LayerData& data, int n, int m,
                                          int p, int q);

}  // namespace ridgeline::testing
