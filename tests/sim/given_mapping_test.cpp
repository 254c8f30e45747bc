#include <catch2/catch.hpp>

#include "models/base/error.hpp"
#include "models/cost/analytic.hpp"
#include "models/mapping/dataflow.hpp"
#include "models/mapping/search.hpp"
#include "sim/run.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;
using testing::Random;

namespace {

/// A layer that takes several tiles on the 4x4 machine in every dimension.
LoweredNetwork one_layer() {
  NetworkBuilder net("net", "a test", {.C = 12, .H = 14, .W = 14});
  net.conv("conv", net.input(), {.M = 20, .window = {.R = 3, .S = 3, .pad = {1, 1, 1, 1}}});
  return lower(std::move(net).build());
}

/// A random mapping that can run, for each layer for which a few attempts find one.
std::vector<LayerMapping> random_mappings(Random& random, const Architecture& arch,
                                          const LoweredNetwork& network, Precision precision) {
  std::vector<LayerMapping> mappings;
  for (const LoweredLayer& layer : network.layers) {
    for (int attempt = 0; attempt < 20; ++attempt) {
      const auto& all = all_dataflows();
      const int index = random.between(0, static_cast<int>(all.size()) - 1);
      const Mapping mapping{
          .dataflow = runs_on_array(layer.kind) ? &all[static_cast<std::size_t>(index)] : nullptr,
          .tile = testing::random_tile(random, layer),
          .order = random.pick({TileOrder::filter_outer, TileOrder::ifmap_outer})};
      if (tile_counts(layer, mapping.tile).total() > 3000) continue;
      if (!why_not(arch, layer, precision, mapping).empty()) continue;
      mappings.push_back({layer.name, mapping});
      break;
    }
  }
  return mappings;
}

}  // namespace

TEST_CASE("A mapping that is found, written, read and given to a run takes the same cycles") {
  const Architecture arch = testing::small_architecture();
  const LoweredNetwork network = one_layer();
  const LoweredLayer& layer = network.layers.front();
  const FoundMappings found = search_mappings(
      arch, {.layer = layer,
             .precision = Precision::int8,
             .dataflows = {find_dataflow("ws"), find_dataflow("os"), find_dataflow("rs")},
             .keep = 50});
  REQUIRE(found.best.size() == 50);
  const RunStats searched = sim::run_without_data(arch, network, Precision::int8, 1, {});
  const auto given = [&](const Mapping& mapping) {
    const MappingContext context{arch, network, Precision::int8};
    const std::vector<LayerMapping> written{{layer.name, mapping}};
    const sim::RunOptions options{
        .mappings = parse_mappings({"maps.json", to_json_text(written, context)}, context)};
    return sim::run_without_data(arch, network, Precision::int8, 1, options);
  };
  const RunStats best = given(found.best.front().mapping);
  CHECK(best.layers[0].mapping == searched.layers[0].mapping);
  CHECK(best.layers[0].cycles == searched.layers[0].cycles);
  CHECK(best.layers[0].accesses == searched.layers[0].accesses);
  // A worse one has its own cycles, those that the search expected of it.
  const FoundMapping& worse = found.best.back();
  const RunStats slow = given(worse.mapping);
  CHECK(slow.layers[0].mapping == worse.mapping);
  CHECK(slow.layers[0].cycles.total() > best.layers[0].cycles.total());
  CHECK(ratio(slow.layers[0].cycles.total(), worse.cost.cycles.total()) == Approx(1).epsilon(0.1));
}

TEST_CASE("A run takes a given mapping for the layers named, and searches the others") {
  Architecture arch = testing::small_architecture();
  NetworkBuilder net("net", "a test", {.C = 8, .H = 10, .W = 10});
  const NodeId x = net.conv("one", net.input(), {.M = 8});
  net.conv("two", x, {.M = 8});
  const LoweredNetwork network = lower(std::move(net).build());
  const Mapping tiny{.dataflow = find_dataflow("os"), .tile = {.M = 1, .C = 8, .P = 1, .Q = 4}};
  const sim::RunOptions options{.dataflow = "ws", .mappings = {{"two", tiny}, {"none", tiny}}};
  const RunStats run = sim::run_without_data(arch, network, Precision::int8, 1, options);
  const RunStats plain =
      sim::run_without_data(arch, network, Precision::int8, 1, {.dataflow = "ws"});
  CHECK(run.layers[0].mapping == plain.layers[0].mapping);
  CHECK(run.layers[1].mapping == tiny);
  CHECK(run.layers[1].dataflow == "os");
}

TEST_CASE("Any mapping that can run computes the right numbers in the cycles expected of it") {
  int given = 0, rs = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    Architecture arch = testing::random_architecture(random);
    arch.pe_array.skip_zero_weights = false;
    const LoweredNetwork network = lower(testing::random_network(random));
    sim::RunOptions options;
    options.mappings = random_mappings(random, arch, network, Precision::int8);
    const Workload workload = make_workload(network, {.precision = Precision::int8, .seed = seed});
    sim::RunResult result;
    try {
      result = sim::run_with_data(arch, workload, options);
    } catch (const InfeasibleError&) {
      continue;  // a layer for which none was drawn, and which has none
    }
    sim::check(result, workload);
    const RunStats expected = sim::run_analytic(arch, network, Precision::int8, seed, options);
    CHECK(ratio(total_of(result.stats).cycles.total(), total_of(expected).cycles.total()) ==
          Approx(1).epsilon(0.1));
    for (const LayerMapping& mapping : options.mappings) {
      const auto stats = std::ranges::find(result.stats.layers, mapping.layer, &LayerStats::name);
      const auto same = std::ranges::find(expected.layers, mapping.layer, &LayerStats::name);
      INFO(stats->name << " (" << stats->op << ", " << stats->dataflow << ")");
      CHECK(stats->mapping == mapping.mapping);
      CHECK(stats->check.first_mismatch == "");
      CHECK(stats->accesses == same->accesses);
      ++given;
      rs += stats->dataflow == "rs" ? 1 : 0;
    }
  }
  CHECK(given > 100);
  CHECK(rs > 10);
}
