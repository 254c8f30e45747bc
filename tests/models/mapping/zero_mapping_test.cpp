#include <catch2/catch.hpp>

#include "models/cost/analytic.hpp"
#include "models/cost/energies.hpp"
#include "models/mapping/dataflow.hpp"
#include "models/mapping/network_mapping.hpp"
#include "models/mapping/search.hpp"
#include "models/mapping/selection.hpp"
#include "tests/support/random_case.hpp"

namespace ridgeline {
namespace {

/// A 1x1 and a 3x3 convolution, twice: the second pair is like the first.
LoweredNetwork four_layers() {
  NetworkBuilder net("four", "a test", {.C = 16, .H = 12, .W = 12});
  NodeId x = net.input();
  for (const char* name : {"a", "b"}) {
    x = net.conv(std::string(name) + "/1x1", x, {.M = 16});
    x = net.conv(std::string(name) + "/3x3", x,
                 {.M = 16, .window = {.R = 3, .S = 3, .pad = {1, 1, 1, 1}}});
  }
  return lower(std::move(net).build());
}

/// `zeros` of every hundred weights of a layer, all of its filters alike.
std::shared_ptr<const ZeroWeights> zero_weights(const LoweredLayer& layer, int zeros) {
  const ConvShape& s = layer.shape;
  const auto kernels = static_cast<std::size_t>(s.M * s.C_per_group());
  std::vector<std::int32_t> counts(kernels);
  for (std::size_t i = 0; i < kernels; ++i) {
    const int taps = s.R() * s.S();
    counts[i] = taps == 1 ? (static_cast<int>(i * 37 % 100) < zeros ? 1 : 0) : taps * zeros / 100;
  }
  return std::make_shared<const ZeroWeights>(counts, s.C_per_group());
}

NetworkMapping mapped(const LoweredNetwork& network, std::vector<int> zeros) {
  Architecture arch = testing::small_architecture();
  arch.global_buffer.bytes = Bytes(16384);
  NetworkMappingRequest request{.network = network,
                                .layers = {0, 1, 2, 3},
                                .precision = Precision::int8,
                                .dataflows = offered_dataflows(arch, "auto")};
  for (std::size_t i = 0; i < zeros.size(); ++i) {
    request.zeros.push_back(zero_weights(network.layers[i], zeros[i]));
  }
  return map_network(arch, request);
}

TEST_CASE("A layer whose weights are mostly zero is mapped on the dataflow that skips them") {
  const LoweredNetwork network = four_layers();
  const NetworkMapping dense = mapped(network, {});
  const NetworkMapping sparse = mapped(network, {0, 90, 0, 0});
  for (const Mapping& mapping : dense.mappings) CHECK(mapping.dataflow->name == "ws");
  CHECK(dense.mappings[1] == dense.mappings[3]);
  // Layers that are alike but for their zeros are told apart.
  CHECK(sparse.mappings[1].dataflow->name == "os");
  for (const std::size_t i : {0U, 2U, 3U}) CHECK(sparse.mappings[i] == dense.mappings[i]);
}

TEST_CASE("Without a zero the mappings are those of a search that knows of none") {
  const LoweredNetwork network = four_layers();
  CHECK(mapped(network, {0, 0, 0, 0}).mappings == mapped(network, {}).mappings);
}

/// What a mapping of layer `i` costs with those zeros, run alone.
LayerCost cost_of(const Architecture& arch, const LoweredLayer& layer, const Mapping& mapping,
                  const ZeroWeights& zeros) {
  const ZeroWeights none;
  const LayerTensors tensors = plain_tensors(layer);
  const bool skips = mapping.dataflow->skips_zero_weights;
  return analytic_cost({arch, layer, Precision::int8, mapping, tensors, skips ? zeros : none});
}

TEST_CASE("With zeros known, no dataflow alone beats what was chosen among all") {
  Architecture arch = testing::small_architecture();
  arch.global_buffer.bytes = Bytes(16384);
  const LoweredNetwork network = four_layers();
  for (const double fraction : {0.0, 0.2, 0.4, 0.6, 0.9, 1.0}) {
    for (const Objective objective : {Objective::latency, Objective::edp}) {
      const auto map_with = [&](const char* dataflow) {
        NetworkMappingRequest request{.network = network,
                                      .layers = {0, 1, 2, 3},
                                      .precision = Precision::int8,
                                      .dataflows = offered_dataflows(arch, dataflow),
                                      .objective = objective};
        for (const LoweredLayer& layer : network.layers) {
          request.zeros.push_back(std::make_shared<const ZeroWeights>(
              ZeroWeights::scattered(fraction, layer.shape.R() * layer.shape.S())));
        }
        return map_network(arch, request);
      };
      const NetworkMapping chosen = map_with("auto");
      for (const char* dataflow : {"ws", "os"}) {
        const NetworkMapping alone = map_with(dataflow);
        for (std::size_t i = 0; i < network.layers.size(); ++i) {
          const LoweredLayer& layer = network.layers[i];
          INFO(layer.name << ", " << fraction << " zero, " << dataflow);
          const auto score = [&](const Mapping& mapping) {
            const ZeroWeights zeros =
                ZeroWeights::scattered(fraction, layer.shape.R() * layer.shape.S());
            const LayerCost cost = cost_of(arch, layer, mapping, zeros);
            const Cycles cycles = cost.cycles.total();
            const Energy energy =
                energy_of(cost.counts, cycles, energies_of(arch, Precision::int8)).total();
            return score_by(objective, static_cast<double>(cycles.count()), energy.count(), 0);
          };
          CHECK(score(chosen.mappings[i]) <= score(alone.mappings[i]));
        }
      }
    }
  }
}

}  // namespace
}  // namespace ridgeline
