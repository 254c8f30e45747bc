#pragma once

#include <vector>

#include "models/numeric/tensor.hpp"
#include "models/numeric/workload.hpp"

/// The reference engine: plain loops over whole tensors, the oracle of every check. It knows
/// nothing of tiles, passes or hardware, and shares only requantize.hpp and the scalar formulas of
/// lrn_softmax.hpp with the simulation.
///
/// fp32 sums run in the order (c, r, s), bias last, without fused multiply-add.
namespace ridgeline::reference {

/// Output of layer `index`, given its input (and the residual, or null).
[[nodiscard]] AnyTensor run_layer(const Workload& workload, std::size_t index,
                                  const AnyTensor& input, const AnyTensor* residual);

/// Every tensor of the network, indexed by TensorId. A tensor inside a concatenation holds its own
/// channels; the concatenation's tensor holds them all.
[[nodiscard]] std::vector<AnyTensor> run_network(const Workload& workload);

/// For fp32: for every output element of convolution layer `index`, a bound on the difference
/// between any two summation orders: 2 gamma_n (sum |x w| + |b|), gamma_n = n u / (1 - n u),
/// u = 2^-24, n = C/G R S + 1 (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed.,
/// section 3.1). A fused addition rounds each of the two results once more: 2 u (sum |x w| + |b| +
/// |residual|), which is at least u times both of them.
[[nodiscard]] std::vector<float> summation_bound(const Workload& workload, std::size_t index,
                                                 const AnyTensor& input, const AnyTensor* residual);

}  // namespace ridgeline::reference
