#include "models/mapping/spatial_use.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "models/mapping/dataflow.hpp"
#include "models/network/lowering.hpp"
#include "sim/register_level/row_placement.hpp"
#include "tests/support/random_case.hpp"

namespace ridgeline {
namespace {

/// PEs that one pass keeps busy, and the MACs of each: the first rows and columns, as many as the
/// dataflow unrolls over them.
void add_block(SpatialUse& use, std::int64_t rows, std::int64_t cols, std::int64_t each) {
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < cols; ++c) use.macs.at(static_cast<std::size_t>(r * use.cols + c)) += each;
  }
}

/// Sets of `rs` lie where the register-level array has them.
void add_sets(SpatialUse& use, const PeArray& array, const Pass& pass) {
  const auto placed = sim::register_level::place_rows(array, {.M = pass.m.size(),
                                                              .C = pass.c.size(),
                                                              .R = pass.r.size(),
                                                              .S = pass.s.size(),
                                                              .P = pass.p.size(),
                                                              .sets = pass.sets});
  for (std::size_t i = 0; i < placed.roles.size(); ++i) {
    const auto& role = placed.roles[i];
    if (!role.used) continue;
    use.macs[i] += std::int64_t{role.channels.size()} * role.filters.size() * pass.s.size() *
                   pass.q.size() * pass.n.size();
  }
}

/// The same, pass by pass.
SpatialUse walked(const PeArray& array, const LoweredLayer& layer, const Mapping& mapping) {
  const Dataflow& dataflow = *mapping.dataflow;
  const PassExtent extent = dataflow.pass_extent(array, layer.shape, mapping.tile);
  SpatialUse use{.rows = array.rows, .cols = array.cols};
  use.macs.resize(static_cast<std::size_t>(array.rows * array.cols));
  for (const Tile& tile : tiles_of(layer, mapping)) {
    const PassSequence passes(layer.shape, extent, tile);
    for (std::int64_t i = 0; i < passes.size(); ++i) {
      const Pass pass = passes[i];
      const std::int64_t m = pass.m.size(), x = pass.positions(), k = pass.depth();
      if (dataflow.name == "ws") add_block(use, pass.c.size(), m, x * k / pass.c.size());
      if (dataflow.name == "os")
        add_block(use, pass.p.size(), pass.q.size(), pass.n.size() * m * k);
      if (dataflow.name == "ws_gemm") add_block(use, k, m, x);
      if (dataflow.name == "os_gemm") add_block(use, x, m, k);
      if (dataflow.name == "is_gemm") add_block(use, k, x, m);
      if (dataflow.name == "rs") add_sets(use, array, pass);
    }
  }
  return use;
}

TEST_CASE("The use of each PE is what its passes come to, for every dataflow") {
  const std::uint64_t seed = 20;
  INFO("seed " << seed);
  testing::Random random(seed);
  std::size_t compared = 0;
  for (int i = 0; i < 150; ++i) {
    const LoweredNetwork network = lower(testing::random_network(random));
    const Architecture arch = testing::random_architecture(random);
    for (const LoweredLayer& layer : network.layers) {
      if (!runs_on_array(layer.kind)) continue;
      for (const Dataflow& dataflow : all_dataflows()) {
        const Mapping mapping{.dataflow = &dataflow, .tile = testing::random_tile(random, layer)};
        if (dataflow.cannot_run != nullptr &&
            !dataflow.cannot_run(arch, layer, Precision::int8, mapping.tile).empty()) {
          continue;
        }
        INFO(dataflow.name << " case " << i);
        const std::int64_t macs = layer.shape.macs().count();
        const SpatialUse use = spatial_use(arch.pe_array, layer.shape, mapping, macs);
        CHECK(use.macs == walked(arch.pe_array, layer, mapping).macs);
        CHECK(std::accumulate(use.macs.begin(), use.macs.end(), std::int64_t{0}) == macs);
        ++compared;
      }
    }
  }
  CHECK(compared > 300);
}

TEST_CASE("A set of rs that is wider than the array lies folded, the part that is left lowest") {
  const PeArray array{.rows = 6, .cols = 4};
  LoweredLayer layer{.kind = LayerKind::conv};
  layer.shape = {.M = 2, .C = 3, .H = 9, .W = 8, .window = {.R = 3, .S = 2}};
  layer.output_shape = layer.shape.ofmap();
  const Mapping mapping{.dataflow = find_dataflow("rs"), .tile = {.M = 2, .C = 3, .P = 7, .Q = 7}};
  const SpatialUse use = spatial_use(array, layer.shape, mapping, layer.shape.macs().count());
  // A PE of a set: 2 filters x 3 channels x 2 taps x 7 columns.
  for (int row = 0; row < 6; ++row) {
    for (int col = 0; col < 4; ++col) CHECK(use.at(row, col) == (row < 3 && col == 3 ? 0 : 84));
  }
  CHECK(use.macs == walked(array, layer, mapping).macs);
}

TEST_CASE("Skipped weights leave every PE its share, and vector layers use none") {
  const ConvShape shape{.M = 3, .C = 2, .H = 5, .W = 5, .window = {.R = 3, .S = 3}};
  const Mapping mapping{.dataflow = find_dataflow("os"), .tile = {.M = 3, .C = 2, .P = 3, .Q = 3}};
  const PeArray array{.rows = 2, .cols = 4};
  // 3 x 3 positions, of which the first rows and columns get two; 10 of the 54 weights are zero.
  const SpatialUse use = spatial_use(array, shape, mapping, 9 * 44);
  CHECK(use.macs == std::vector<std::int64_t>{88, 88, 88, 0, 44, 44, 44, 0});
  SpatialUse twice = use;
  twice += use;
  twice += spatial_use(array, shape, {}, 0);
  CHECK(twice.at(0, 0) == 176);
  CHECK(spatial_use(array, shape, {}, 0).macs.empty());
}

}  // namespace
}  // namespace ridgeline
