#pragma once

#include <memory>
#include <vector>

#include "models/network/trained_network.hpp"
#include "tests/support/random_case.hpp"

namespace ridgeline::testing {

/// Weights for every node, as if trained and then pruned: about `zeros` of 1000 filter words are
/// zero. The same seed with more zeros prunes what fewer had pruned, and more.
[[nodiscard]] std::shared_ptr<const std::vector<NodeWeights>> pruned_weights(const Network& network,
                                                                             std::uint64_t seed,
                                                                             int zeros);

}  // namespace ridgeline::testing
