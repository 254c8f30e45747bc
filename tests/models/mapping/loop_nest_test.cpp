#include "models/mapping/loop_nest.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "models/mapping/dataflow.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;
using testing::Random;

namespace {

LoweredLayer conv_layer(const TensorShape& in, const ConvOp& op) {
  NetworkBuilder net("net", "a test", in);
  net.conv("conv", net.input(), op);
  return lower(std::move(net).build()).layers.front();
}

/// What is left of each dimension as loops cut it, from the whole layer down.
class Extents {
 public:
  explicit Extents(const LoweredLayer& layer) {
    const TileExtent all = iteration_space(layer);
    left_ = {{"N", all.N}, {"G", all.G}, {"M", all.M},           {"C", all.C},
             {"P", all.P}, {"Q", all.Q}, {"R", layer.shape.R()}, {"S", layer.shape.S()}};
  }
  void cut(const std::vector<Loop>& loops) {
    for (const Loop& loop : loops) {
      INFO(loop.dimension);
      if (loop.dimension == "C*R*S") flatten("C*R*S", {"C", "R", "S"});
      if (loop.dimension == "P*Q") flatten("P*Q", {"P", "Q"});
      CHECK(loop.extent == left_[loop.dimension]);
      CHECK(loop.trips() > 1);
      CHECK((loop.last() >= 1 && loop.last() <= loop.size));
      CHECK((loop.trips() - 1) * loop.size + loop.last() == loop.extent);
      left_[loop.dimension] = loop.size;
    }
  }
  void check_all_cut() const {
    for (const auto& [dimension, extent] : left_) {
      INFO(dimension);
      CHECK(extent == 1);
    }
  }

 private:
  void flatten(const std::string& box, const std::vector<std::string>& dimensions) {
    if (left_.contains(box)) return;
    left_[box] = 1;
    for (const std::string& dimension : dimensions) left_[box] *= left_[dimension];
    for (const std::string& dimension : dimensions) left_[dimension] = 1;
  }
  std::map<std::string, std::int64_t> left_;
};

std::int64_t trips(const std::vector<Loop>& loops) {
  std::int64_t product = 1;
  for (const Loop& loop : loops) product *= loop.trips();
  return product;
}

bool perfect(const std::vector<Loop>& loops) {
  return std::ranges::all_of(loops, [](const Loop& loop) { return loop.last() == loop.size; });
}

/// Holds the nest's trips to the tiles and passes that the machine walks. @return whether all
/// loops are perfect, so that their trips multiply to the layer's iteration space
bool check_nest(const Architecture& arch, const LoweredLayer& layer, const Mapping& mapping) {
  const LoopNest nest = loop_nest(arch, layer, mapping);
  Extents extents(layer);
  std::int64_t all = 1;
  bool exact = true;
  for (const auto* loops :
       {&nest.tiles, &nest.passes, &nest.sets, &nest.rows, &nest.cols, &nest.steps}) {
    extents.cut(*loops);
    all *= trips(*loops);
    exact = exact && perfect(*loops);
  }
  extents.check_all_cut();
  CHECK(trips(nest.tiles) == tile_counts(layer, mapping.tile).total());
  const std::int64_t iterations = layer.output_shape.elements() * layer.shape.R() *
                                  layer.shape.S() *
                                  (mapping.dataflow != nullptr ? layer.shape.C_per_group() : 1);
  CHECK(all >= iterations);
  if (exact) CHECK(all == iterations);
  if (mapping.dataflow == nullptr) return exact;
  const PassExtent extent = mapping.dataflow->pass_extent(arch.pe_array, layer.shape, mapping.tile);
  const PassSequence passes(layer.shape, extent, tiles_of(layer, mapping).front());
  CHECK(trips(nest.passes) == passes.size());
  CHECK(trips(nest.rows) <= arch.pe_array.rows);
  CHECK(trips(nest.cols) <= arch.pe_array.cols);
  CHECK(trips(nest.sets) * trips(nest.rows) * trips(nest.cols) <= arch.pes());
  const std::int64_t in_pass =
      trips(nest.sets) * trips(nest.rows) * trips(nest.cols) * trips(nest.steps);
  CHECK(in_pass >= passes[0].macs().count());
  return exact;
}

}  // namespace

TEST_CASE("The trips of a loop nest multiply to the layer's iteration space, level by level") {
  int exact = 0, cases = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    const Architecture arch = testing::random_architecture(random);
    const LoweredNetwork network = lower(testing::random_network(random));
    for (const LoweredLayer& layer : network.layers) {
      const bool on_array = runs_on_array(layer.kind);
      for (const Dataflow& dataflow : all_dataflows()) {
        Mapping mapping{.dataflow = on_array ? &dataflow : nullptr,
                        .tile = testing::random_tile(random, layer),
                        .order = random.pick({TileOrder::filter_outer, TileOrder::ifmap_outer})};
        if (on_array && dataflow.cannot_run != nullptr &&
            !dataflow.cannot_run(arch, layer, Precision::int8, mapping.tile).empty()) {
          continue;
        }
        INFO(layer.name << " " << (on_array ? dataflow.name : "vector"));
        exact += check_nest(arch, layer, mapping) ? 1 : 0;
        ++cases;
      }
    }
  }
  CHECK(cases > 3000);
  CHECK(exact > 100);
}

TEST_CASE("A ws nest walks tiles, taps, and the array's rows and columns") {
  Architecture arch = testing::small_architecture();
  const LoweredLayer layer = conv_layer({.C = 10, .H = 9, .W = 5},
                                        {.M = 7, .window = {.R = 3, .S = 1, .pad = {1, 0, 1, 0}}});
  const Mapping mapping{.dataflow = find_dataflow("ws"),
                        .tile = {.M = 4, .C = 6, .P = 4, .Q = 5},
                        .order = TileOrder::ifmap_outer};
  const LoopNest nest = loop_nest(arch, layer, mapping);
  CHECK(nest.tiles == std::vector<Loop>{{"P", 9, 4}, {"M", 7, 4}, {"C", 10, 6}});
  CHECK(nest.tiles[0].last() == 1);
  CHECK(nest.passes == std::vector<Loop>{{"C", 6, 4}, {"R", 3, 1}});
  CHECK(nest.rows == std::vector<Loop>{{"C", 4, 1}});
  CHECK(nest.cols == std::vector<Loop>{{"M", 4, 1}});
  CHECK(nest.steps == std::vector<Loop>{{"P", 4, 1}, {"Q", 5, 1}});
  CHECK(nest.sets.empty());
}

TEST_CASE("An rs nest has its sets on other channels and filters, and folds what is too wide") {
  Architecture arch = testing::small_architecture();
  arch.pe_array.rows = 6;
  arch.pe_array.cols = 4;
  const LoweredLayer layer =
      conv_layer({.C = 4, .H = 8, .W = 6}, {.M = 8, .window = {.R = 3, .S = 3}});
  const Mapping folded{.dataflow = find_dataflow("rs"), .tile = {.M = 8, .C = 4, .P = 6, .Q = 4}};
  const LoopNest nest = loop_nest(arch, layer, folded);
  CHECK(nest.rows == std::vector<Loop>{{"P", 6, 4}, {"R", 3, 1}});
  CHECK(nest.cols == std::vector<Loop>{{"P", 4, 1}});
  CHECK(nest.sets.empty());
  const Mapping narrow{.dataflow = find_dataflow("rs"), .tile = {.M = 8, .C = 4, .P = 2, .Q = 4}};
  CHECK(loop_nest(arch, layer, narrow).sets == std::vector<Loop>{{"M", 8, 2}});
}
