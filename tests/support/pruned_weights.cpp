#include "tests/support/pruned_weights.hpp"

namespace ridgeline::testing {
namespace {

std::vector<float> pruned(Random& random, std::int64_t count, int zeros) {
  std::vector<float> filters(static_cast<std::size_t>(count));
  for (float& weight : filters) {
    const int value = random.between(1, 1000) * (random.one_in(2) ? 1 : -1);
    weight = random.between(0, 999) < zeros ? 0.0F : static_cast<float>(value) / 1000;
  }
  return filters;
}

}  // namespace

std::shared_ptr<const std::vector<NodeWeights>> pruned_weights(const Network& network,
                                                               std::uint64_t seed, int zeros) {
  Random random(seed);
  auto weights = std::make_shared<std::vector<NodeWeights>>(network.nodes.size());
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    const Node& node = network.nodes[i];
    NodeWeights& own = (*weights)[i];
    const auto channels = static_cast<std::size_t>(node.shape.C);
    if (has_bias(node.op)) own.bias.assign(channels, 0.125F);
    if (const auto* conv = std::get_if<ConvOp>(&node.op)) {
      const TensorShape& in = network.nodes[static_cast<std::size_t>(node.inputs[0])].shape;
      own.filters =
          pruned(random, std::int64_t{conv->M} * (in.C / conv->G) * conv->window.R * conv->window.S,
                 zeros);
    } else if (const auto* fc = std::get_if<FullyConnectedOp>(&node.op)) {
      const TensorShape& in = network.nodes[static_cast<std::size_t>(node.inputs[0])].shape;
      own.filters = pruned(random, std::int64_t{fc->M} * in.C * in.H * in.W, zeros);
    } else if (std::holds_alternative<BatchNormOp>(node.op)) {
      own.gamma.assign(channels, 1);
      own.beta.assign(channels, 0);
      own.mean.assign(channels, 0);
      own.variance.assign(channels, 1);
    }
  }
  return weights;
}

}  // namespace ridgeline::testing
