#include "sim/papers/block_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/mapping/search.hpp"
#include "models/sweep/pareto.hpp"
#include "sim/papers/study.hpp"

namespace ridgeline::papers {
namespace {

std::vector<double> costs_of(const BlockPoint& point) {
  return {point.cycles, point.energy, point.weights};
}

}  // namespace

std::string blocks_text(const Blocks& blocks) {
  return fmt::format("{}-{}-{}-{}", blocks[0], blocks[1], blocks[2], blocks[3]);
}

const BlockMeter::Known* BlockMeter::find(const LoweredLayer& layer) const {
  const auto known = std::ranges::find_if(
      known_, [&](const Known& one) { return mapped_alike(one.layer, layer); });
  return known == known_.end() ? nullptr : &*known;
}

BlockPoint BlockMeter::measure(Network network, const Blocks& blocks) {
  const LoweredNetwork lowered = study_network(std::move(network));
  sim::RunOptions options;
  for (const LoweredLayer& layer : lowered.layers) {
    if (const Known* known = find(layer)) options.mappings.push_back({layer.name, known->mapping});
  }
  options.savings = false;
  RunStats run = sim::run_analytic(arch_, lowered, Precision::int16, 1, options);
  for (std::size_t i = 0; i < lowered.layers.size(); ++i) {
    if (find(lowered.layers[i]) == nullptr)
      known_.push_back({lowered.layers[i], run.layers[i].mapping});
  }
  const auto weights = static_cast<double>(run.network_parameters);
  const LayerStats total = total_of(on_the_array(std::move(run)));
  return {.network = lowered.network.name,
          .blocks = blocks,
          .cycles = static_cast<double>(total.cycles.total().count()),
          .energy = total.energy.total().count(),
          .weights = weights};
}

std::vector<BlockPoint> sweep_blocks(BlockMeter& meter, int total) {
  std::vector<BlockPoint> points;
  const std::int64_t most = total_weights(zoo::make("squeezenet_v1.0"));
  for (int a = 1; a <= total - 3; ++a) {
    for (int b = 1; b <= total - a - 2; ++b) {
      for (int c = 1; c <= total - a - b - 1; ++c) {
        const Blocks blocks{a, b, c, total - a - b - c};
        const std::string name =
            fmt::format("squeezenext:blocks={},conv1=5,style=B", blocks_text(blocks));
        Network network = zoo::make(name);
        if (total_weights(network) > most) continue;
        points.push_back(meter.measure(std::move(network), blocks));
      }
    }
  }
  return points;
}

std::vector<std::size_t> front_of(const std::vector<BlockPoint>& points) {
  std::vector<std::vector<double>> costs;
  for (const BlockPoint& point : points) costs.push_back(costs_of(point));
  return pareto_front(costs);
}

Distance distance_to(const std::vector<BlockPoint>& points, const std::vector<std::size_t>& front,
                     const BlockPoint& from) {
  const std::vector<double> own = costs_of(from);
  Distance distance;
  for (const std::size_t i : front) {
    const std::vector<double> other = costs_of(points[i]);
    if (!dominates(other, own)) continue;
    double least = 1;
    for (std::size_t k = 0; k < own.size(); ++k) least = std::min(least, 1 - other[k] / own[k]);
    if (distance.dominated && least <= distance.part) continue;
    distance = {.part = least, .to = i, .dominated = true};
  }
  return distance;
}

}  // namespace ridgeline::papers
