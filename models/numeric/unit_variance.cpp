#include "models/numeric/unit_variance.hpp"

#include <cmath>

#include "models/network/layer_precision.hpp"
#include "models/numeric/random.hpp"

namespace ridgeline {
namespace {

constexpr float kBiasDeviation = 0.1F;
constexpr double kSmallestShare = 1.0 / 16;  ///< of the variance in the mean square

bool layer_has_bias(const Network& network, const LoweredLayer& layer) {
  return layer.batch_norm || has_bias(network.nodes[static_cast<std::size_t>(layer.node)].op);
}

/// gamma: uniform over a range of one to three, its mean square one.
std::vector<double> make_gammas(std::size_t count, std::uint64_t key) {
  SplitMix64 random(key);
  std::vector<double> gammas(count);
  for (double& gamma : gammas) gamma = (0.5 + random.uniform()) / std::sqrt(13.0 / 12);
  return gammas;
}

}  // namespace

/// Four sums side by side, so that one addition need not wait for the one before.
void Moments::add(std::span<const float> values) {
  constexpr std::size_t kLanes = 4;
  double sums[kLanes]{}, squares[kLanes]{};
  std::size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const double value = values[i + lane];
      sums[lane] += value;
      squares[lane] += value * value;
    }
  }
  for (; i < values.size(); ++i) {
    sums[0] += values[i];
    squares[0] += static_cast<double>(values[i]) * values[i];
  }
  count += static_cast<double>(values.size());
  for (const double part : sums) sum += part;
  for (const double part : squares) sum_of_squares += part;
}

ChannelScaling unit_variance_scaling(const LoweredNetwork& lowered, std::size_t index,
                                     std::uint64_t seed, const Moments& measured) {
  const LoweredLayer& layer = lowered.layers[index];
  const auto M = static_cast<std::size_t>(layer.shape.M);
  const std::size_t place = place_without_copies(lowered, index);
  std::vector<float> bias(M, 0.0F);
  if (layer_has_bias(lowered.network, layer)) {
    fill_normal(sequence_key(seed, Purpose::bias, place, 0), kBiasDeviation, bias);
  }
  double variance = std::max(measured.variance(), kSmallestShare * measured.mean_square());
  if (variance == 0) variance = 1;  // nothing but zeros
  ChannelScaling scaling{std::vector<double>(M, 1 / std::sqrt(variance)),
                         std::vector<double>(bias.begin(), bias.end())};
  if (!layer.batch_norm) return scaling;

  const Node& node = lowered.network.nodes[static_cast<std::size_t>(*layer.batch_norm)];
  const double epsilon = std::get<BatchNormOp>(node.op).epsilon;
  scaling.factor = make_gammas(M, sequence_key(seed, Purpose::gamma, place, 0));
  for (std::size_t m = 0; m < M; ++m) {
    scaling.factor[m] /= std::sqrt(variance + epsilon);
    scaling.offset[m] -= measured.mean() * scaling.factor[m];
  }
  return scaling;
}

}  // namespace ridgeline
