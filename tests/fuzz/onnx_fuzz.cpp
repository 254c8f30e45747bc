#include "models/network/lowering.hpp"
#include "models/network/onnx/onnx_import.hpp"
#include "tests/fuzz/target.hpp"

void ridgeline::fuzzing::fuzz(const SourceText& source) {
  const TrainedNetwork trained = parse_onnx(source);
  require(trained.weights.size() == trained.network.nodes.size());
  require(!lower(trained.network).tensors.empty());
  for (const NodeWeights& node : trained.weights) {
    const FixedWords& fixed = node.fixed;
    require(fixed.filters.empty() || fixed.filters.size() == node.filters.size());
    require(fixed.filter_zeros.size() == fixed.filter_scales.size());
    require(fixed.bias.empty() || fixed.bias.size() == fixed.filter_scales.size());
    for (const double scale : fixed.filter_scales) require(scale > 0);
    require(!fixed.output || (fixed.output->scale > 0 && fixed.output->zero_point >= -128 &&
                              fixed.output->zero_point <= 127));
  }
}
